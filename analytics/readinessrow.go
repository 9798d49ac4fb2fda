package analytics

import (
	"slices"
	"strings"
)

// distance tells how far a row is from its minimum.
func (r *readinessCalculation) distance(test *Test) Distance {
	least := r.of(test.Row)
	d := Distance{Test: test, Max: r.most(test.Row).Float64(), Open: !r.p.Over && r.moves(test.Row)}
	d.Lost = r.best(test.Row).Cmp(least) < 0
	full := map[string]Ratio{"I.a": r.IAMax, "II": r.IIMax}[test.Row]
	index := func(points Ratio) Ratio { return points.Mul(r.IndexMax).Quo(full) }
	if points := test.Exact; points.Known() {
		away := points.Sub(least)
		if away.Sign() < 0 {
			away = away.Neg()
		}
		d.Told, d.Away = tellingFrom(4, points, least), tellingFrom(4, away, whole(0))
		if full.Known() {
			d.IndexAway, d.Index = tellingFrom(4, index(away), whole(0)), telling(index(points), index(least))
		}
	} else if !r.p.Withheld {
		d.Least, d.LeastLevel = r.needed(test.Row)
	}
	if full.Known() {
		d.IndexLeast = Shown(index(least), 2)
	}
	if d.Open && !d.Lost && !r.p.Withheld {
		d.Chance = r.reaches(test.Row)
	}
	return d
}

// moves reports whether other indexes than these would move a row.
func (r *readinessCalculation) moves(row string) bool {
	ipak, ipkp := r.ipak.low.Cmp(r.ipak.high) != 0, r.ipkp.low.Cmp(r.ipkp.high) != 0
	switch row {
	case "I.a", "I":
		return ipak
	case "II":
		return ipkp
	}
	return row == "total" && (ipak || ipkp)
}

// now returns the points of a row as they are, those of an index no less than it needs by
// itself, and the most that it can have where there are none.
func (r *readinessCalculation) now(row string) Ratio {
	for _, test := range r.tests {
		switch {
		case test.Row != row || !test.Exact.Known():
		case row == "I.a", row == "II":
			return most(test.Exact, r.of(row))
		default:
			return test.Exact
		}
	}
	return r.best(row)
}

// needed returns the points that a missing entry needs at least, and the level that has
// them.
func (r *readinessCalculation) needed(row string) (points, level string) {
	var least Ratio
	switch {
	case row == "I.b":
		least = most(r.of(row), r.of("I").Sub(r.now("I.a")), r.rest().Sub(r.now("pengungkit")))
		for _, l := range r.levels() {
			if has := r.Levels[l].Mul(r.IBMax); has.Cmp(least) >= 0 {
				return roundedUpShown(has), l
			}
		}
		return "", ""
	case row == "pengungkit":
		least = most(r.of(row), r.rest().Sub(r.now("I.b")))
	case strings.HasPrefix(row, "pengungkit."):
		least = r.of(row)
	default:
		return "", ""
	}
	if least.Cmp(r.most(row)) > 0 {
		return "", ""
	}
	return roundedUpShown(least), ""
}

// rest returns what the total needs beside the indexes.
func (r *readinessCalculation) rest() Ratio { return r.of("total").Sub(r.now("I.a")).Sub(r.now("II")) }

// together returns what I.b and the pengungkit need at least together, where both are missing
// and that is more than both need by themselves.
func (r *readinessCalculation) together() string {
	if r.sheet.IB != nil || r.sheet.Pengungkit != nil {
		return ""
	}
	level, _ := r.needed("I.b")
	points, _ := r.needed("pengungkit")
	alone, ok := ParseRatio(level)
	other, also := ParseRatio(points)
	if !ok || !also || alone.Add(other).Cmp(r.rest()) >= 0 {
		return ""
	}
	return roundedUpShown(r.rest())
}

// levels lists the levels of capaian kinerja, the one with the fewest points first.
func (t *LKETable) levels() []string {
	out := make([]string, 0, len(t.Levels))
	for l := range t.Levels {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b string) int { return t.Levels[a].Cmp(t.Levels[b]) })
	return out
}

// reaches returns how likely a row that an index is behind ends at its minimum or above.
// The total has none: how both indexes go together is not known.
func (r *readinessCalculation) reaches(row string) *float64 {
	var x *Index
	var bound Ratio
	switch row {
	case "I.a":
		x, bound = r.p.IPAK, r.of(row).Mul(r.IndexMax).Quo(r.IAMax)
	case "I":
		if r.sheet.IB == nil {
			return nil
		}
		x, bound = r.p.IPAK, r.of(row).Sub(r.level()).Mul(r.IndexMax).Quo(r.IAMax)
	case "II":
		x, bound = r.p.IPKP, r.of(row).Mul(r.IndexMax).Quo(r.IIMax)
	default:
		return nil
	}
	p, ok := x.Reaches(bound, r.p.Further)
	if !ok {
		return nil
	}
	return &p
}

// chance returns how likely all tests are passed at the end, with the entries as they are.
// Both indexes are of the same people; how they go together is not known, so that the least
// is what is left where they fail apart, and the most what the likelier failure leaves
// (Fréchet 1935). The total adds nothing where it is reached as soon as both are at their
// minima; elsewhere the least is 0.
func (r *readinessCalculation) chance(rows []Distance) *[2]float64 {
	least, lowest := 1.0, 1.0
	byIndex := map[string]float64{}
	implied := false
	for i := range rows {
		d := &rows[i]
		switch {
		case d.Missing:
			return nil
		case d.Row == "total":
			implied = r.bothAtMinimum().Cmp(r.of("total")) >= 0
		case !d.Open:
			if !d.OK() {
				return nil
			}
		case d.Chance == nil:
			return nil
		default:
			index := strings.TrimSuffix(d.Row, ".a") // I and I.a are of one index: the higher bound counts
			if p, ok := byIndex[index]; !ok || *d.Chance < p {
				byIndex[index] = *d.Chance
			}
		}
	}
	if len(byIndex) == 0 {
		return nil
	}
	for _, p := range byIndex {
		least, lowest = least-(1-p), min(lowest, p)
	}
	if !implied {
		least = 0
	}
	return &[2]float64{max(permille(least), 0), lowest}
}

// bothAtMinimum returns the total where both indexes are just where their rows pass; no
// number where an entry is missing.
func (r *readinessCalculation) bothAtMinimum() Ratio {
	clean := most(r.of("I.a").Add(r.level()), r.of("I"))
	return clean.Add(r.of("II")).Add(exactOf(r.sheet.Pengungkit))
}

// most returns the greatest of numbers.
func most(list ...Ratio) Ratio {
	return slices.MaxFunc(list, Ratio.Cmp)
}

// roundedUpShown writes points with two decimals, rounded up, so that they suffice.
func roundedUpShown(x Ratio) string {
	rounded := x.Round(2)
	if rounded.Cmp(x) < 0 {
		rounded = rounded.Add(NewRatio(1, 100))
	}
	return Shown(rounded, 2)
}

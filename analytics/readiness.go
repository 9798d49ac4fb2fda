package analytics

import "math"

// Ready tells whether a unit reaches all minima of a level of the LKE.
type Ready string

// States of readiness.
const (
	// ReadyCertain: all minima are reached by figures that no answer moves any more, and
	// the indexes are adequate.
	ReadyCertain Ready = "certain"
	// ReadyMay: neither is certain. An entry is missing or too low, answers still come, or
	// an index is not adequate.
	ReadyMay Ready = "may"
	// ReadyCannot: a minimum is not reached, whatever is entered and whoever still answers.
	ReadyCannot Ready = "cannot"
	// ReadyUntold: the figures are withheld from who asks.
	ReadyUntold Ready = "untold"
)

// ReadyStates lists the states, those that ask for something first.
func ReadyStates() []Ready { return []Ready{ReadyMay, ReadyUntold, ReadyCannot, ReadyCertain} }

// Prospect is what a unit's survey may still become.
type Prospect struct {
	// IPAK and IPKP are those that the sheet is filled with; nil: there is no figure.
	IPAK, IPKP *Index
	// AsksIPAK and AsksIPKP tell that the period's form asks for them.
	AsksIPAK, AsksIPKP bool
	// Withheld tells that there is no figure for who asks, whether or not there are answers.
	Withheld bool
	// Over tells that no answer comes any more: the figures are the final ones.
	Over bool
	// Further is how many answers the final figures are expected to hold beside those of
	// these, by the pace; 0: not known, or none.
	Further int64
}

// Readiness is how far a unit is from a level.
type Readiness struct {
	Level string // wbk or wbbm
	State Ready
	// Rows are the tests of the level in the sheet's order.
	Rows []Distance
	// Chance is how likely the level is reached at the end of the period, with the entries as
	// they are: at least and at most, as how the indexes go together is not known. nil: that
	// can't be told.
	Chance *[2]float64
	// Further is how many answers more that counts on.
	Further int64
	// Together is what I.b and the pengungkit need at least together, where both are missing
	// and that is more than both need by themselves; empty otherwise.
	Together string
	// Short tells that an index behind the level is not adequate.
	Short bool
	// Cause is the first reason that is named for the state.
	Cause ReadyCause
}

// Distance is how far a row is from its minimum.
type Distance struct {
	*Test
	Max float64 // the most points of the row
	// Told are its points, Away how far these are from the minimum and IndexAway the same in
	// the index behind the row, without signs: with four decimals, or as many more as tell
	// them from the minimum. Empty where there is none.
	Told, Away, IndexAway string
	// Index is the index behind I.a and II with two decimals, or as many more as tell it from
	// IndexLeast, which makes the minimum.
	Index, IndexLeast string
	// Open tells that answers to come may move it, Lost that the minimum can't be reached
	// any more.
	Open, Lost bool
	// Chance is how likely the row ends at its minimum or above; nil: not known, or nothing
	// moves it.
	Chance *float64
	// Least is what a missing entry needs at least, the other figures as they are, indexes at
	// their own minima at least, and what else is missing at its best; rounded up to two
	// decimals. LeastLevel is the level for
	// I.b. Both empty where nothing would do, or the row is none that is entered.
	Least, LeastLevel string
}

// Ready tells how far a filled sheet is from WBK or, where wbbm is set, WBBM, and whether it
// can still get there.
func (t *LKETable) Ready(wbbm bool, sheet *LKE, p Prospect) Readiness {
	r := &readinessCalculation{LKETable: t, minima: &t.WBK, sheet: sheet, p: p}
	verdict := sheet.WBK
	out := Readiness{Level: "wbk", State: ReadyMay, Further: p.Further, Short: verdict.Provisional}
	if wbbm {
		r.minima, verdict, out.Level = &t.WBBM, sheet.WBBM, "wbbm"
	}
	r.tests = verdict.Tests
	r.ipak, r.ipkp = p.between(p.IPAK, p.AsksIPAK), p.between(p.IPKP, p.AsksIPKP)
	certain, lost := !verdict.Missing() && !out.Short, false
	for _, test := range verdict.Tests {
		d := r.distance(test)
		lost = lost || d.Lost
		certain = certain && test.OK() && r.worst(test.Row).Cmp(r.of(test.Row)) >= 0
		out.Rows = append(out.Rows, d)
	}
	switch {
	case p.Withheld:
		out.State = ReadyUntold
	case lost:
		out.State = ReadyCannot
	case certain:
		out.State = ReadyCertain
	default:
		out.Chance = r.chance(out.Rows)
		out.Together = r.together()
	}
	out.Cause = out.cause()
	return out
}

// bounds is between what an index may end at, on 0..4.
type bounds struct{ low, high Ratio }

// between returns what an index can still be.
func (p *Prospect) between(x *Index, asked bool) bounds {
	zero, top := whole(0), whole(4)
	switch {
	case !asked, x == nil && p.Over:
		return bounds{zero, zero}
	case x == nil, x.Partial() && !p.Over:
		return bounds{zero, top}
	case p.Over:
		return bounds{x.ExactMean, x.ExactMean}
	}
	const fine = 1e9
	low, high := x.endsBetween()
	return bounds{NewRatio(int64(math.Floor(max(low, 0)*fine)), fine), NewRatio(int64(math.Ceil(min(high, 4)*fine)), fine)}
}

// readinessCalculation finds how far one unit is from one level.
type readinessCalculation struct {
	*LKETable
	minima     *minima
	tests      []*Test
	sheet      *LKE
	p          Prospect
	ipak, ipkp bounds
}

// of returns the minimum of a row.
func (r *readinessCalculation) of(row string) Ratio {
	switch row {
	case "total":
		return r.minima.Total.Value
	case "pengungkit":
		return r.minima.Pengungkit.Value
	case "I":
		return r.minima.I.Value
	case "I.a":
		return r.minima.IA.Value
	case "I.b":
		return r.minima.IB.Value
	case "II":
		return r.minima.II.Value
	}
	return r.minima.AreaShare.Value.Mul(r.most(row))
}

// most returns the most points of a row.
func (r *readinessCalculation) most(row string) Ratio {
	switch row {
	case "total":
		return r.most("I").Add(r.IIMax).Add(r.most("pengungkit"))
	case "I":
		return r.IAMax.Add(r.IBMax)
	case "I.a":
		return r.IAMax
	case "I.b":
		return r.IBMax
	case "II":
		return r.IIMax
	}
	all := whole(0)
	for _, a := range r.Areas {
		if row == "pengungkit."+a.Code {
			return a.Max
		}
		all = all.Add(a.Max)
	}
	return all
}

// ia and ii are the points of an index.
func (r *readinessCalculation) ia(index Ratio) Ratio { return index.Mul(r.IAMax).Quo(r.IndexMax) }
func (r *readinessCalculation) ii(index Ratio) Ratio { return index.Mul(r.IIMax).Quo(r.IndexMax) }

// best returns the points of a row where all goes well that can: whatever is entered, and
// however those answer who are not heard.
func (r *readinessCalculation) best(row string) Ratio {
	return r.points(row, r.ipak.high, r.ipkp.high, r.most)
}

// worst returns the points of a row with the entries as they are, where all those who are
// not heard answer at the lower end; no number where an entry is missing.
func (r *readinessCalculation) worst(row string) Ratio {
	return r.points(row, r.ipak.low, r.ipkp.low, r.entered)
}

// points returns the points of a row out of both indexes and those of the rows that evaluators
// enter.
func (r *readinessCalculation) points(row string, ipak, ipkp Ratio, entries func(row string) Ratio) Ratio {
	switch row {
	case "I.a":
		return r.ia(ipak)
	case "II":
		return r.ii(ipkp)
	case "I":
		return r.ia(ipak).Add(entries("I.b"))
	case "total":
		return r.ia(ipak).Add(entries("I.b")).Add(r.ii(ipkp)).Add(entries("pengungkit"))
	}
	return entries(row)
}

// entered returns the points of a row that evaluators enter; no number where they are missing.
func (r *readinessCalculation) entered(row string) Ratio {
	switch row {
	case "I.b":
		return r.level()
	case "pengungkit":
		return exactOf(r.sheet.Pengungkit)
	}
	return r.of(row) // of an area: its test alone tells
}

// level returns the points of I.b; no number where it is missing.
func (r *readinessCalculation) level() Ratio {
	if r.sheet.IB == nil {
		return Ratio{}
	}
	return r.sheet.IB.Exact
}

func exactOf(f *LKEFigure) Ratio {
	if f == nil {
		return Ratio{}
	}
	return f.Exact
}

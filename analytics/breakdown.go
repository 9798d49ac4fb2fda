package analytics

import "persepsi/survey"

// CellResult is one cell of a breakdown.
type CellResult struct {
	// Code is the service, point, mode, category, or weekday×hour as `1-09`
	// (Monday, nine o'clock) or, beside the hours, `paper`; empty: not told.
	Code string `json:"code"`
	N    int64  `json:"n"`
	// Means are the indexes on 0..4 by index code; null where no scores are shown.
	Means map[string]float64 `json:"means"`
	// Suppressed cells hold fewer than 5 people, or protect some that do: Means are
	// left out, and N is 0 (but in Tables, where counts of services, points, modes
	// and hours stay).
	Suppressed bool `json:"suppressed"`
}

type namedCell struct {
	code string
	cell cell
}

// Breakdown returns the cells of one dimension with at least one respondent,
// with what must be hidden hidden. Invalid for an unknown dimension.
func (t *Tally) Breakdown(by string, methods []*survey.Method) ([]CellResult, error) {
	cells, err := t.cellsBy(by)
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(cells))
	for i, c := range cells {
		counts[i] = c.cell.responses()
	}
	hide := Suppress(counts, LeastCell)
	out := make([]CellResult, len(cells))
	for i, c := range cells {
		out[i] = CellResult{Code: c.code, Suppressed: hide[i]}
		if !hide[i] {
			out[i].N = c.cell.responses()
			out[i].Means = t.cellMeans(c.cell, methods)
		}
	}
	return out, nil
}

// CellCounts returns the numbers of responses of the cells of one dimension that
// tells nothing of a person: service, point, mode or hour. Invalid for another.
func (t *Tally) CellCounts(by string) ([]CellResult, error) {
	cells, err := t.cellsBy(by)
	if err != nil {
		return nil, err
	}
	out := make([]CellResult, len(cells))
	for i, c := range cells {
		out[i] = CellResult{Code: c.code, N: c.cell.responses()}
	}
	return out, nil
}

// RespondentCells returns how many respondents of a release told what in a field
// of the form, small groups hidden; nothing for no release.
func RespondentCells(form *survey.Form, field int, r *ReleasedTally) []CellResult {
	out := []CellResult{}
	if r == nil || field >= len(r.People) { // or all of it was removed
		return out
	}
	counts := r.People[field]
	hide := Suppress(counts, LeastCell)
	for i, n := range counts {
		switch {
		case n == 0:
			continue
		case n == hiddenPeople:
			n, hide[i] = 0, true
		case hide[i]:
			n = 0
		}
		out = append(out, CellResult{Code: categoryCode(form, field, i), N: n, Suppressed: hide[i]})
	}
	return out
}

func (t *Tally) cellsBy(by string) ([]namedCell, error) {
	var out []namedCell
	if t.cells == nil {
		return nil, nil
	}
	list := func(places []int32, name func(i int) string) {
		for i, place := range places {
			if place > 0 {
				out = append(out, namedCell{name(i), t.cells.cell(place)})
			}
		}
	}
	switch by {
	case "service":
		list(t.cells.service.place, func(i int) string { return t.cells.service.names[i] })
	case "point":
		list(t.cells.point.place, func(i int) string { return t.cells.point.names[i] })
	case "mode":
		list(t.cells.modes(), func(i int) string { return survey.Mode(i).String() })
	case "hour":
		list(t.cells.slots(), hourCode)
		// Paper tells no hour. Left out, it could be subtracted from the whole.
		list(t.cells.modes()[survey.ModePaper:survey.ModePaper+1], func(int) string { return survey.ModePaper.String() })
	default:
		f, ok := t.form.FieldPosition(by)
		if !ok {
			return nil, survey.Faulty("the breakdown cannot be made", []survey.Fault{{Field: "by", Code: "unknown_dimension", Message: "is not something that answers can be broken down by"}})
		}
		list(t.cells.field(f), func(i int) string { return categoryCode(t.form, f, i) })
	}
	return out, nil
}

// cellMeans computes the indexes of one cell on 0..4 by the same rules as the
// unit's.
func (t *Tally) cellMeans(c cell, methods []*survey.Method) map[string]float64 {
	out := map[string]float64{}
	for i := range t.form.Indexes {
		x := &t.form.Indexes[i]
		if means := meansOf(c, x, make([]AspectResult, len(x.Aspects))); means.k > 0 {
			out[x.Code] = newConversion(methods[i], means.k).index(means).Float64()
		}
	}
	return out
}

// counts is what sums of questions are read from: a tally or one of its cells.
type counts interface {
	Question(position int) (sum, n int64)
}

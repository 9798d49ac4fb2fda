package analytics

import (
	"slices"

	"persepsi/survey"
)

// Read returns the tables for showing. Their tally must be one of the form.
func (t *Tables) Read(form *survey.Form) (*OpenTables, error) {
	tally, err := DecodeTally(thatForm{form}, t.Tally)
	if err != nil {
		return nil, err
	}
	return &OpenTables{Tally: tally, shown: t.Shown}, nil
}

// thatForm knows one form.
type thatForm struct{ *survey.Form }

func (f thatForm) FormByID(id string) (*survey.Form, error) {
	if id != f.ID {
		return nil, survey.Errorf(survey.NotFound, "form %q is not that of the period", id)
	}
	return f.Form, nil
}

// OpenTables are tables that were read.
type OpenTables struct {
	// Tally counts those whom the tables tell of.
	Tally *Tally
	shown []ShownCells
}

// Cells returns the cells of a dimension, as everybody may see them: a cell that
// shows no score is Suppressed, and keeps its N but where it says how few people
// told what of themselves. Invalid for an unknown dimension.
func (t *OpenTables) Cells(by string, methods []*survey.Method) ([]CellResult, error) {
	cells, err := t.Tally.cellsBy(by)
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(cells))
	for i, c := range cells {
		counts[i] = c.cell.responses()
	}
	few := make([]bool, len(cells))
	if _, ok := t.Tally.form.FieldPosition(by); ok {
		few = Suppress(counts, LeastCell)
	}
	out := make([]CellResult, len(cells))
	for i, c := range cells {
		out[i] = CellResult{Code: c.code, Suppressed: true}
		if few[i] {
			continue
		}
		out[i].N, out[i].Means = counts[i], t.means(by, c, methods)
		out[i].Suppressed = out[i].Means == nil
	}
	return out, nil
}

// means returns the indexes that a cell shows, nil for none.
func (t *OpenTables) means(by string, c namedCell, methods []*survey.Method) map[string]float64 {
	var out map[string]float64
	all := t.Tally.cellMeans(c.cell, methods)
	for _, shown := range t.shown {
		if shown.By != by || !slices.Contains(shown.Codes, c.code) {
			continue
		}
		for _, code := range shown.Indexes {
			if mean, ok := all[code]; ok {
				if out == nil {
					out = map[string]float64{}
				}
				out[code] = mean
			}
		}
	}
	return out
}

package wording

import (
	"slices"

	"persepsi/analytics"
)

// ShownVerdict is a verdict as the sheet shows it.
type ShownVerdict struct {
	analytics.Verdict
	level string
	row   LKERow
}

// WBK returns the row's verdict on WBK.
func (r LKERow) WBK() ShownVerdict { return ShownVerdict{r.LKE.WBK, "wbk", r} }

// WBBM is WBK for the level above.
func (r LKERow) WBBM() ShownVerdict { return ShownVerdict{r.LKE.WBBM, "wbbm", r} }

// Near returns the chances of reaching the minimum of a row that an index is behind,
// where the index is so near to it that another sample of the same size may decide
// otherwise; else nil.
func (j ShownVerdict) Near(row string) *Near {
	x, name := j.row.IPAK, "IPAK"
	if row == "II" {
		x, name = j.row.IPKP, "IPKP"
	} else if row != "I.a" {
		return nil
	}
	if x == nil || x.Chances == nil {
		return nil
	}
	for _, m := range x.Chances.Minima {
		if m.Level == j.level && m.Pass > surely && m.Pass < 1-surely {
			return &Near{ChanceOfMinimum: m, Index: name, N: x.Answered, Shown: x.Shown}
		}
	}
	return nil
}

// Deciding returns the tests by which the verdict may be argued with, in the sheet's order:
// those that are failed, and those that another sample of the same size may decide otherwise.
func (j ShownVerdict) Deciding() []*analytics.Test {
	var out []*analytics.Test
	for _, t := range j.Tests {
		if t.Passed != nil && !*t.Passed || j.Near(t.Row) != nil {
			out = append(out, t)
		}
	}
	return out
}

// Close reports whether chances of reaching a minimum are told in the row.
func (r LKERow) Close() bool {
	for _, v := range []ShownVerdict{r.WBK(), r.WBBM()} {
		if slices.ContainsFunc(v.Tests, func(t *analytics.Test) bool { return v.Near(t.Row) != nil }) {
			return true
		}
	}
	return false
}

// surely is the least chance that is told of.
const surely = 0.025

// Near tells how a row near its minimum might come out in another sample.
type Near struct {
	analytics.ChanceOfMinimum
	Index string // what is near: IPAK or IPKP
	N     int64  // respondents of the survey: those who answered any of its questions
	Shown string // its value
}

// OfHundred writes a chance as so many of a hundred surveys.
func (Near) OfHundred(x float64) string { return analytics.ShownFloat(100*x, 0) }

// Misleads reports whether an office that is truly short of the minimum would reach it
// in one survey of a hundred or more.
func (n Near) Misleads() bool { return n.Short.Passes >= 0.01 }

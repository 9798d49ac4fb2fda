package view

import (
	"persepsi/analytics"
)

// Judged is a verdict as the sheet shows it.
type Judged struct {
	analytics.Verdict
	level string
	row   LKERow
}

// WBK returns the row's verdict on WBK.
func (r LKERow) WBK() Judged { return Judged{r.LKE.WBK, "wbk", r} }

// WBBM is WBK for the level above.
func (r LKERow) WBBM() Judged { return Judged{r.LKE.WBBM, "wbbm", r} }

// Near returns the chances of reaching the minimum of a row that an index is behind,
// where the index is so near to it that another sample of the same size may decide
// otherwise; else nil.
func (j Judged) Near(row string) *Near {
	x := j.row.IPAK
	if row == "II" {
		x = j.row.IPKP
	} else if row != "I.a" {
		return nil
	}
	if x == nil || x.Chances == nil {
		return nil
	}
	for _, m := range x.Chances.Minima {
		if m.Level == j.level && m.Pass > surely && m.Pass < 1-surely {
			return &Near{ChanceOfMinimum: m, N: x.N, Shown: x.Shown}
		}
	}
	return nil
}

// surely is the least chance that is told of.
const surely = 0.025

// Near tells how a row near its minimum might come out in another sample.
type Near struct {
	analytics.ChanceOfMinimum
	N     int64
	Shown string // the index
}

// Percent writes a chance in whole percent.
func (Near) Percent(x float64) string { return analytics.ShownFloat(100*x, 0) }

// Share tells how a chance is named: in whole percent or, as no chance is told to be
// none or certain, as less than one percent or more than 99.
func (n Near) Share(x float64) string {
	switch n.Percent(x) {
	case "0":
		return "less"
	case "100":
		return "more"
	}
	return "about"
}

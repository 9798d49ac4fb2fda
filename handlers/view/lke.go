package view

import (
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// LKE is the evaluation sheet.
type LKE struct {
	Frame
	Periods []*survey.Period
	Period  *survey.Period
	Names   map[string]string // as Result.Names
	Rows    []wording.LKERow
	// Together is the city, nil where the sheet is of one agency. Agencies are in their declared order.
	Together *GroupFigures
	Agencies []GroupFigures
	// Nonresponse tells that who reads may see who did not know or would not say; Declining are
	// the units where somebody did, in the order of Rows.
	Nonresponse bool
	Declining   []*Nonresponse
	Sort        string
	In          Reader // who reads the sheet
	Parts       []Part // what it may be of, where there is a choice
	// Units by their verdict on WBK: passed, failed, of both those whose verdict rests on
	// an index that is not adequate, and neither yet. Unfilled are those of all with an
	// input missing.
	Passed, Tentative, Failed, TentativeFails, Open, Unfilled int
	// Fill is the first unit that lacks what who reads may enter, of so many Fillable ones.
	Fill     *report.UnitResult
	Fillable int
	// Taken are the units whose entries were just taken from a workbook; Uploads tells that
	// who reads may do so.
	Taken   []string
	Uploads bool
	// SoFar tells that a verdict on either level is tentative.
	SoFar bool
	// Close tells that a unit is so near to a minimum that chances are told.
	Close bool
}

// Part is what a sheet may be of: an agency, a unit or the city.
type Part struct {
	Code, Name string
	Here       bool // it is of this one
}

// Part returns the code of what the sheet is of, empty where there is no choice.
func (l *LKE) Part() string { return partOf(l.Parts) }

func partOf(parts []Part) string {
	for _, p := range parts {
		if p.Here {
			return p.Code
		}
	}
	return ""
}

// Count adds a row to the summary.
func (l *LKE) Count(row *wording.LKERow) {
	if len(row.Lacks) > 0 {
		l.Unfilled++
	}
	l.Close = l.Close || row.Close()
	l.SoFar = l.SoFar || row.WBK().Tentative() || row.WBBM().Tentative()
	switch wbk := row.LKE.WBK; {
	case wbk.Missing():
		l.Open++
	case wbk.OK():
		l.Passed++
		if wbk.Tentative() {
			l.Tentative++
		}
	default:
		l.Failed++
		if wbk.Tentative() {
			l.TentativeFails++
		}
	}
}

// Reader is who reads the sheet.
type Reader struct {
	Role   string // manager, evaluator or admin
	Agency string // the name of the one agency whose units are shown; empty: of all
}

// Sorts are the columns that the sheet can be sorted by.
func (*LKE) Sorts() []string { return []string{"unit", "ipak", "ipkp", "total"} }

package view

import (
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// LKE is the evaluation sheet.
type LKE struct {
	Frame
	Periods []*survey.Period
	Period  *survey.Period
	Names   map[string]string // as Result.Names
	Rows    []LKERow
	// Together is the city, nil where the sheet is of one agency. Agencies are in their declared order.
	Together *GroupFigures
	Agencies []GroupFigures
	// Unsaid follows Rows, but for units of which there is nothing to tell.
	Unsaid []*Unsaid
	Sort   string
	In     Reader // who reads the sheet
	Parts  []Part // what it may be of, where there is a choice
	// Units by their verdict on WBK: passed, failed, of both those whose verdict rests on
	// an index that is not adequate, and neither yet. Unfilled are those of all with an
	// input missing.
	Passed, Tentative, Failed, TentativeFails, Open, Unfilled int
	// Fill is the first unit that lacks what who reads may enter, of so many Fillable ones.
	Fill     *report.UnitResult
	Fillable int
	// Close tells that a unit is so near to a minimum that chances are told.
	Close bool
}

// Part is what a sheet may be of: an agency, a unit or the city.
type Part struct {
	Code, Name string
	Here       bool // it is of this one
}

// Part returns the code of what the sheet is of, empty where there is no choice.
func (l *LKE) Part() string {
	for _, p := range l.Parts {
		if p.Here {
			return p.Code
		}
	}
	return ""
}

// Count adds a row to the summary.
func (l *LKE) Count(row *LKERow) {
	if len(row.Lacks) > 0 {
		l.Unfilled++
	}
	l.Close = l.Close || row.close()
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

// LKERow is one unit's row.
type LKERow struct {
	*report.UnitResult
	IPAK, IPKP *analytics.Index
	Lacks      []string
}

// Sorts are the columns that the sheet can be sorted by.
func (*LKE) Sorts() []string { return []string{"unit", "ipak", "ipkp", "total"} }

// The rows of the pengungkit: the total, and what stands before an area's.
const (
	leverage     = "pengungkit"
	leverageArea = leverage + "."
)

// Lacking returns the rows that the sheet still needs, each said once: where all
// areas of the pengungkit lack their points, they are one ("areas" where only
// the total is known); where some do, the total says nothing more.
func (r LKERow) Lacking() []string {
	known := 0
	for _, t := range r.LKE.WBK.Tests {
		if strings.HasPrefix(t.Row, leverageArea) && !t.Missing {
			known++
		}
	}
	var out []string
	for _, row := range r.Lacks {
		area := strings.HasPrefix(row, leverageArea)
		switch {
		case known > 0 && row == leverage:
			continue
		case known == 0 && area && slices.Contains(r.Lacks, leverage):
			continue
		case known == 0 && area:
			row = "areas"
		}
		if !slices.Contains(out, row) {
			out = append(out, row)
		}
	}
	return out
}

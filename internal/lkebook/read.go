// Package lkebook reads an LKE workbook back that internal/export wrote: what somebody
// entered in it, checked cell by cell, and what of it is otherwise than the stored entries.
package lkebook

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/paper"
	"persepsi/survey"
)

// Limits of a workbook that is read back.
const (
	MaxBytes  = 16 << 20
	MaxSheets = 2_000 // of units, and the summary
	MaxRows   = 400   // of a sheet: the LKE, its tests, and 200 pieces of evidence at most
)

// Sheet is a unit's sheet as it came back.
type Sheet struct {
	Name    string
	Period  string // its code
	Unit    string // its key
	Version int    // of the entry that the workbook was made of
	// Entered are what was changed, by field; an empty text takes the entry back. Cells are
	// where.
	Entered map[string]string
	Cells   map[string]string
}

// Read reads a workbook. Errors: TooLarge and Invalid name each sheet and cell that is
// wrong; then nothing of it may be taken.
func Read(data []byte, table *analytics.LKETable) ([]Sheet, error) {
	if len(data) > MaxBytes {
		return nil, &survey.Error{Code: survey.TooLarge, Message: refusal, Faults: []survey.Fault{{Field: "file", Code: "too_large", Message: fmt.Sprintf("is larger than %d MB", MaxBytes>>20)}}}
	}
	r := &reader{table: table, keys: lke.SheetKeys(table), weights: lke.SheetWeights(table), cells: lke.SheetCells(table), units: map[string]string{}}
	first := true
	err := paper.EachSheet(data, MaxSheets, MaxRows, func(s *paper.Sheet) {
		r.sheet(s, first)
		first = false
	})
	if errors.Is(err, paper.ErrLinked) {
		return nil, survey.Faulty(refusal, []survey.Fault{{Field: "file", Code: "links", Message: err.Error()}})
	}
	if err != nil {
		return nil, err
	}
	if len(r.out) == 0 && len(r.faults) == 0 {
		r.faults = append(r.faults, survey.Fault{Field: "file", Code: "no_sheet", Message: "has no sheet of a unit; take the workbook that persepsi lke writes"})
	}
	if err := survey.Faulty(refusal, r.faults); err != nil {
		return nil, err
	}
	return r.out, nil
}

const refusal = "the workbook cannot be taken; nothing was stored"

type reader struct {
	table   *analytics.LKETable
	keys    []string
	weights map[string]float64
	cells   []lke.SheetCell
	units   map[string]string // the names of the sheets by the keys of their units
	out     []Sheet
	faults  []survey.Fault
}

// place names a cell, its column counted from 0 and its row from 1.
func place(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return "?"
	}
	return name
}

func (r *reader) fault(s *paper.Sheet, cell, code, message string) {
	field := survey.Printable(s.Name)
	if cell != "" {
		field += "!" + cell
	}
	r.faults = append(r.faults, survey.Fault{Field: field, Code: code, Message: message})
}

// sheet reads one sheet. The first is the summary, which is computed of the others.
func (r *reader) sheet(s *paper.Sheet, first bool) {
	hidden := func(column, row int) string { return s.Cells[place(column, row)].Text }
	switch mark := hidden(lke.ColumnKey, lke.SheetRowMark); {
	case mark != lke.SheetMark && first:
		return
	case mark != lke.SheetMark:
		r.fault(s, place(lke.ColumnKey, lke.SheetRowMark), "foreign_sheet", "is no sheet that persepsi lke wrote, or its hidden columns are gone; remove the sheet or take a new workbook")
		return
	case !slices.Contains(lke.SheetShapes(), hidden(lke.ColumnWritten, lke.SheetRowMark)):
		r.fault(s, place(lke.ColumnWritten, lke.SheetRowMark), "other_shape", "was written by another version of the program; take a new workbook")
		return
	}
	out := Sheet{
		Name: s.Name, Period: hidden(lke.ColumnKey, lke.SheetRowPeriod), Unit: hidden(lke.ColumnKey, lke.SheetRowUnit),
		Entered: map[string]string{}, Cells: map[string]string{},
	}
	var err error
	if out.Version, err = strconv.Atoi(hidden(lke.ColumnKey, lke.SheetRowVersion)); err != nil || out.Version < 0 {
		r.fault(s, place(lke.ColumnKey, lke.SheetRowVersion), "version", "the version of the entry is gone; take a new workbook")
	}
	if other, twice := r.units[out.Unit]; twice {
		r.fault(s, place(lke.ColumnKey, lke.SheetRowUnit), "twice", "is of the same unit as sheet "+survey.Printable(other))
	}
	r.units[out.Unit] = s.Name
	if r.whole(s) {
		for i, key := range r.keys {
			r.row(s, key, lke.SheetRowFirst+i)
		}
		for i := range r.cells {
			r.cell(s, &out, &r.cells[i])
		}
	}
	r.out = append(r.out, out)
}

// whole reports whether the rows are where they were written: none removed, added, moved or
// merged.
func (r *reader) whole(s *paper.Sheet) bool {
	for _, merged := range s.Merged {
		r.fault(s, merged, "merged", "cells were merged; take the sheet as it was written")
		return false
	}
	for i, key := range r.keys {
		cell := place(lke.ColumnKey, lke.SheetRowFirst+i)
		if got := s.Cells[cell]; got.Text != key || got.Kind != paper.Text {
			r.fault(s, cell, "rows", fmt.Sprintf("rows were removed, added or moved: row %d should be %s", lke.SheetRowFirst+i, key))
			return false
		}
	}
	return true
}

// row checks what nobody may change in a row: its weight, and what the survey tells.
func (r *reader) row(s *paper.Sheet, key string, row int) {
	weight := place(lke.ColumnWeight, row)
	if got, _ := strconv.ParseFloat(s.Cells[weight].Text, 64); got != r.weights[key] || s.Cells[weight].Kind != paper.Number {
		r.fault(s, weight, "weight", fmt.Sprintf("the weight was changed; it is %v", r.weights[key]))
	}
	if answer := place(lke.ColumnAnswer, row); lke.Field(key) == "" && !same(s.Cells[answer], s.Cells[place(lke.ColumnWritten, row)]) {
		r.fault(s, answer, "survey", "is the survey's and can't be changed here")
	}
}

// cell checks a cell and notes what was entered in it.
func (r *reader) cell(s *paper.Sheet, out *Sheet, c *lke.SheetCell) {
	cell := place(c.Column, c.Row)
	now, written := s.Cells[cell], s.Cells[place(c.Written, c.Row)]
	switch {
	case now.Kind == paper.Formula:
		r.fault(s, cell, "formula", "holds a formula; enter the value")
		return
	case now.Kind == paper.Long:
		r.fault(s, cell, "too_long", "holds too long a text")
		return
	case now.Kind == paper.Boolean || now.Kind == paper.Broken:
		r.fault(s, cell, "wrong_type", "holds no answer")
		return
	case same(now, written), c.Note && lke.Note(now.Text) == lke.Note(written.Text):
		return
	}
	text, code, message := lke.Note(now.Text), "", ""
	if c.Note {
		code, message = lke.NoteFault(text)
	} else {
		text, code, message = r.entered(c.Key, now)
	}
	if code != "" {
		r.fault(s, cell, code, message)
		return
	}
	out.Entered[c.Field], out.Cells[c.Field] = text, cell
}

// same reports whether a cell still holds what was written into it. Programs write numbers
// in their own way.
func same(a, b paper.Cell) bool {
	if strings.TrimSpace(a.Text) == strings.TrimSpace(b.Text) && a.Kind == b.Kind {
		return true
	}
	x, err := strconv.ParseFloat(a.Text, 64)
	y, err2 := strconv.ParseFloat(b.Text, 64)
	return err == nil && err2 == nil && x == y && a.Kind == paper.Number && b.Kind == paper.Number
}

// entered returns what an answer enters, or what is wrong with it.
func (r *reader) entered(key string, answer paper.Cell) (text, code, message string) {
	text = strings.TrimSpace(answer.Text)
	if text == "" {
		return "", "", ""
	}
	if key == lke.RowLevel {
		if _, ok := r.table.Levels[text]; !ok {
			return "", "level", "must be A, B, C, D or E"
		}
		return text, "", ""
	}
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case answer.Kind != paper.Number || err != nil || math.IsNaN(x) || math.IsInf(x, 0):
		return "", "wrong_type", "must be a number of points such as 8.75, not a text"
	case x < 0 || x > r.weights[key]:
		return "", "out_of_range", fmt.Sprintf("must be from 0 to %v", r.weights[key])
	}
	// As a spreadsheet shows it: 15 digits, without what floating point adds.
	if x, err = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64); err != nil {
		return "", "wrong_type", "must be a number of points such as 8.75"
	}
	return strconv.FormatFloat(x, 'f', -1, 64), "", ""
}

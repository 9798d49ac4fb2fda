package lke

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"persepsi/analytics"
	"persepsi/survey"
)

// The teams that answer beside the unit, and what their fields begin with.
const (
	TPI = "tpi"
	TPN = "tpn"
)

// Teams are the teams in the order of the LKE.
func Teams() []string { return []string{TPI, TPN} }

// note is the middle of the field of a note: of the unit notePrefix and the row, of a team its
// code and a point before it.
const notePrefix = "catatan."

// MostNote is how many characters a note may have.
const MostNote = 1_000

// SheetCell is a cell of a unit's sheet that is read back.
type SheetCell struct {
	Field   string // of an entry
	Key     string // of its row
	Team    string // TPI or TPN; empty: the unit
	Note    bool   // a text; else an answer
	Row     int    // from 1
	Column  int    // from 0
	Written int    // the hidden column with what was written into it
}

// Remark reports whether a cell moves no figure: a note, or what a team answers.
func (c *SheetCell) Remark() bool { return c.Note || c.Team != "" }

// SheetCells are the cells that are read back, row by row.
func SheetCells(t *analytics.LKETable) []SheetCell {
	var out []SheetCell
	for i, key := range SheetKeys(t) {
		add := func(field, team string, note bool, column, written int) {
			out = append(out, SheetCell{field, key, team, note, SheetRowFirst + i, column, written})
		}
		if Field(key) != "" {
			add(Field(key), "", false, ColumnAnswer, ColumnWritten)
		}
		add(notePrefix+key, "", true, ColumnNote, ColumnNoteWritten)
		for _, team := range Teams() {
			column, written := ColumnTPI, ColumnTPIWritten
			if team == TPN {
				column, written = ColumnTPN, ColumnTPNWritten
			}
			if Field(key) != "" {
				add(team+"."+Field(key), team, false, column, written)
			}
			add(team+"."+notePrefix+key, team, true, column+2, written+1)
		}
	}
	return out
}

// CellsByField are the cells that are read back by their fields.
func CellsByField(t *analytics.LKETable) map[string]*SheetCell {
	out := map[string]*SheetCell{}
	for _, c := range SheetCells(t) {
		out[c.Field] = &c
	}
	return out
}

// IsNote reports whether a field is that of a note.
func IsNote(field string) bool {
	return strings.HasPrefix(field, notePrefix) || strings.Contains(field, "."+notePrefix)
}

// Note returns a note as it is kept: lines end alike, spaces are spaces, and nothing stands
// around it.
func Note(text string) string {
	return strings.TrimSpace(survey.Plain(strings.NewReplacer("\r\n", "\n", "\r", "\n", "_x000D_", "").Replace(text)))
}

// NoteFault returns what is wrong with a note; an empty code: nothing.
func NoteFault(text string) (code, message string) {
	switch {
	case utf8.RuneCountInString(text) > MostNote:
		return "too_long", fmt.Sprintf("has more than %d characters", MostNote)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) && r != '\n' && r != '\t' }):
		return "not_text", "holds signs that are no text"
	}
	return "", ""
}

// remarkFaults returns what is wrong with remarks, by field.
func remarkFaults(t *analytics.LKETable, remarks map[string]string) (faults []survey.Fault) {
	cells, weights := CellsByField(t), SheetWeights(t)
	for _, field := range slices.Sorted(maps.Keys(remarks)) {
		c, text := cells[field], remarks[field]
		var code, message string
		switch {
		case c == nil || !c.Remark():
			code, message = "unknown_field", "is no note and no team's answer"
		case c.Note:
			code, message = NoteFault(text)
		case c.Key == RowLevel:
			if _, ok := t.Levels[text]; !ok {
				code, message = "level", "must be A, B, C, D or E"
			}
		default:
			x, ok := analytics.ParseRatio(text)
			if !ok || x.Sign() < 0 || x.Float64() > weights[c.Key] {
				code, message = "out_of_range", fmt.Sprintf("must be from 0 to %v", weights[c.Key])
			}
		}
		if code != "" {
			faults = append(faults, survey.Fault{Field: survey.Printable(field), Code: code, Message: message})
		}
	}
	return faults
}

// remarked returns what remarks over older ones make; an empty text takes one back.
func remarked(old, told map[string]string) map[string]string {
	if len(told) == 0 {
		return old
	}
	out := maps.Clone(old)
	if out == nil {
		out = map[string]string{}
	}
	for field, text := range told {
		if out[field] = text; text == "" {
			delete(out, field)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// veiled is a note as the audit tells it, which keeps for ever what nobody can take out: how
// long it is, and what it can be recognised by.
func veiled(field, text string) string {
	if text == "" || !IsNote(field) {
		return text
	}
	return fmt.Sprintf("%d characters, SHA-256 %x", utf8.RuneCountInString(text), sha256.Sum256([]byte(text)))
}

package paper

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"

	"persepsi/survey"
)

// Kind is what a cell holds.
type Kind string

// The kinds of cells. Formula is one whatever it shows.
const (
	Number  Kind = "number"
	Text    Kind = "text"
	Formula Kind = "formula"
	Boolean Kind = "boolean"
	Broken  Kind = "error_value"
	Long    Kind = "long_text"
)

// Cell is one that holds something.
type Cell struct {
	Text string // as it is stored: a number with a point
	Kind Kind
}

// Sheet is a sheet of a workbook: what its cells hold, by their names such as K8, and the
// ranges whose cells were merged.
type Sheet struct {
	Name   string
	Cells  map[string]Cell
	Merged []string
}

// ErrLinked refuses a workbook that brings other files or programs along.
var ErrLinked = errors.New("links to other workbooks or holds macros")

// EachSheet reads a whole workbook of at most so many sheets, whose rows are at most so many
// each, and hands on one after the other, so that no more than one is in memory. It is as careful as reading answers is: no piece, and not all of it, may unpack to
// more than a spreadsheet of that size does. Errors: TooLarge and Invalid, naming the sheet;
// ErrLinked.
func EachSheet(data []byte, sheets, rows int, each func(*Sheet)) error {
	b, err := openBook(data, sheets)
	if err != nil {
		return refusal(data, err)
	}
	for name := range b.parts {
		if strings.HasPrefix(name, "xl/externallinks/") || strings.HasSuffix(name, "vbaproject.bin") {
			return ErrLinked
		}
	}
	cells := 0
	for i := range b.sheets {
		out := &Sheet{Name: b.sheets[i].name}
		r := &sheetReader{book: b, kinds: true, table: &table{excel: true, most: rows + 1}}
		err := b.read(b.sheets[i].part, r.sheet)
		if errors.Is(err, errEnough) {
			return &survey.Error{Code: survey.TooLarge, Message: say("refusal"), Faults: []survey.Fault{{Field: survey.Printable(out.Name), Code: "too_large", Message: fmt.Sprintf("has more than %d rows", rows)}}}
		}
		if err == nil {
			err = b.read(b.sheets[i].part, func(p *part) error {
				return p.path(func(tag xml.StartElement) error {
					out.Merged = append(out.Merged, attr(tag, "ref", false))
					return nil
				}, "worksheet", "mergeCells", "mergeCell")
			})
		}
		if err != nil {
			return within(out.Name, refusal(data, err))
		}
		if cells += r.table.cells; cells > MaxCells {
			return tooLarge("too_many_cells", "max", MaxCells)
		}
		out.Cells = r.table.byName()
		each(out)
	}
	return nil
}

// within names the sheet in the faults of reading it.
func within(sheet string, err error) error {
	var e *survey.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	named.Faults = nil
	for _, f := range e.Faults {
		f.Field = survey.Printable(sheet) + ", " + f.Field
		named.Faults = append(named.Faults, f)
	}
	return &named
}

// byName are the cells of a table that hold something.
func (t *table) byName() map[string]Cell {
	out := map[string]Cell{}
	for _, r := range t.rows {
		kinds := map[int]Kind{}
		for _, m := range r.marks {
			kinds[m.column] = Kind(m.code)
		}
		for column, text := range r.cells {
			kind, marked := kinds[column]
			if !marked {
				kind = Number
			}
			if text != "" || marked && kind != Text {
				out[cellName(r.number, column)] = Cell{text, kind}
			}
		}
	}
	return out
}

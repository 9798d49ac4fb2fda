package paper

import (
	"maps"
	"slices"
	"strings"

	"persepsi/survey"
)

// column is what one column of a table is for.
type column struct {
	meaning

	at   int
	name string // its heading, or what a spreadsheet calls it
	note string // how a number was understood
}

// layout is what was understood of a table's head: which row is the header, and
// what the columns are for.
type layout struct {
	header  int // index of the row
	below   int // rows under it that are headings too
	columns []column
	faults  []survey.Fault
}

// layout understands the columns by a header at an index of the rows. A
// heading may stand in two rows, of which one names the group of the other's.
func (p *Reader) layout(v *vocabulary, rows []row, header int) *layout {
	out := &layout{header: header}
	head := &rows[header]
	width := len(head.cells)
	for i := header + 1; i < len(rows) && i <= header+2 && v.heads(&rows[i]); i++ {
		out.below++
		width = max(width, len(rows[i].cells))
	}
	for at := range width {
		c := column{at: at, name: strings.TrimSpace(head.cell(at))}
		found := v.look(c.name)
		for _, other := range neighbours(rows, header, out.below) {
			text := other.cell(at)
			more := v.look(text)
			if len(more) == 0 || text == "" || other.number < head.number && c.name != "" && (len(found) == 0 || found[0].kind != kindNumbered) {
				continue // what stands above a heading may be a title
			}
			// A number says less than a name, and nothing less than a number.
			if len(found) == 0 || found[0].kind == kindNumbered && more[0].kind != kindNumbered {
				found = more
				c.name = strings.TrimSpace(c.name + " " + text)
			}
		}
		out.columns = append(out.columns, p.column(v, c, found, head.number, &out.faults))
	}
	for _, m := range head.marks {
		if m.code == "long_text" || m.column < len(out.columns) && out.columns[m.column].kind != kindIgnored && out.columns[m.column].kind != kindBlank {
			out.faults = append(out.faults, p.marked(head, m, out.columns))
		}
	}
	out.twice(head.number)
	return out
}

// neighbours are the rows that may hold a heading's other part: those just below,
// and the two above where no row is missing between.
func neighbours(rows []row, header, below int) []*row {
	var out []*row
	for i := 1; i <= below; i++ {
		out = append(out, &rows[header+i])
	}
	for i := 1; i <= 2 && header-i >= 0 && rows[header-i].number == rows[header].number-i; i++ {
		out = append(out, &rows[header-i])
	}
	return out
}

// heads reports whether a row under the header holds headings too, and nothing else.
func (v *vocabulary) heads(r *row) bool {
	named := false
	for _, text := range r.cells {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if len(v.look(text)) == 0 {
			return false
		}
		named = true
	}
	return named
}

// column decides what a column is for, of what its heading could mean.
func (p *Reader) column(v *vocabulary, c column, found []meaning, header int, faults *[]survey.Fault) column {
	bad := func(code string, args ...any) column {
		*faults = append(*faults, newFault(atCell(header, c.name), code, args...))
		return c
	}
	heading := c.name
	if heading == "" {
		c.name = letter(c.at)
	}
	switch {
	case v.ignored[key(c.name)]:
		c.kind = kindIgnored
	case heading == "":
		c.kind = kindBlank
	case len(found) == 0:
		return bad("unknown_column", "form", v.form.ID, "column", quoted(c.name))
	case len(found) > 1:
		var names []string
		for _, m := range found {
			names = append(names, v.name(m))
		}
		return bad("ambiguous_column", "choices", strings.Join(names, say("or")))
	case found[0].kind == kindNumbered:
		target, note, choices := p.numbered(found[0])
		if target == "" && choices == nil {
			return bad("unknown_column", "form", v.form.ID, "column", quoted(c.name))
		}
		if target == "" {
			var names []string
			for _, order := range slices.Sorted(maps.Keys(choices)) {
				names = append(names, choices[order]+" (--order "+order+")")
			}
			return bad("order_needed", "choices", strings.Join(names, say("or")))
		}
		c.meaning, c.note = meaning{kind: kindQuestion, target: target}, note
	default:
		c.meaning = found[0]
	}
	return c
}

// twice adds faults of columns that are for the same thing.
func (l *layout) twice(header int) {
	first := map[meaning]string{}
	for i := range l.columns {
		c := &l.columns[i]
		switch c.kind {
		case kindQuestion, kindField, kindID, kindUnit, kindService, kindDate, kindComment:
			if other, ok := first[c.meaning]; ok {
				l.faults = append(l.faults, newFault(atCell(header, c.name), "duplicate_column", "other", quoted(other), "column", quoted(c.name)))
			} else {
				first[c.meaning] = c.name
			}
		}
	}
}

// has returns the column of a kind, nil if there is none.
func (l *layout) has(k kind) *column {
	i := slices.IndexFunc(l.columns, func(c column) bool { return c.kind == k })
	if i < 0 {
		return nil
	}
	return &l.columns[i]
}

package evaluation

import (
	"strings"

	"persepsi/handlers/view"
	"persepsi/internal/lke"
)

// entryNames are what the fields of an entry are called.
type entryNames struct {
	pages *view.Pages
	cells []lke.SheetCell // of a unit's sheet that are read back
}

// fieldName is what a field of an entry is called on a page.
func (s *entryNames) fieldName(lang, field string) string {
	for i := range s.cells {
		c := &s.cells[i]
		if c.Field != field {
			continue
		}
		row, team := s.pages.Say(lang, "lke.row."+c.Key), strings.ToUpper(c.Team)
		switch {
		case c.Team != "" && c.Note:
			return s.pages.Say(lang, "lke.remark.team.note", "Team", team, "Row", row)
		case c.Team != "":
			return s.pages.Say(lang, "lke.remark.team.answer", "Team", team, "Row", row)
		case c.Note:
			return s.pages.Say(lang, "lke.remark.note", "Row", row)
		}
		return row
	}
	return field // of an entry that another version of the program stored
}

// typedIn is a value of a field as people type it: a number with the comma of the language, a
// note as it is.
func typedIn(lang, field, text string) string {
	if lke.IsNote(field) {
		return text
	}
	return view.Typed(lang, text)
}

// remarks returns what stands in the rows of a unit's sheet beside what counts, each with the
// step of the history that it came by.
func (s *unitPages) remarks(o *unitRequest, history []view.EntryStep, lang string) []view.RemarkRow {
	now := o.newest()
	last := lke.LastChange(o.steps, 0)
	var out []view.RemarkRow
	for i := range s.names.cells {
		c := &s.names.cells[i]
		text := now.Remarks[c.Field]
		if !c.Remark() || text == "" {
			continue
		}
		if n := len(out); n == 0 || out[n-1].Row != c.Key {
			out = append(out, view.RemarkRow{Row: c.Key})
		}
		row, team := &out[len(out)-1], strings.ToUpper(c.Team)
		if n := len(row.Parts); n == 0 || row.Parts[n-1].Team != team {
			row.Parts = append(row.Parts, view.RemarkPart{Team: team})
		}
		part := &row.Parts[len(row.Parts)-1]
		if c.Note {
			part.Note = text
		} else {
			part.Answer = view.Typed(lang, text)
		}
		if step := last[c.Field]; step != nil && (part.Step == nil || step.Version > part.Step.Version) {
			part.Step = &history[now.Version-step.Version]
		}
	}
	return out
}

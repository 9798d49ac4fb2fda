package manuscript

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"persepsi/survey"
)

// The bounds of what is written, in characters and in rows.
const (
	MostText      = 8000 // of a section: some three pages
	MostTexts     = 60
	MostLine      = 200 // of a name, an office, a day
	MostCell      = 600 // of a cell of the table of follow-ups
	MostSigners   = 3
	MostFollowUps = 40
	MostComments  = 20
)

// trim takes away what surrounds texts, and rows and texts that say nothing.
func (m *Manuscript) trim() {
	m.Town, m.Day = strings.TrimSpace(m.Town), strings.TrimSpace(m.Day)
	for id, text := range m.Texts {
		if text.Body = strings.TrimSpace(strings.ReplaceAll(text.Body, "\r\n", "\n")); text.Body == "" {
			delete(m.Texts, id)
		} else {
			m.Texts[id] = text
		}
	}
	for i := range m.Signers {
		s := &m.Signers[i]
		trimAll(&s.Office, &s.Name, &s.Rank, &s.Number)
	}
	m.Signers = slices.DeleteFunc(m.Signers, func(s Signer) bool { return s == Signer{} })
	for i := range m.FollowUps {
		f := &m.FollowUps[i]
		trimAll(&f.Aspect, &f.Found, &f.Action, &f.By, &f.Until, &f.Status)
	}
	m.FollowUps = slices.DeleteFunc(m.FollowUps, func(f FollowUp) bool { return f == FollowUp{Aspect: f.Aspect} })
	m.Comments = slices.DeleteFunc(m.Comments, func(s string) bool { return s == "" })
}

func trimAll(texts ...*string) {
	for _, t := range texts {
		*t = strings.TrimSpace(*t)
	}
}

// Check trims a version to what would be stored of it, and returns its faults, each with its
// field.
func (m *Manuscript) Check() error {
	m.trim()
	var faults []survey.Fault
	fault := func(field, code, format string, args ...any) {
		faults = append(faults, survey.Fault{Field: field, Code: code, Message: fmt.Sprintf(format, args...)})
	}
	text := func(field, s string, most int, breaks bool) {
		if n := utf8.RuneCountInString(s); n > most {
			fault(field, "too_long", "has %d characters; %d at most", n, most)
		}
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && (!breaks || r != '\n' && r != '\t') }) {
			fault(field, "not_text", "holds signs that are no text")
		}
	}
	rows := func(field string, n, most int) {
		if n > most {
			fault(field, "too_many", "are %d; %d at most", n, most)
		}
	}
	rows("texts", len(m.Texts), MostTexts)
	for _, id := range slices.Sorted(keysOf(m.Texts)) {
		text("texts."+id, m.Texts[id].Body, MostText, true)
	}
	text("town", m.Town, MostLine, false)
	text("day", m.Day, MostLine, false)
	rows("signers", len(m.Signers), MostSigners)
	for i, s := range m.Signers {
		for name, value := range map[string]string{"office": s.Office, "name": s.Name, "rank": s.Rank, "number": s.Number} {
			text(fmt.Sprintf("signers.%d.%s", i+1, name), value, MostLine, false)
		}
	}
	rows("follow_ups", len(m.FollowUps), MostFollowUps)
	for i, f := range m.FollowUps {
		at := fmt.Sprintf("follow_ups.%d.", i+1)
		if f.Action == "" {
			fault(at+"action", "required", "says nothing of what is done")
		}
		for name, value := range map[string]string{"aspect": f.Aspect, "found": f.Found, "action": f.Action, "by": f.By, "until": f.Until, "status": f.Status} {
			text(at+name, value, MostCell, true)
		}
	}
	rows("comments", len(m.Comments), MostComments)
	for _, c := range m.Comments {
		text("comments", c, MostLine, false)
	}
	slices.SortStableFunc(faults, func(a, b survey.Fault) int { return strings.Compare(a.Field, b.Field) })
	return survey.Faulty("the report has faults; nothing was stored", faults)
}

// keysOf returns the keys of maps, one of several once for each.
func keysOf[V any](maps ...map[string]V) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		for _, m := range maps {
			for k := range m {
				if !seen[k] && !yield(k) {
					return
				}
				seen[k] = true
			}
		}
	}
}

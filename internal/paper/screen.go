package paper

import (
	"slices"
	"strconv"
	"strings"

	"persepsi/survey"
)

// rowFilter tells rows of answers from those that are none: column numbers, headings
// that are repeated, sums and means, remarks below the table. What it leaves out, it
// leaves out with a reason; what could be either is a fault.
type rowFilter struct {
	form   *survey.Form
	places *places
	layout *layout
	header *row

	first      bool // no row was looked at
	numbered   bool // rows above have a running number
	belowTotal bool
}

// Reasons for leaving a row out: the texts skip_….
const (
	skipTitle     = "skip_title"
	skipNumbering = "skip_numbering"
	skipHeading   = "skip_heading"
	skipRepeat    = "skip_repeat"
	skipTotal     = "skip_total"
	skipNote      = "skip_note"
	skipEmpty     = "skip_empty"
)

// judge says why a row is no answer, or what is wrong with it as a whole. next is
// the row below, nil for the last one.
func (s *rowFilter) judge(r, next *row) (skip, fault string) {
	first := s.first
	s.first = false
	var filled, others, readable int // cells: of questions, of other columns, of questions that are answers
	number := ""
	for i := range s.layout.columns {
		c := &s.layout.columns[i]
		text := r.cell(c.at)
		if text == "" {
			continue
		}
		switch c.kind {
		case kindQuestion:
			filled++
			if v := answer(s.question(c), text); v.fault == "" {
				readable++
			}
		case kindRow:
			number = text
		case kindField, kindID, kindUnit, kindService, kindDate, kindComment:
			others++
		}
	}
	for _, m := range r.marks { // a formula that shows nothing is something all the same
		if m.column < len(s.layout.columns) && s.layout.columns[m.column].kind == kindQuestion && r.cell(m.column) == "" {
			filled++
		}
	}
	switch {
	case first && s.columnNumbers(r, next):
		return skipNumbering, ""
	case s.repeats(r):
		return skipRepeat, ""
	case s.isTotal(r):
		s.belowTotal = true
		return skipTotal, ""
	case filled == 0 && others == 0:
		if _, ok := wholeNumber(number); number == "" && s.belowTotal || number != "" && !ok {
			return skipNote, ""
		}
		return skipEmpty, ""
	case readable == 0 && (s.belowTotal || s.isNote(r)):
		return skipNote, ""
	case filled == 0:
		return "", "no_answer"
	case s.belowTotal && number == "":
		return "", "below_total"
	case s.numbered && number == "":
		return "", "not_numbered"
	}
	s.numbered = s.numbered || number != ""
	return "", ""
}

func (s *rowFilter) question(c *column) *survey.Question {
	at, _ := s.form.Position(c.target) // it is one of the form
	return &s.form.Questions[at]
}

// columnNumbers reports whether a row counts the columns: 1, 2, 3 or (1), (2), (3).
// The first row of a small table could be an answer 1, 2, 3; it is a count where a
// number can't be an answer, or where the next row begins to count the rows.
func (s *rowFilter) columnNumbers(r, next *row) bool {
	count, impossible := 0, false
	last := 0
	for at := range r.cells {
		text := r.cell(at)
		if text == "" {
			continue
		}
		bare := strings.Trim(text, "()[] ")
		n, err := strconv.Atoi(bare)
		if err != nil || count > 0 && n != last+1 || count == 0 && n > 1 && n != at+1 {
			return false
		}
		last = n
		count++
		impossible = impossible || bare != text
		if at < len(s.layout.columns) && s.layout.columns[at].kind == kindQuestion {
			impossible = impossible || n < 1 || n > len(s.question(&s.layout.columns[at]).Options)
		}
	}
	if c := s.layout.has(kindRow); c != nil && next != nil && r.cell(c.at) != "" {
		impossible = impossible || next.cell(c.at) == r.cell(c.at)
	}
	return count > 1 && impossible
}

// repeats reports whether a row says what the header says, as on each page of a
// long table.
func (s *rowFilter) repeats(r *row) bool {
	same := 0
	for at := range r.cells {
		if text := r.cell(at); text != "" {
			if key(text) == "" || key(text) != key(s.header.cell(at)) {
				return false
			}
			same++
		}
	}
	return same > 1 || same == 1 && len(s.layout.columns) == 1
}

// isTotal reports whether a row is a sum, mean or result: a word for it stands before
// its numbers, or in place of the first. A row with a running number is none.
func (s *rowFilter) isTotal(r *row) bool {
	if c := s.layout.has(kindRow); c != nil {
		if _, ok := wholeNumber(r.cell(c.at)); ok {
			return false
		}
	}
	for at := range r.cells {
		text := r.cell(at)
		if text == "" {
			continue
		}
		k := kindBlank
		if at < len(s.layout.columns) {
			k = s.layout.columns[at].kind
		}
		switch total := totalWords(text); k {
		case kindUnit:
			if _, fault := s.places.unit(text); total && fault.fault != "" {
				return true
			}
		case kindQuestion:
			return total
		default:
			if total {
				return true
			}
		}
	}
	return false
}

// totalWords reports whether a text is made of the words for sums and means.
func totalWords(text string) bool {
	if len(text) > 100 {
		return false
	}
	list := fields(text)
	if len(list) == 0 || !dictionary().first[list[0]] {
		return false
	}
	return !slices.ContainsFunc(list[1:], func(word string) bool {
		_, err := strconv.Atoi(strings.Trim(word, "=+"))
		return err != nil && word != "=" && word != "+" && !dictionary().rest[word] && !dictionary().first[word]
	})
}

// isNote reports whether a row begins with a word for a remark.
func (s *rowFilter) isNote(r *row) bool {
	for at := range r.cells {
		if text := r.cell(at); text != "" {
			list := fields(text)
			return len(list) > 0 && dictionary().notes[list[0]]
		}
	}
	return false
}

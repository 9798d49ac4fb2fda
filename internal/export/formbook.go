package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"persepsi/internal/paper"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// EmptyForm is a file that a clerk types answers from paper into, a row each: the codes that
// stand on the form are its headings and its cells.
type EmptyForm struct {
	Period *survey.Period
	Form   *survey.Form
	Place  survey.Place   // what all rows are about; without a unit each row names its own
	Units  []survey.Place // that take part
}

// blanks returns the columns, those of questions in the order of the form on paper.
func (f *EmptyForm) blanks() []paper.Blank {
	var order []string
	for _, g := range wording.Groups(f.Form) {
		for _, q := range g.Questions {
			order = append(order, q.Code)
		}
	}
	return paper.Blanks(f.Form, order, f.Place.Unit == nil)
}

// CSV writes the head of the file. Semicolons stand between its columns, as spreadsheets in
// Indonesian part them.
func (f *EmptyForm) CSV(w io.Writer) error {
	var heads []string
	for _, b := range f.blanks() {
		heads = append(heads, b.Heading)
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write(heads); err != nil {
		return fmt.Errorf("write the head of a file: %w", err)
	}
	out.Flush()
	return out.Error() //nolint:wrapcheck // the writer's own
}

// formRows is how many rows have lists to choose from: as many as an import takes.
const formRows = 200_001

// XLSX writes a workbook whose cells take the codes of the form and nothing else, and tell
// them, in a language, when they are chosen.
func (f *EmptyForm) XLSX(w io.Writer, s *wording.Speaker) error {
	b := &formBook{book: newBook(Spoken(s)), EmptyForm: f, speaker: s, blanks: f.blanks()}
	widths := make([]float64, len(b.blanks))
	for i, c := range b.blanks {
		widths[i] = max(9, float64(len(c.Heading))+3)
	}
	sheet, err := b.add(page{title: b.say("paperform.sheet"), widths: widths, frozen: 1, fixed: 1, foot: f.Period.Name, before: b.choices})
	if err != nil {
		return fmt.Errorf("write an empty workbook: %w", err)
	}
	heads := make([]string, len(b.blanks))
	for i, c := range b.blanks {
		heads[i] = c.Heading
		l := look{}
		switch {
		case c.For == paper.ForDate:
			l.format = "yyyy-mm-dd"
		case c.Question == nil: // a code such as 1-2 is no date
			l.format = "@"
		}
		style, err := b.style(l)
		if err == nil {
			err = sheet.stream.SetColStyle(i+1, i+1, style)
		}
		if err != nil {
			return fmt.Errorf("write an empty workbook: %w", err)
		}
	}
	if err := sheet.heads(24, heads...); err != nil {
		return fmt.Errorf("write an empty workbook: %w", err)
	}
	return b.end(w)
}

// formBook is an empty form as a workbook.
type formBook struct {
	*book
	*EmptyForm

	speaker *wording.Speaker
	blanks  []paper.Blank
}

// choices says what each column takes.
func (b *formBook) choices(name string) error {
	for i, c := range b.blanks {
		codes, told := b.codes(c)
		v := excelize.NewDataValidation(true)
		v.SetSqref(at(i, 2) + ":" + at(i, formRows))
		switch {
		case c.For == paper.ForDate:
			from, to := serial(b.Period.From.Time()), serial(b.Period.To.Time())
			if err := v.SetRange(from, to, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween); err != nil {
				return err
			}
			first, err := b.speaker.Date(b.Period.From)
			if err != nil {
				return err
			}
			last, err := b.speaker.Date(b.Period.To)
			if err != nil {
				return err
			}
			told = b.say("paperform.range", "From", first, "To", last)
			v.SetError(excelize.DataValidationErrorStyleStop, c.Heading, told)
		case len(codes) == 0:
			continue
		case short(strings.Join(codes, ","), mostTold) == strings.Join(codes, ","):
			if err := v.SetDropList(codes); err != nil {
				return err
			}
			v.SetError(excelize.DataValidationErrorStyleStop, b.say("paperform.wrong"), b.say("paperform.choose"))
		}
		v.SetInput(short(c.Heading, mostHeading), short(told, mostTold))
		if err := b.file.AddDataValidation(name, v); err != nil {
			return err
		}
	}
	return nil
}

// What a spreadsheet shows beside a cell, in characters; its lists are no longer.
const (
	mostHeading = 32
	mostTold    = 255
)

// short cuts a text to what a spreadsheet takes, which counts in UTF-16.
func short(text string, most int) string {
	if len(utf16.Encode([]rune(text))) <= most {
		return text
	}
	letters := []rune(text)
	for len(utf16.Encode(letters))+1 > most {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// codes returns what a cell of a column may hold, and what that stands for, a line each;
// none: anything.
func (b *formBook) codes(c paper.Blank) (codes []string, told string) {
	var lines []string
	add := func(code, name string) {
		codes, lines = append(codes, code), append(lines, code+" "+name)
	}
	switch {
	case c.Question != nil:
		lines = append(lines, b.speaker.Text(c.Question.Text))
		for _, o := range c.Question.Options {
			add(strconv.Itoa(o.Value), b.speaker.Text(o.Label))
		}
		if c.Question.Declinable {
			add(paper.Declined, b.say("form.declined"))
		}
	case c.Field != nil:
		for _, o := range c.Field.Categories {
			add(o.Code, b.speaker.Text(o.Label))
		}
	case c.For == paper.ForUnit:
		for _, p := range b.Units {
			add(p.Unit.Code, p.Unit.Name)
		}
	case c.For == paper.ForService && b.Place.Unit != nil:
		for _, s := range b.Place.Unit.Services {
			if !s.Closed {
				add(s.Code, s.Name)
			}
		}
	}
	return codes, strings.Join(lines, "\n")
}

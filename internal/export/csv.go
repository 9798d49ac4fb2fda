package export

import (
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"persepsi/survey"
)

// csvRows writes responses as RFC 4180 CSV in UTF-8 with a byte order mark, which
// spreadsheets need to read names right. Text that a spreadsheet would run as
// a formula gets an apostrophe in front.
//
// Rows are written into one buffer that is used again: a million of them cost
// no memory and little time.
type csvRows struct {
	form   *survey.Form
	extent Extent
	out    io.Writer
	buf    []byte
	times  stamps
	n      int64
}

// flushAt is the size at which the buffer is handed on.
const flushAt = 64 << 10

// newCSV writes the header.
func newCSV(w io.Writer, f *survey.Form, extent Extent) (*csvRows, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	head := csv.NewWriter(w)
	if err := head.Write(Columns(f, extent)); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	if head.Flush(); head.Error() != nil {
		return nil, fmt.Errorf("write CSV: %w", head.Error())
	}
	return &csvRows{form: f, extent: extent, out: w, buf: make([]byte, 0, flushAt+8<<10)}, nil
}

// Write writes one response.
func (c *csvRows) Write(r *survey.Response) error {
	c.n++
	c.buf = c.row(c.buf, r)
	if len(c.buf) < flushAt {
		return nil
	}
	return c.flush()
}

// Close flushes.
func (c *csvRows) Close() (int64, error) { return c.n, c.flush() }

func (c *csvRows) flush() error {
	_, err := c.out.Write(c.buf)
	c.buf = c.buf[:0]
	if err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// row appends the cells of one response, in the order of Columns. Paper
// doesn't tell the hour.
func (c *csvRows) row(b []byte, r *survey.Response) []byte {
	if c.extent == Full {
		b = append(appendID(b, r), ',')
		b = append(append(b, r.Receipt()...), ',')
	} else {
		b = append(strconv.AppendInt(b, c.n, 10), ',')
	}
	for _, text := range [...]string{r.Period, r.Unit, r.Service, r.Point, r.Form, r.Mode.String(), r.Lang} {
		b = append(appendCell(b, text), ',')
	}
	b = append(append(b, c.times.day(r.Day)...), ',')
	if c.extent == Full {
		if r.Mode != survey.ModePaper {
			b = strconv.AppendUint(b, uint64(r.Hour), 10)
		}
		b = append(c.times.append(append(b, ','), r.StartedAt), ',')
		b = append(c.times.append(b, r.ReceivedAt), ',')
	}
	for q := range c.form.Questions {
		if v := r.Answers.At(q); v > 0 {
			b = strconv.AppendInt(b, int64(v), 10)
		} else if r.Answers.Declined(q) {
			b = append(b, Declined...)
		}
		b = append(b, ',')
	}
	for i := range c.form.Fields {
		b = append(appendCell(b, category(c.form, r, i)), ',')
	}
	return append(appendCell(b, inert(r.Comment)), '\n')
}

// inert writes a text so that no program of tables takes any of it for a formula: an
// apostrophe stands before a sign that begins one. Not only the first sign of a text can: a
// program set to Bahasa Indonesia parts a line of our commas at semicolons, and knows no
// quotes inside a cell, so that what follows a semicolon, a quote or a line break begins a
// cell there.
func inert(s string) string {
	var b []byte
	from := 0
	for i := range len(s) {
		if begins := i == 0 || strings.IndexByte(parting, s[i-1]) >= 0; begins && strings.IndexByte(formula, s[i]) >= 0 {
			b = append(append(b, s[from:i]...), '\'')
			from = i
		}
	}
	if b == nil {
		return s
	}
	return string(append(b, s[from:]...))
}

const (
	// formula are the signs that a formula may begin with, or that are cut before one.
	formula = "=+-@\t"
	// parting lists the signs that may end a cell.
	parting = ";\t\r\n\""
)

// appendID writes an id in its usual form.
func appendID(b []byte, r *survey.Response) []byte {
	for i, part := range [...][]byte{r.ID[:4], r.ID[4:6], r.ID[6:8], r.ID[8:10], r.ID[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}

// appendCell writes a text, in quotes where it needs them.
func appendCell(b []byte, s string) []byte {
	if !needsQuotes(s) {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// needsQuotes reports whether encoding/csv, which writes every other file of
// this package, would quote a text: both must look alike.
func needsQuotes(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c == ',' || c == '"' || c == '\r' || c == '\n' {
			return true
		}
	}
	if s == `\.` {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(first)
}

// stamps writes days and times. Responses come in the order of days, so the
// last texts are kept.
type stamps struct {
	last, lastUTC survey.Date
	text, textUTC string
}

func (s *stamps) day(d survey.Date) string {
	if s.text == "" || s.last != d {
		s.last, s.text = d, d.String()
	}
	return s.text
}

const msPerDay = 24 * 60 * 60 * 1000

// append writes a time in UTC as 2026-03-02T01:02:03.004Z, nothing for none.
func (s *stamps) append(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	ms := t.UnixMilli()
	rest := int((ms%msPerDay + msPerDay) % msPerDay)
	if d := survey.Date((ms - int64(rest)) / msPerDay); s.textUTC == "" || s.lastUTC != d {
		s.lastUTC, s.textUTC = d, d.String()
	}
	b = append(b, s.textUTC...)
	for _, part := range [...]struct {
		sign      byte
		value     int
		thousands bool
	}{{'T', rest / 3_600_000, false}, {':', rest / 60_000 % 60, false}, {':', rest / 1000 % 60, false}, {'.', rest % 1000, true}} {
		b = append(b, part.sign)
		if part.thousands {
			b = append(b, byte('0'+part.value/100))
		}
		b = append(b, byte('0'+part.value/10%10), byte('0'+part.value%10))
	}
	return append(b, 'Z')
}

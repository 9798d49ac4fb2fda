// Package export writes tables as CSV, XLSX and JSON lines: finished results and readiness,
// the LKE workbook, streams of raw responses, and the empty file that a clerk types answers
// from paper into. It computes nothing: every figure comes finished from analytics, every
// response as it is stored; formulas of a workbook only show how a figure comes about.
package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"persepsi/survey"
)

// Writer takes a stream of responses of one form.
type Writer interface {
	// Write writes one response.
	Write(r *survey.Response) error
	// Close writes what is still held back and returns the number of responses
	// written. It is called after an error too, since only then nothing writes any
	// more; it does not close the underlying writer.
	Close() (int64, error)
}

// Format is a file format of raw responses.
type Format string

// The formats. Each has a row in writers.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	JSONL Format = "jsonl"
)

// writerOf is a format with what makes its writer.
type writerOf struct {
	format Format
	begin  func(w io.Writer, f *survey.Form, extent Extent, tempDir string) (Writer, error)
	traits Traits
}

// Traits are what a format has beside its rows.
type Traits struct {
	// HoldsCodebook says that what the columns mean stands in the file itself.
	HoldsCodebook bool
	// NeedsDir says that the writer puts into a directory what it does not hold in memory.
	NeedsDir bool
}

// writers is the table of all formats. A format that is not here is written nowhere; one that
// is, the command offers and the tests of what no export may tell judge.
func writers() []writerOf {
	return []writerOf{
		{CSV, func(w io.Writer, f *survey.Form, extent Extent, _ string) (Writer, error) {
			return newCSV(w, f, extent)
		}, Traits{}},
		{XLSX, func(w io.Writer, f *survey.Form, extent Extent, dir string) (Writer, error) {
			return newXLSX(w, f, extent, dir)
		}, Traits{HoldsCodebook: true, NeedsDir: true}},
		{JSONL, func(w io.Writer, f *survey.Form, extent Extent, _ string) (Writer, error) {
			return newJSONL(w, f, extent), nil
		}, Traits{}},
	}
}

// Formats returns every format of raw responses.
func Formats() (out []Format) {
	for _, w := range writers() {
		out = append(out, w.format)
	}
	return out
}

// Traits returns what a format has beside its rows; nothing where there is no such format.
func (f Format) Traits() Traits {
	for _, w := range writers() {
		if w.format == f {
			return w.traits
		}
	}
	return Traits{}
}

// Extent says how much of each response an export tells.
type Extent uint8

// The extents. A list of people, such as that of a queue, can be laid beside the
// time, id or receipt of an answer, so only Full tells them.
const (
	// Trimmed tells the day and, instead of the id, the number of the row. Its
	// bytes depend only on what the rows say, not on who came first.
	Trimmed Extent = iota
	// Full tells the id, the receipt and the times too, in the order of the store.
	Full
)

// New makes a writer of responses to a form. TempDir is where XLSX puts what it
// cannot hold in memory; empty: where the system does.
func New(w io.Writer, format Format, f *survey.Form, extent Extent, tempDir string) (Writer, error) {
	all := writers()
	i := slices.IndexFunc(all, func(o writerOf) bool { return o.format == format })
	if i < 0 {
		return nil, fmt.Errorf("unknown format %q of responses", format)
	}
	out, err := all[i].begin(w, f, extent, tempDir)
	if err != nil || extent == Full {
		return out, err
	}
	return newLeveller(out), nil
}

// fixedColumns stand before the answers, in this order.
func fixedColumns(extent Extent) []string {
	if extent == Full {
		return []string{"id", "receipt", "period", "unit", "service", "point", "form", "mode", "lang", "day", "hour", "started_at", "received_at"}
	}
	return []string{"row", "period", "unit", "service", "point", "form", "mode", "lang", "day"}
}

// Declined is what CSV and XLSX hold for "don't know / prefer not to say". It is a
// text, so that no spreadsheet takes it for a score, and one that an import reads.
// An empty cell is no answer at all.
const Declined = "TT"

// Columns returns the header of an export of a form: what is known of each
// response, then every question, every respondent field and the comment.
func Columns(f *survey.Form, extent Extent) []string {
	out := fixedColumns(extent)
	for _, q := range f.Questions {
		out = append(out, q.Code)
	}
	for _, field := range f.Fields {
		out = append(out, field.Code)
	}
	return append(out, "comment")
}

func category(f *survey.Form, r *survey.Response, field int) string {
	if v := r.Respondent.At(field); v > 0 && v <= len(f.Fields[field].Categories) {
		return f.Fields[field].Categories[v-1].Code
	}
	return ""
}

// jsonLines writes one JSON object a line.
type jsonLines struct {
	form   *survey.Form
	extent Extent
	out    *bufio.Writer
	enc    *json.Encoder
	times  stamps
	n      int64
}

func newJSONL(w io.Writer, f *survey.Form, extent Extent) *jsonLines {
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &jsonLines{form: f, extent: extent, out: out, enc: enc}
}

type line struct {
	Row        int64             `json:"row,omitempty"`
	ID         string            `json:"id,omitempty"`
	Receipt    string            `json:"receipt,omitempty"`
	Period     string            `json:"period"`
	Unit       string            `json:"unit"`
	Service    string            `json:"service,omitempty"`
	Point      string            `json:"point,omitempty"`
	Form       string            `json:"form"`
	Mode       string            `json:"mode"`
	Lang       string            `json:"lang"`
	Day        string            `json:"day"`
	Hour       *int              `json:"hour,omitempty"`
	StartedAt  string            `json:"started_at,omitempty"`
	ReceivedAt string            `json:"received_at,omitempty"`
	Answers    map[string]*int   `json:"answers"` // null: declined
	Respondent map[string]string `json:"respondent"`
	Comment    string            `json:"comment,omitempty"`
}

// Write writes one response.
func (j *jsonLines) Write(r *survey.Response) error {
	l := line{
		Period: r.Period, Unit: r.Unit, Service: r.Service, Point: r.Point, Form: r.Form,
		Mode: r.Mode.String(), Lang: r.Lang, Day: r.Day.String(),
		Answers: make(map[string]*int, len(j.form.Questions)), Respondent: map[string]string{}, Comment: r.Comment,
	}
	if j.extent == Full {
		l.ID, l.Receipt = r.ID.String(), r.Receipt()
		l.StartedAt, l.ReceivedAt = string(j.times.append(nil, r.StartedAt)), string(j.times.append(nil, r.ReceivedAt))
		if r.Mode != survey.ModePaper {
			h := int(r.Hour)
			l.Hour = &h
		}
	} else {
		l.Row = j.n + 1
	}
	for q := range j.form.Questions {
		switch v := r.Answers.At(q); {
		case v > 0:
			l.Answers[j.form.Questions[q].Code] = &v
		case r.Answers.Declined(q):
			l.Answers[j.form.Questions[q].Code] = nil
		}
	}
	for i := range j.form.Fields {
		if c := category(j.form, r, i); c != "" {
			l.Respondent[j.form.Fields[i].Code] = c
		}
	}
	if err := j.enc.Encode(l); err != nil {
		return fmt.Errorf("write JSON lines: %w", err)
	}
	j.n++
	return nil
}

// Close flushes.
func (j *jsonLines) Close() (int64, error) {
	if err := j.out.Flush(); err != nil {
		return j.n, fmt.Errorf("write JSON lines: %w", err)
	}
	return j.n, nil
}

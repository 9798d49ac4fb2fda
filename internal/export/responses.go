// Package export writes finished results and streams of raw responses as CSV,
// XLSX and JSON lines. It computes nothing: every figure comes finished from
// analytics, every response as it is stored.
package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"persepsi/survey"
)

// Writer takes a stream of responses of one form.
type Writer interface {
	// Write writes one response.
	Write(r *survey.Response) error
	// Close writes what is still held back and returns the number of responses
	// written. It does not close the underlying writer.
	Close() (int64, error)
}

// fixedColumns stand before the answers, in this order.
func fixedColumns() []string {
	return []string{"id", "receipt", "period", "unit", "service", "point", "form", "mode", "lang", "day", "hour", "started_at", "received_at"}
}

// Columns returns the header of an export of a form: what is known of each
// response, then every question, every respondent field and the comment.
func Columns(f *survey.Form) []string {
	out := fixedColumns()
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

// JSONL writes one JSON object a line.
type JSONL struct {
	form  *survey.Form
	out   *bufio.Writer
	enc   *json.Encoder
	times stamps
	n     int64
}

// NewJSONL makes a writer of JSON lines.
func NewJSONL(w io.Writer, f *survey.Form) *JSONL {
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &JSONL{form: f, out: out, enc: enc}
}

type line struct {
	ID         string            `json:"id"`
	Receipt    string            `json:"receipt"`
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
	ReceivedAt string            `json:"received_at"`
	Answers    map[string]int    `json:"answers"`
	Respondent map[string]string `json:"respondent"`
	Comment    string            `json:"comment,omitempty"`
}

// Write writes one response.
func (j *JSONL) Write(r *survey.Response) error {
	l := line{
		ID: r.ID.String(), Receipt: r.Receipt(), Period: r.Period, Unit: r.Unit, Service: r.Service, Point: r.Point, Form: r.Form,
		Mode: r.Mode.String(), Lang: r.Lang, Day: r.Day.String(),
		StartedAt: string(j.times.append(nil, r.StartedAt)), ReceivedAt: string(j.times.append(nil, r.ReceivedAt)),
		Answers: make(map[string]int, len(j.form.Questions)), Respondent: map[string]string{}, Comment: r.Comment,
	}
	if r.Mode != survey.ModePaper {
		h := int(r.Hour)
		l.Hour = &h
	}
	for q := range j.form.Questions {
		if v := r.Answers.At(q); v > 0 {
			l.Answers[j.form.Questions[q].Code] = v
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
func (j *JSONL) Close() (int64, error) {
	if err := j.out.Flush(); err != nil {
		return j.n, fmt.Errorf("write JSON lines: %w", err)
	}
	return j.n, nil
}

// Codebook writes what the columns and values of an export mean, as CSV.
func Codebook(w io.Writer, f *survey.Form) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write codebook: %w", err)
	}
	c := csv.NewWriter(w)
	rows := [][]string{{"column", "kind", "text_id", "text_en", "value", "label_id", "label_en"}}
	for _, q := range f.Questions {
		kind := "question"
		if !q.Scored {
			kind = "signal"
		}
		for _, o := range q.Options {
			rows = append(rows, []string{q.Code, kind, q.Text.In("id"), q.Text.In("en"), strconv.Itoa(o.Value), o.Label.In("id"), o.Label.In("en")})
		}
	}
	for _, field := range f.Fields {
		for _, o := range field.Categories {
			rows = append(rows, []string{field.Code, "respondent", field.Text.In("id"), field.Text.In("en"), o.Code, o.Label.In("id"), o.Label.In("en")})
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write codebook: %w", err)
	}
	return nil
}

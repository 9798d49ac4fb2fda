package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// TestEveryRowIsTheOneThatTheStandardLibraryWouldWrite writes responses of any
// content both ways.
func TestEveryRowIsTheOneThatTheStandardLibraryWouldWrite(t *testing.T) {
	t.Parallel()
	form, model := sample(t)
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "a", `\.`, " a", "\u00a0a", "a,b", `"`, "a\r\nb", "'", "=1", "\ta", "-"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		r := *model
		copy(r.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		r.Unit, r.Service, r.Comment = text.Draw(t, "unit"), text.Draw(t, "service"), text.Draw(t, "comment")
		r.Mode, r.Hour = survey.Mode(rapid.IntRange(0, 3).Draw(t, "mode")), uint8(rapid.IntRange(0, 23).Draw(t, "hour"))
		r.Day = survey.Date(rapid.IntRange(-1000, 40_000).Draw(t, "day"))
		r.StartedAt = time.UnixMilli(rapid.Int64Range(-1e12, 1e13).Draw(t, "started"))
		if rapid.Bool().Draw(t, "untold") {
			r.StartedAt = time.Time{}
		}
		r.ReceivedAt = time.UnixMilli(rapid.Int64Range(-1e12, 1e13).Draw(t, "received"))
		var got, want bytes.Buffer
		w, err := newCSV(&got, form, Full)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(&r); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		standard := csv.NewWriter(&want)
		_ = standard.WriteAll([][]string{Columns(form, Full), plainRow(form, &r)})
		if got.String() != "\ufeff"+want.String() {
			t.Errorf("got:\n%q\nwant:\n%q", got.String(), want.String())
		}
	})
}

// An apostrophe stands before every sign that a cell may begin with somewhere: also in a
// program that parts lines at semicolons and takes no quote within a cell for one.
func TestNoPartOfATextBeginsAFormula(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ text, want string }{
		{"", ""},
		{"bagus", "bagus"},
		{"1+1=2, a-b, a@b.id", "1+1=2, a-b, a@b.id"},
		{"baik; - cepat", "baik; - cepat"},
		{"=1", "'=1"},
		{"+62", "'+62"},
		{"-", "'-"},
		{"@a", "'@a"},
		{"\t=1", "'\t'=1"},
		{"bagus;=cmd|' /C calc'!A0", "bagus;'=cmd|' /C calc'!A0"},
		{"a;;-1;@b", "a;;'-1;'@b"},
		{"a\n=1\r\n+2\r@3", "a\n'=1\r\n'+2\r'@3"},
		{`kata "=1"`, `kata "'=1"`},
	} {
		if got := inert(one.text); got != one.want {
			t.Errorf("%q is written as %q, want %q", one.text, got, one.want)
		}
	}
}

// plainRow returns the cells of a response the obvious way.
func plainRow(f *survey.Form, r *survey.Response) []string {
	hour := ""
	if r.Mode != survey.ModePaper {
		hour = strconv.Itoa(int(r.Hour))
	}
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	cells := []string{
		r.ID.String(), r.Receipt(), r.Period, r.Unit, r.Service, r.Point, r.Form, r.Mode.String(), r.Lang, r.Day.String(), hour,
		stamp(r.StartedAt), stamp(r.ReceivedAt),
	}
	for q := range f.Questions {
		cell := ""
		if v := r.Answers.At(q); v > 0 {
			cell = strconv.Itoa(v)
		}
		cells = append(cells, cell)
	}
	for i := range f.Fields {
		cells = append(cells, category(f, r, i))
	}
	return append(cells, inert(r.Comment))
}

type failing struct{ after int }

var errDisk = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestAnExportThatCannotBeWrittenSaysSo(t *testing.T) {
	t.Parallel()
	form, r := sample(t)
	r.Comment = strings.Repeat("x", 2000)
	for _, after := range []int{0, 2, 5000, 100_000} {
		w, err := newCSV(&failing{after}, form, Full)
		for n := 0; err == nil && n < 1000; n++ {
			err = w.Write(r)
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("after %d bytes: %v", after, err)
		}
	}
}

// BenchmarkCSV measures the writing of rows alone:
//
//	go test -run '^$' -bench CSV ./internal/export
func BenchmarkCSV(b *testing.B) {
	lib, err := survey.NewLibrary()
	if err != nil {
		b.Fatal(err)
	}
	form, err := lib.FormByID("terpadu-16@1")
	if err != nil {
		b.Fatal(err)
	}
	r := &survey.Response{
		ID: uuid.New(), Period: "2026-s1", Unit: "dukcapil-loket", Service: "ktp", Point: "KUPARI47", Form: form.ID, Lang: "id",
		Day: survey.NewDate(2026, 3, 2), Hour: 9, StartedAt: time.UnixMilli(1772413000123), ReceivedAt: time.UnixMilli(1772413051123),
		Answers: "34434344434434431", Respondent: "23542",
	}
	w, err := newCSV(&failing{1 << 62}, form, Full)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

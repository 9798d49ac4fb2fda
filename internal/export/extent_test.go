package export

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// arrivals are answers of two days, in the order in which they came.
func arrivals(t *testing.T) (*survey.Form, []*survey.Response) {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("skm-9@1")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	var out []*survey.Response
	at := time.Date(2026, 3, 2, 1, 23, 45, 678e6, time.UTC)
	for i := range 40 {
		at = at.Add(7 * time.Minute)
		day := survey.NewDate(2026, 3, 2+i/20)
		values := make([]int, len(form.Questions))
		for q := range values {
			values[q] = 1 + rng.IntN(len(form.Questions[q].Options))
		}
		out = append(out, &survey.Response{
			ID: uuid.New(), Period: "p", Unit: "u", Point: "AA01", Service: "ktp", Form: form.ID, Mode: survey.ModeQR, Lang: "id", Day: day, Hour: 9,
			StartedAt: at.Add(-time.Minute), ReceivedAt: at, Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(make([]int, len(form.Fields))),
		})
	}
	return form, out
}

func rendered(t *testing.T, format Format, form *survey.Form, extent Extent, list []*survey.Response) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := New(&out, format, form, extent, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := w.Close(); err != nil || n != int64(len(list)) {
		t.Fatalf("%d rows, %v", n, err)
	}
	return out.Bytes()
}

// sheets reads a workbook back as lines of text.
func sheets(t *testing.T, data []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			out = append(out, strings.Join(row, ","))
		}
	}
	return strings.Join(out, "\n")
}

// Laid beside a list of people, a trimmed export tells of nobody: it has no time, id
// or receipt, and the order of its rows is not that in which they came.
func TestATrimmedExportJoinsNobodyToAnAnswer(t *testing.T) {
	t.Parallel()
	form, list := arrivals(t)
	other := slices.Clone(list)
	for day := 0; day < 40; day += 20 { // the same answers, by others and in another order
		rand.New(rand.NewPCG(1, 2)).Shuffle(20, func(i, j int) { other[day+i], other[day+j] = other[day+j], other[day+i] })
	}
	for i, r := range other {
		c := *r
		c.ID, c.ReceivedAt, c.Hour = uuid.New(), list[i].ReceivedAt.Add(time.Hour), 11
		c.StartedAt = time.Time{}
		other[i] = &c
	}
	plain := func(_ *testing.T, data []byte) string { return string(data) }
	// How each format is read as text: one without a reader here would be judged by nobody.
	read := map[Format]func(*testing.T, []byte) string{CSV: plain, JSONL: plain, XLSX: sheets}
	for _, format := range Formats() {
		if read[format] == nil {
			t.Errorf("nothing here reads %s: say how, so that it is judged too", format)
			continue
		}
		text := func(list []*survey.Response, extent Extent) string {
			return read[format](t, rendered(t, format, form, extent, list))
		}
		trimmed, full := text(list, Trimmed), text(list, Full)
		if again := text(other, Trimmed); again != trimmed {
			t.Errorf("%s depends on who came when", format)
		}
		for _, r := range list {
			for what, secret := range map[string]string{"id": r.ID.String(), "receipt": r.Receipt(), "time": r.ReceivedAt.Format("15:04:05"), "start": r.StartedAt.Format("15:04:05")} {
				if strings.Contains(trimmed, secret) {
					t.Errorf("%s, trimmed, has the %s of an answer", format, what)
				}
				if !strings.Contains(full, secret) {
					t.Errorf("%s, in full, lacks the %s of an answer", format, what)
				}
			}
		}
	}
}

func TestAWorkbookHoldsEveryAnswerOverAsManySheetsAsItNeeds(t *testing.T) {
	t.Parallel()
	form, list := arrivals(t)
	var out bytes.Buffer
	x, err := newXLSX(&out, form, Full, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	x.most = 16
	for _, r := range list {
		if err := x.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := x.Close(); err != nil || n != 40 {
		t.Fatalf("%d rows, %v", n, err)
	}
	text := sheets(t, out.Bytes())
	for _, r := range list {
		if strings.Count(text, r.ID.String()) != 1 {
			t.Errorf("%s is there %d times", r.ID, strings.Count(text, r.ID.String()))
		}
	}
	if n := strings.Count(text, "id,receipt,period"); n != 3 {
		t.Errorf("%d sheets have a header, want 3", n)
	}
	if !strings.Contains(text, "persyaratan,question,") {
		t.Error("there is no codebook")
	}
}

package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

func sample(t *testing.T) (*survey.Form, *survey.Response) {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("skm-9@1")
	if err != nil {
		t.Fatal(err)
	}
	return form, &survey.Response{
		ID: uuid.MustParse("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), Period: "p", Unit: "u", Service: "ktp", Point: "KUPARI47",
		Form: form.ID, Mode: survey.ModeKiosk, Lang: "id", Day: survey.NewDate(2026, 3, 2), Hour: 9,
		ReceivedAt: time.Date(2026, 3, 2, 1, 2, 3, 4e6, time.UTC), Answers: "4-34444441", Respondent: "23---", Comment: "=HYPERLINK(\"x\"), \"ya\"\nbaris dua",
	}
}

func TestCSVHoldsEveryColumnAndNothingThatRuns(t *testing.T) {
	t.Parallel()
	form, r := sample(t)
	var out bytes.Buffer
	w, err := newCSV(&out, form, Full)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(r); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Close(); n != 1 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) {
		t.Fatalf("%v, %v", rows, err)
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"id": r.ID.String(), "receipt": r.Receipt(), "persyaratan": "4", "prosedur": "", "waktu": "3", "arahan": "1", "sex": "P", "age": "26-35",
		"education": "", "mode": "kiosk", "hour": "9", "day": "2026-03-02", "started_at": "", "received_at": "2026-03-02T01:02:03.004Z",
		"comment": "'" + r.Comment,
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
}

func TestJSONLinesAreExact(t *testing.T) {
	t.Parallel()
	form, r := sample(t)
	var out bytes.Buffer
	w := newJSONL(&out, form, Full)
	for range 2 {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := w.Close(); n != 2 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var got struct {
		Comment    string
		Answers    map[string]int
		Respondent map[string]string
	}
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil || len(lines) != 2 {
		t.Fatal(err, lines)
	}
	if _, missing := got.Answers["prosedur"]; missing || got.Answers["waktu"] != 3 || got.Respondent["sex"] != "P" || got.Comment != r.Comment {
		t.Errorf("got %+v", got)
	}
}

func TestTheCodebookNamesEveryValue(t *testing.T) {
	t.Parallel()
	form, _ := sample(t)
	var out bytes.Buffer
	if err := Codebook(&out, form, Full); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	want := 1 + len(fixedColumns(Full)) + 1 // a header, the columns that are no answer, the comment
	for _, q := range form.Questions {
		want += len(q.Options)
	}
	for _, f := range form.Fields {
		want += len(f.Categories)
	}
	for _, row := range rows {
		if row[1] == "column" && (len(row[2]) < 4 || len(row[3]) < 4) {
			t.Errorf("column %s is not explained", row[0])
		}
	}
	if err != nil || len(rows) != want {
		t.Errorf("%d rows, want %d, %v", len(rows), want, err)
	}
}

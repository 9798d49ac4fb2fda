package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

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

func TestADeclinedAnswerHasACodeOfItsOwnInEveryFormat(t *testing.T) {
	t.Parallel()
	shipped, r := sample(t)
	form := *shipped
	form.Questions = slices.Clone(form.Questions)
	form.Questions[1].Declinable, form.Questions[2].Declinable = true, true
	r.Answers = "4-04444410"
	cells := func(rows [][]string) map[string]string {
		out := map[string]string{}
		for i, name := range rows[0] {
			out[name] = rows[1][i]
		}
		return out
	}
	table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(rendered(t, CSV, &form, Trimmed, []*survey.Response{r}), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(rendered(t, XLSX, &form, Trimmed, []*survey.Response{r})))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet, err := book.GetRows("Jawaban")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]map[string]string{"CSV": cells(table), "XLSX": cells(sheet)} {
		if got["persyaratan"] != "4" || got["prosedur"] != "" || got["waktu"] != "TT" || got["arahan"] != "TT" {
			t.Errorf("%s: %v, want prosedur empty, waktu and arahan TT", name, got)
		}
	}
	var line struct{ Answers map[string]*int }
	if err := json.Unmarshal(rendered(t, JSONL, &form, Trimmed, []*survey.Response{r}), &line); err != nil {
		t.Fatal(err)
	}
	waktu, declined := line.Answers["waktu"]
	if _, there := line.Answers["prosedur"]; there || !declined || waktu != nil || *line.Answers["persyaratan"] != 4 {
		t.Errorf("JSON lines: %v, want waktu null and prosedur absent", line.Answers)
	}
	var out bytes.Buffer
	if err := Codebook(&out, &form, Trimmed); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if n := strings.Count(text, ",TT,Tidak tahu / tidak ingin menjawab,Don't know / prefer not to say\n"); n != 2 || !strings.Contains(text, "prosedur,") {
		t.Errorf("the codebook has %d rows of declined answers, want those of the two questions that may be:\n%s", n, text)
	}
}

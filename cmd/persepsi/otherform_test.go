package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// An answer that was on its way when a period's form was declared anew is stored
// and belongs to no figure. It stops neither the service nor the commands, which
// tell of it.
func TestAnAnswerToAnotherFormStopsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, "apply", declared(t, oneCounter), "--data", dir)
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	form, err := r.library.FormByID("skm-9@2")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	_, err = db.Append(t.Context(), []*survey.Response{{
		ID: uuid.New(), Period: "berjalan", Unit: "dukcapil-loket", Service: "ktp", Point: "KUPARI47", Form: form.ID,
		Day: survey.DateOf(now, time.UTC), ReceivedAt: now, Answers: survey.MakeMarks(make([]int, len(form.Questions))), Respondent: survey.MakeMarks(make([]int, len(form.Fields))),
	}})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	const told = "period berjalan: 1 answers are to the form skm-9@2"
	s := serve(t, "--data", dir)
	page := s.page("/s/KUPARI47").Find("form[method=post]")
	s.postForm(page.AttrOr("action", ""), filled(page, "3"))
	eventually(t, "the other answer", func() bool { return strings.Contains(s.page("/hasil/dukcapil-loket").Find("main").Text(), "1 jawaban") })
	if code := s.stop(); code != exitDone || !strings.Contains(s.log.String(), told) {
		t.Errorf("exit code %d; the log tells nothing of it: %s", code, s.log)
	}
	out, notes := must(t, "results", "--data", dir, "--period", "berjalan")
	if !strings.Contains(out, `"shown":"75.00"`) || !strings.Contains(notes, "note: "+told) {
		t.Errorf("results: %s\n%s", notes, out)
	}
	out, notes = must(t, "export", "--data", dir, "--period", "berjalan")
	if strings.Contains(out, "skm-9@2") || !strings.Contains(notes, "1 rows\nnote: 1 answers to another form") {
		t.Errorf("export: %s\n%s", notes, out)
	}
	if out, _ := must(t, "recount", "--data", dir); !strings.Contains(out, "2 responses in 2 buckets recounted, 0 tallies differed") {
		t.Error(out)
	}
}

package handlers_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// importRows stores that many answers from paper as an import, all questions answered at
// random, and returns its serial.
func importRows(t *testing.T, k *testkit.Kit, rng *rand.Rand, n int, at time.Time) int {
	t.Helper()
	d := k.Register.Directory()
	form := d.Form("2026-s1")
	list := make([]*survey.Response, n)
	for i := range list {
		values := make([]int, len(form.Questions))
		for q := range values {
			values[q] = 1 + rng.IntN(len(form.Questions[q].Options))
		}
		received := at.Add(time.Duration(i-n) * time.Second).UTC()
		list[i] = &survey.Response{
			ID: uuid.New(), Period: "2026-s1", Unit: "dukcapil-loket", Form: form.ID, Mode: survey.ModePaper, Lang: "id", Day: survey.DateOf(received, d.Zone()), ReceivedAt: received,
			Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(make([]int, len(form.Fields))),
		}
	}
	imported, err := k.Store.Import(t.Context(), &survey.Import{At: at, By: "command line", Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: "dukcapil-loket", Rows: n}}}, list)
	if err != nil {
		t.Fatal(err)
	}
	return imported.Serial
}

// An undo of four rows moves nothing that a reader of released figures has in hand, and
// is told as a count; evaluators see it at once. One of many moves all together.
func TestAnUndoOfFewMovesNoReleasedFigure(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	rng := rand.New(rand.NewPCG(12, 7))
	few := importRows(t, k, rng, 4, testkit.Noon().Add(-3*time.Hour))
	many := importRows(t, k, rng, 20, testkit.Noon().Add(-2*time.Hour))
	importRows(t, k, rng, 40, testkit.Noon().Add(-time.Hour))
	k.Refresh()
	const results = "/api/v1/results?period=2026-s1&unit=dukcapil-loket"
	paths := []string{results, results + "&explain=true", "/hasil/dukcapil-loket", "/hasil/dukcapil-loket?lang=en", "/api/v1/results/history?unit=dukcapil-loket"}
	keys := map[string]string{"public": "", "manager": k.Key(access.Manager, "dukcapil"), "evaluator": k.Key(access.Evaluator, "")}
	read := func() map[string]string {
		out := map[string]string{}
		for who, key := range keys {
			for _, path := range paths {
				r := k.Get(path)
				if key != "" {
					r = k.GetAs(key, path)
				}
				out[who+" "+path] = seen(r.Text)
			}
		}
		return out
	}
	numbers := func() (valid, counted, undone int) {
		var got struct {
			Units []struct {
				Responses struct{ Valid, Counted, Undone int }
			}
		}
		k.Get(results).JSON(&got)
		of := got.Units[0].Responses
		return of.Valid, of.Counted, of.Undone
	}
	before := read()
	if valid, counted, undone := numbers(); valid != 64 || counted != 54 || undone != 0 {
		t.Fatalf("%d answers, %d counted, %d undone", valid, counted, undone)
	}
	undo := func(serial int) {
		t.Helper()
		if err := k.Store.UndoImport(t.Context(), serial, survey.Undo{At: testkit.Noon(), By: "command line", Reason: "keliru"}); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		k.Refresh()
	}
	undo(few)
	after := read()
	untold := strings.NewReplacer(`"undone":4,`, "", " dari impor sudah ditarik kembali.", "", " from an import were taken back.", "")
	for what, text := range after {
		told := strings.Join(strings.Fields(untold.Replace(text)), " ")
		switch same := told == strings.Join(strings.Fields(before[what]), " "); {
		case strings.HasPrefix(what, "evaluator "+results) && same:
			t.Errorf("%s still holds them", what)
		case !same && !strings.HasPrefix(what, "evaluator"):
			t.Errorf("%s changed by four", what)
		case text == before[what] && strings.Contains(what, "loket?lang=en"):
			t.Errorf("%s tells nothing of them", what)
		}
	}
	if valid, counted, undone := numbers(); valid != 60 || counted != 54 || undone != 4 {
		t.Errorf("%d answers, %d counted, %d undone; want 60, 54 and 4", valid, counted, undone)
	}
	undo(many)
	if valid, counted, undone := numbers(); valid != 40 || counted != 30 || undone != 24 {
		t.Errorf("%d answers, %d counted, %d undone; want 40, 30 and 24", valid, counted, undone)
	}
	page := k.Get("/hasil/dukcapil-loket").Text
	if !strings.Contains(page, "24 jawaban dari impor sudah ditarik kembali") {
		t.Error("the page tells nothing of what was taken back")
	}
}

// A page says so where the figures still hold more answers than there are.
func TestAPageSaysThatFiguresStillHoldWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	rng := rand.New(rand.NewPCG(13, 7))
	first := importRows(t, k, rng, 12, testkit.Noon().Add(-3*time.Hour))
	importRows(t, k, rng, 17, testkit.Noon().Add(-time.Hour))
	k.Refresh()
	if err := k.Store.UndoImport(t.Context(), first, survey.Undo{At: testkit.Noon(), By: "command line", Reason: "keliru"}); err != nil {
		t.Fatal(err)
	}
	wait(time.Second)
	k.Refresh()
	page := k.Get("/hasil/dukcapil-loket").Text
	for _, want := range []string{"17 jawaban; angka masih dihitung dari 19 sampai", "12 jawaban dari impor sudah ditarik kembali"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

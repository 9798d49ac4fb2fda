package report

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// Who asks first for a closed period's tables has them read for all who ask meanwhile, and may
// leave before they are there.
func TestTablesAreReadForAllWhoWaitThoughTheFirstHasLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	const answers = "4444444444444444-"
	form := w.directory.Form("p")
	people := make([]survey.Response, 20)
	for i := range people {
		people[i] = survey.Response{ID: uuid.New(), Form: form.ID, Answers: answers, Respondent: survey.Marks(strings.Repeat("-", len(form.Fields))), Mode: survey.ModeQR, Service: "ktp"}
	}
	tables, err := analytics.MakeTables(form, people, func(int, int) int { return 1 })
	if err != nil {
		t.Fatal(err)
	}
	w.store.tables = map[string]*analytics.Tables{"u1": tables}
	w.release(t, "u1", true, times(20, answers)...)
	w.store.released["u1"].Tables, w.store.released["u1"].Checksum = true, "c"
	w.store.revision++
	w.refresh(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	period, _ := w.directory.Period("p")
	got, err := w.builder.Breakdown(gone, w.builder.Figures(), period, "u1", "service", Public)
	if err != nil || got.State != "final" || got.N == nil || *got.N != 20 {
		t.Errorf("%+v, %v", got, err)
	}
}

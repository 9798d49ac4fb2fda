package handlers_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/testkit"
)

// An evaluator's entry is told with the values that it replaces.
func TestTheAuditTellsWhatAnEvaluatorChanged(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	evaluator := k.Key(access.Evaluator, "")
	for _, body := range []string{
		`{"version":0,"capaian_kinerja":"B","pengungkit":47.875,`,
		`{"version":1,"capaian_kinerja":"A","pengungkit":{"sdm":7.25,"pengawasan":11},`,
		`{"version":2,"pengungkit":{"sdm":8,"tatalaksana":5},`,
	} {
		body += `"period":"2026-s1","unit":"pkm","who":"TPI","why":"berita acara 12"}`
		if r := k.PutJSON(evaluator, "/api/v1/zi/indicators", body); r.StatusCode != 200 {
			t.Fatalf("%s: %d %s", body, r.StatusCode, r.Text)
		}
	}
	var got []audit.Entry
	if err := k.Store.AuditLog(t.Context(), func(e audit.Entry) error {
		got = append(got, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	entry := audit.Entry{Action: "set_evaluation", Subject: "2026-s1/pkm", Reason: "berita acara 12", Periods: []string{"2026-s1"}, Units: []string{"pkm"}}
	want := []audit.Entry{entry, entry, entry}
	want[0].Detail, want[0].Changes = "version 1 by TPI", []audit.Change{{What: "capaian_kinerja", After: "B"}, {What: "pengungkit", After: "47.875"}}
	want[1].Detail, want[1].Changes = "version 2 by TPI", []audit.Change{
		{What: "capaian_kinerja", Before: "B", After: "A"}, {What: "pengungkit", Before: "47.875"}, {What: "pengungkit.pengawasan", After: "11"}, {What: "pengungkit.sdm", After: "7.25"},
	}
	want[2].Detail, want[2].Changes = "version 3 by TPI", []audit.Change{
		{What: "pengungkit.pengawasan", Before: "11"}, {What: "pengungkit.sdm", Before: "7.25", After: "8"}, {What: "pengungkit.tatalaksana", After: "5"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(audit.Entry{}, "Serial", "ID", "At", "Actor", "Previous", "Hash")); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	for _, e := range got {
		if e.Actor == "" || strings.Contains(e.Actor, evaluator) {
			t.Errorf("it was done by %q", e.Actor)
		}
	}
}

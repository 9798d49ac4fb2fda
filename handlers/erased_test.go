package handlers_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// TestWhatWasRemovedByRespondentFieldIsSaid closes a period, erases it, and has every role
// ask for what was there.
func TestWhatWasRemovedByRespondentFieldIsSaid(t *testing.T) {
	t.Parallel()
	city := strings.Replace(testkit.City, "{name: Kota Contoh}", "{name: Kota Contoh, notice: {retention_months: 1}}", 1)
	k, wait := timedIn(t, city)
	for i := range 24 {
		if r := k.PostJSON(responsesPath, k.Response(func(b map[string]any) {
			wait(time.Millisecond)
			b["respondent"] = map[string]string{"sex": []string{"L", "P"}[i%2], "education": "S1"}
		})); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	const breakdown = "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by="
	type reply struct {
		State   string
		Removed string
		N       *int
		Cells   []struct {
			Code       string
			N          int
			Suppressed bool
			Means      map[string]float64
		}
	}
	roles := []string{k.Key(access.Evaluator, ""), k.Key(access.Manager, "dukcapil"), k.Key(access.Admin, "")}
	ask := func(role, by string) (out reply) {
		t.Helper()
		k.GetAs(role, breakdown+by).JSON(&out)
		return out
	}
	now := survey.NewDate(2026, time.July, 31).In(k.Register.Directory().Zone()).Add(time.Hour)
	wait(now.Sub(testkit.Noon()))
	k.Refresh()
	for _, role := range roles {
		if got := ask(role, "sex"); got.State != "final" || len(got.Cells) != 2 || got.Cells[0].Means == nil || got.Removed != "" {
			t.Fatalf("before the erasure: %+v", got)
		}
	}
	const removed = "31 Juli 2026"
	if text := k.Get("/hasil/dukcapil-loket?period=2026-s1").Text; strings.Contains(text, removed) || !strings.Contains(text, "Laki-laki") {
		t.Fatal(text)
	}
	services := ask(roles[0], "service")
	e := &retention.Eraser{
		Store: k.Store, Tallies: k.Store.Projector, Releases: projection.NewReleaser(k.Store.Projector, 0, func() bool { return true }),
		Actor: "server", Log: slog.New(slog.DiscardHandler),
	}
	for range 2 {
		if err := e.Run(t.Context(), k.Register.Directory(), now); err != nil {
			t.Fatal(err)
		}
	}
	k.Refresh()
	for _, role := range roles {
		got := ask(role, "sex")
		if got.State != "removed" || got.Removed != "2026-07-31" || got.N != nil || len(got.Cells) != 2 {
			t.Errorf("by sex: %+v", got)
		}
		for _, c := range got.Cells {
			if c.N != 12 || c.Suppressed || c.Means != nil {
				t.Errorf("by sex: %+v", c)
			}
		}
		for _, c := range ask(role, "education").Cells { // all told the same
			if !c.Suppressed || c.N != 0 || c.Means != nil {
				t.Errorf("by education: %+v", c)
			}
		}
		if got := ask(role, "service"); got.State != "final" || got.Removed != "" || len(got.Cells) == 0 || len(got.Cells[0].Means) != len(services.Cells[0].Means) {
			t.Errorf("by service: %+v, want as before: %+v", got, services)
		}
	}
	if text := k.Get("/hasil/dukcapil-loket?period=2026-s1").Text; !strings.Contains(text, removed) || !strings.Contains(text, "Laki-laki") {
		t.Error("the page does not tell that it was removed: ", text)
	}
	groups := visit(k, http.MethodGet, unitPage+"/rincian?period=2026-s1", k.SignIn(access.Manager, "dukcapil")).HTML()
	if text := said(groups.Find("#kelompok-sex")); !strings.Contains(text, removed) || !strings.Contains(text, "12") || groups.Find("#kelompok-sex thead th").Length() != 1 {
		t.Errorf("the desk shows by sex %q", text)
	}
	if text := said(groups.Find("#kelompok-service")); strings.Contains(text, removed) || groups.Find("#kelompok-service thead th").Length() < 2 {
		t.Errorf("the desk shows by service %q", text)
	}
	var none reply // of a unit without a release: its answers have no group that anybody told
	k.GetAs(roles[0], strings.Replace(breakdown, "dukcapil-loket", "pkm", 1)+"sex").JSON(&none)
	if none.State != "removed" || len(none.Cells) != 0 {
		t.Errorf("of a unit without a release: %+v", none)
	}
}

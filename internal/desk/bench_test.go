package desk_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/desk"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// BenchmarkDesk measures the desk of a city that persepsi-bench made, in the directory that
// PERSEPSI_DESK_CITY names: the first desk after a start, one where nothing changed, one
// after every unit got an answer, what is learned of how units drift, a closer look at a unit
// without what was kept of it, and what is cut for a manager. The city is not changed.
func BenchmarkDesk(b *testing.B) {
	dir := os.Getenv("PERSEPSI_DESK_CITY")
	if dir == "" {
		b.Skip("PERSEPSI_DESK_CITY names no directory")
	}
	library, err := survey.NewLibrary()
	if err != nil {
		b.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		b.Fatal(err)
	}
	copied := b.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		b.Fatal(err)
	}
	store, err := sqlite.Open(b.Context(), copied)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	register, err := survey.NewRegister(b.Context(), store, library, methods)
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now
	projector := projection.NewLive(store, library, 15*time.Second, now)
	figures, err := report.NewBuilder(report.NewBoard(struct {
		*sqlite.DB
		*projection.Projector
	}{store, projector}), register.Directory, cache.New(0), now)
	if err != nil {
		b.Fatal(err)
	}
	if err := figures.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	refresh := func(d *desk.Builder) {
		if err := d.Refresh(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	city := access.Actor{Name: "x", Grants: []access.Grant{{Role: access.Evaluator, Scope: access.City()}}}
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			refresh(desk.NewBuilder(figures.Figures, projector, nil, now))
		}
	})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	desks := desk.NewBuilder(figures.Figures, projector, nil, now)
	refresh(desks)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d answers, %d units, memory %.1f MB", figures.Figures().Answers(), len(desks.Desk().For(city).Agencies)*20, float64(after.HeapAlloc-before.HeapAlloc)/1e6)
	b.Run("nothing changed", func(b *testing.B) {
		for b.Loop() {
			refresh(desks)
		}
	})
	b.Run("every unit got an answer", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			answerEverywhere(b, store, register.Directory())
			if err := figures.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			refresh(desks)
		}
	})
	details, err := desk.NewDetails(figures, cache.New(0))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("how units drift, learned", func(b *testing.B) {
		for b.Loop() {
			if err := desk.NewBuilder(figures.Figures, projector, nil, now).Learn(b.Context(), figures, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("a closer look at each unit in turn", func(b *testing.B) {
		var units []*desk.Unit
		on := desks.Desk().For(city)
		for _, a := range on.Agencies {
			units = append(units, a.Units...)
		}
		at := 0
		for b.Loop() {
			if _, err := details.Of(b.Context(), on, units[at%len(units)], ""); err != nil {
				b.Fatal(err)
			}
			at++
		}
	})
	b.Run("cut for the city", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			answerEverywhere(b, store, register.Directory())
			if err := figures.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
			refresh(desks)
			b.StartTimer()
			desks.Desk().For(city)
		}
	})
}

// answerEverywhere stores an answer of today at each unit.
func answerEverywhere(b *testing.B, store *sqlite.DB, d *survey.Directory) {
	b.Helper()
	now := time.Now()
	var list []*survey.Response
	for _, a := range d.Catalogue().Agencies {
		for _, u := range a.Units {
			running := d.Running(u.Code, d.Today(now))
			if len(running) == 0 {
				b.Fatal("no period runs: make the city anew")
			}
			form := d.Form(running[0].Code)
			values := make([]int, len(form.Questions))
			for q := range values {
				values[q] = 1
			}
			list = append(list, &survey.Response{
				ID: uuid.Must(uuid.NewV7()), Period: running[0].Code, Unit: u.Key(), Form: form.ID, Service: u.Services[0].Key(), Point: u.Points[0].Key(),
				Day: d.Today(now), Hour: 9, Lang: "id", Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(make([]int, len(form.Fields))),
				StartedAt: now.UTC(), ReceivedAt: now.UTC(),
			})
		}
	}
	if _, err := store.Append(b.Context(), list); err != nil {
		b.Fatal(err)
	}
}

package main

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
	"persepsi/qr"
	"persepsi/survey"
)

func newCode(random *rand.ChaCha8) (string, error) { return qr.NewCode(random) }

// generator makes a small city in a store of its own.
func generator(t testing.TB, answers int64) *Generator {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	return &Generator{
		Answers: answers, Units: 6, Seed: 7, Now: time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC),
		Library: lib, Methods: methods, NewCode: newCode, batch: 1000,
	}
}

func openStore(t testing.TB, g *Generator) *testkit.ProjectedStore {
	t.Helper()
	db, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return testkit.Project(db, g.Library)
}

func mustGenerate(t testing.TB, g *Generator, s Store) *GeneratorResult {
	t.Helper()
	done, err := g.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func responses(t testing.TB, db survey.Reader) map[string]survey.Response {
	t.Helper()
	out := map[string]survey.Response{}
	err := db.Responses(t.Context(), survey.Filter{}, func(r *survey.Response) error {
		out[r.ID.String()] = *r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func directory(t testing.TB, g *Generator, s survey.CatalogueStore) *survey.Directory {
	t.Helper()
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(c, g.Library, g.Methods)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryGeneratedAnswerIsOneThatTheServiceWouldTake(t *testing.T) {
	t.Parallel()
	g := generator(t, 5000)
	db := openStore(t, g)
	mustGenerate(t, g, db)
	d := directory(t, g, db)
	modes := map[survey.Mode]int{}
	for _, r := range responses(t, db) {
		modes[r.Mode]++
		place, _ := d.Unit(r.Unit)
		period, _ := d.Period(r.Period)
		at := survey.Assignment{Place: place, Period: period, Form: d.Form(r.Period)}
		if r.Point != "" {
			if at.Place, _ = d.Point(r.Point); at.Unit.Code != r.Unit {
				t.Fatalf("point %s is not of unit %s", r.Point, r.Unit)
			}
		}
		again, faults := at.Check(draft(at.Form, &r), d.Zone(), r.ReceivedAt)
		if len(faults) > 0 {
			t.Fatalf("%+v has faults: %v", r, faults)
		}
		if r.Mode == survey.ModePaper {
			again.Hour = 0 // paper doesn't tell it
		}
		if !again.Same(&r) || again.Day != r.Day || again.Hour != r.Hour || !period.Contains(r.Day) {
			t.Fatalf("stored %+v, the service would store %+v", r, *again)
		}
	}
	if len(modes) != int(survey.ModeCount) {
		t.Errorf("modes = %v, want all of them", modes)
	}
}

// draft returns what somebody would have sent.
func draft(f *survey.Form, r *survey.Response) *survey.Draft {
	d := &survey.Draft{
		ID: r.ID.String(), Service: r.Service, Lang: r.Lang, Consent: true, Comment: r.Comment, StartedAt: r.StartedAt,
	}
	if r.Mode != survey.ModePaper { // which is entered, not sent
		d.Mode = r.Mode.String()
	}
	for q := range f.Questions {
		if v := r.Answers.At(q); v > 0 {
			d.Answers = append(d.Answers, survey.Answer{Question: f.Questions[q].Code, Value: v})
		}
	}
	for i := range f.Fields {
		if v := r.Respondent.At(i); v > 0 {
			d.Respondent = append(d.Respondent, survey.Characteristic{Field: f.Fields[i].Code, Category: f.Fields[i].Categories[v-1].Code})
		}
	}
	return d
}

func TestTheSameSeedGivesTheSameCityAndAnotherAnother(t *testing.T) {
	t.Parallel()
	g := generator(t, 3000)
	a, b, c := openStore(t, g), openStore(t, g), openStore(t, g)
	mustGenerate(t, g, a)
	mustGenerate(t, g, b)
	other := *g
	other.Seed++
	mustGenerate(t, &other, c)
	first, again := responses(t, a), responses(t, b)
	if len(first) != 3000 || !maps.Equal(first, again) {
		t.Errorf("%d and %d answers, want the same 3000", len(first), len(again))
	}
	for id := range responses(t, c) {
		if _, ok := first[id]; ok {
			t.Fatalf("seeds share the answer %s", id)
		}
	}
	code := func(s survey.CatalogueStore) string {
		return directory(t, g, s).Catalogue().Agencies[0].Units[0].Points[0].Code
	}
	if code(a) != code(b) || code(a) == code(c) {
		t.Errorf("point codes are %s, %s and of another seed %s", code(a), code(b), code(c))
	}
}

func TestTheTalliesOfAGeneratedCityEqualARecount(t *testing.T) {
	t.Parallel()
	g := generator(t, 3000)
	db := openStore(t, g)
	if done := mustGenerate(t, g, db); done.Stored != 3000 {
		t.Errorf("stored %d, want 3000", done.Stored)
	}
	n, err := db.Recount(t.Context(), "")
	if err != nil || n.Responses != 3000 || n.Differing != 0 {
		t.Errorf("recount = %+v, %v", n, err)
	}
}

// breaking stores a few batches, then fails.
type breaking struct {
	*testkit.ProjectedStore
	batches int
}

var errBroken = errors.New("broken off")

func (b *breaking) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if b.batches--; b.batches < 0 {
		return nil, errBroken
	}
	return b.DB.Append(ctx, batch)
}

func TestABrokenOffRunGoesOnTheNextTime(t *testing.T) {
	t.Parallel()
	const size, answers = 1000, 2500
	g := generator(t, answers)
	db := openStore(t, g)
	if _, err := g.Run(t.Context(), &breaking{db, 1}); !errors.Is(err, errBroken) {
		t.Fatalf("err = %v", err)
	}
	later := *g
	later.Now = g.Now.AddDate(0, 0, 3) // the city keeps its days
	rest := &breaking{db, 2}           // the first batch isn't sent again
	done := mustGenerate(t, &later, rest)
	if done.Before != size || done.Stored != size+500 {
		t.Errorf("before %d, stored %d, want %d and %d", done.Before, done.Stored, size, size+500)
	}
	whole := openStore(t, g)
	mustGenerate(t, g, whole)
	if !maps.Equal(responses(t, db), responses(t, whole)) {
		t.Error("the answers differ from those of a run in one go")
	}
	if done := mustGenerate(t, &later, db); done.Stored != 0 || done.Before != answers {
		t.Errorf("a third run stored %d beside %d", done.Stored, done.Before)
	}
}

func TestAStoreOfAnotherCityIsRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		before func(t *testing.T, g *Generator, db *testkit.ProjectedStore)
		want   string
	}{
		{"a real city", func(t *testing.T, _ *Generator, db *testkit.ProjectedStore) {
			t.Helper()
			if err := db.RecordCatalogue(t.Context(), &survey.Catalogue{Version: 1, City: survey.City{Name: "Kota Contoh"}}); err != nil {
				t.Fatal(err)
			}
		}, "Kota Contoh"},
		{"the demonstration", func(t *testing.T, _ *Generator, db *testkit.ProjectedStore) {
			t.Helper()
			if err := db.RecordCatalogue(t.Context(), &survey.Catalogue{Version: 1, City: survey.City{Name: "Kota Cendana", Demo: true}}); err != nil {
				t.Fatal(err)
			}
		}, "Kota Cendana"},
		{"other answers", func(t *testing.T, g *Generator, db *testkit.ProjectedStore) {
			t.Helper()
			other := *g
			other.Answers = 20
			mustGenerate(t, &other, db)
		}, "another generated city"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := generator(t, 10)
			db := openStore(t, g)
			tc.before(t, g, db)
			before := len(responses(t, db))
			_, err := g.Run(t.Context(), db)
			if survey.CodeOf(err) != survey.Conflict || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("err = %v, want a conflict that names %q", err, tc.want)
			}
			if got := len(responses(t, db)); got != before {
				t.Errorf("%d answers, want %d as before", got, before)
			}
		})
	}
}

// BenchmarkMake measures the making of answers alone:
//
//	go test -run '^$' -bench Make ./internal/bench
func BenchmarkMake(b *testing.B) {
	g := generator(b, maxAnswers)
	city := City{Answers: g.Answers, Units: g.Units, Seed: g.Seed, Today: survey.NewDate(2026, 3, 2)}
	c, err := city.catalogue(g.Library, newCode)
	if err != nil {
		b.Fatal(err)
	}
	d, err := survey.NewDirectory(c, g.Library, g.Methods)
	if err != nil {
		b.Fatal(err)
	}
	s, memory := newStream(newMaker(city, d), 0), newBatch(batchSize)
	b.Cleanup(s.stop)
	b.ReportAllocs()
	for b.Loop() {
		if !s.fill(memory) {
			b.Fatal("too few answers")
		}
	}
	b.ReportMetric(float64(b.N)*batchSize/b.Elapsed().Seconds(), "answers/s")
}

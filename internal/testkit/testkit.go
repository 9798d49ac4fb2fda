// Package testkit gives tests a whole application on a temporary embedded
// store, with a city, a clock that stands still, and readers for what it
// sends. Test code only.
package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	deskpages "persepsi/handlers/desk"
	"persepsi/handlers/ops"
	"persepsi/handlers/web"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/evidence"
	"persepsi/internal/ingest"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

const cacheBytes = 32 << 20

// Kit is an application under test.
type Kit struct {
	App      *fiber.App
	Store    *ProjectedStore
	Register *survey.Register
	Figures  *report.Builder
	Comments *comment.Reader
	Work     deskpages.Work
	Dossiers *dossier.Maker
	Log      *Buffer

	deps  Deps
	desks *desk.Builder
	t     testing.TB
	stop  func()
}

// Stop ends the application, so that another one may be opened on its store.
func (k *Kit) Stop() { k.stop() }

// Buffer is a log that tests read.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to the log.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String returns the whole log.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// New makes an application for a city (an apply file's text). change may alter
// what it is made from.
func New(t testing.TB, city string, change ...func(*Deps)) *Kit {
	t.Helper()
	return Open(t, t.TempDir(), city, change...)
}

// Open is New for a store in a directory, which may hold a city already; then
// city is empty.
func Open(t testing.TB, dir, city string, change ...func(*Deps)) *Kit {
	t.Helper()
	lib, err := survey.NewLibrary()
	check(t, err)
	methods, err := survey.LoadMethods()
	check(t, err)
	check(t, copyEmptyStore(dir))
	db, err := sqlite.Open(context.Background(), dir)
	check(t, err)
	store := Project(db, lib)
	if city != "" {
		noCode := func() (string, error) { return "", fmt.Errorf("the test's city names every point") }
		applied, err := survey.Apply(&survey.Catalogue{}, []byte(city), lib, methods, noCode, nil, 0)
		check(t, err)
		check(t, store.RecordCatalogue(context.Background(), applied.Catalogue))
	}
	register, err := survey.NewRegister(context.Background(), store, lib, methods)
	check(t, err)
	log := &Buffer{}
	k := &Kit{Store: store, Register: register, Log: log, t: t}
	figures := k.Builder(store)
	check(t, figures.Refresh(context.Background()))
	intake := ingest.NewQueue(store, ingest.QueueOptions{})
	k.stop = sync.OnceFunc(func() {
		_ = intake.Close(context.Background())
		_ = store.Close()
	})
	t.Cleanup(k.stop)
	k.deps = Deps{
		Settings: web.Settings{
			Directories: register, KeyStore: store, PersonStore: store, PublicURL: "https://survei.kota.go.id", Now: Noon,
			Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		},
		Submit: intake, Find: store, Figures: figures, Evaluations: store, MostEvidence: evidence.MostCity,
		Health: func(ctx context.Context) (map[string]ops.Part, bool) {
			err := store.Ping(ctx)
			return map[string]ops.Part{"store": {OK: err == nil}}, err == nil
		},
	}
	return k.With(change...)
}

// With makes another application on the same store and catalogue, which has
// rendered nothing yet. change may alter what it is made from.
func (k *Kit) With(change ...func(*Deps)) *Kit {
	k.t.Helper()
	other := *k
	other.deps.Cache = cache.New(cacheBytes)
	other.deps.Accounts = Accounts(k.Store, func() time.Time { return other.deps.Now() })
	for _, c := range change {
		c(&other.deps)
	}
	other.mount()
	other.Figures = other.deps.Figures
	wake(k.t, other.Figures)
	return &other
}

// wake has figures made whenever somebody waits for them, as the recurring task of a server
// does.
func wake(t testing.TB, figures *report.Builder) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		for {
			select {
			case <-figures.Woken():
				_ = figures.Keep(ctx) // who waits is told that there are none
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// Builder makes a builder of figures over a store, which has loaded none yet.
func (k *Kit) Builder(store report.BoardStore) *report.Builder {
	k.t.Helper()
	b, err := report.NewBuilder(report.NewBoard(store), k.Register.Directory, cache.New(cacheBytes), time.Now)
	check(k.t, err)
	return b
}

// ProjectedStore is a store with the projection that keeps its tallies up to date.
type ProjectedStore struct {
	*sqlite.DB
	*projection.Projector
}

// Project gives a store its projection.
func Project(s *sqlite.DB, lib *survey.Library) *ProjectedStore {
	return &ProjectedStore{s, projection.New(s, lib)}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Apply applies a file's text, as another process would, and waits until the
// application knows.
func (k *Kit) Apply(text string) {
	k.t.Helper()
	k.apply(text, nil, "")
}

// Amend declares what a file says in a city whose every period has answers.
func (k *Kit) Amend(text, reason string) {
	k.t.Helper()
	k.apply(text, constantCounts{}, reason)
}

// constantCounts has answers in every period, and none outside of it.
type constantCounts struct{}

func (constantCounts) Answered(string) (bool, error) { return true, nil }

func (constantCounts) Counts(string, func(string, survey.Date, int64)) error { return nil }

func (k *Kit) apply(text string, stored survey.AnswerCounts, reason string) {
	k.t.Helper()
	d := k.Register.Directory()
	applied, err := survey.Apply(d.Catalogue(), []byte(text), d.Library(), d.Methods(), nil, stored, d.Today(k.deps.Now()))
	check(k.t, err)
	applied.Amend(k.deps.Now(), "command line", reason)
	check(k.t, k.Store.RecordCatalogue(context.Background(), applied.Catalogue))
	check(k.t, k.Register.Refresh(context.Background()))
	check(k.t, k.Figures.Rebuild())
	check(k.t, k.desks.Refresh(context.Background()))
}

// Stored returns every stored response.
func (k *Kit) Stored() []survey.Response {
	k.t.Helper()
	var out []survey.Response
	check(k.t, k.Store.Responses(context.Background(), survey.Filter{}, func(r *survey.Response) error {
		out = append(out, *r)
		return nil
	}))
	return out
}

// Answers returns an answer of one value to every scored question of a form.
func Answers(f *survey.Form, value int) map[string]int {
	out := map[string]int{}
	for _, q := range f.Questions {
		if q.Scored {
			out[q.Code] = value
		}
	}
	return out
}

// Response makes the JSON text of a good response to the running period's
// form; change may alter it.
func (k *Kit) Response(change func(map[string]any)) string {
	k.t.Helper()
	body := map[string]any{
		"id": uuid.NewString(), "service": "ktp", "lang": "id", "consent": true,
		"answers":    Answers(k.Register.Directory().Form("2026-s1"), 4),
		"respondent": map[string]string{"sex": "P", "age": "26-35"},
		"started_at": "2026-03-02T11:58:11+08:00",
	}
	if change != nil {
		change(body)
	}
	text, err := json.Marshal(body)
	check(k.t, err)
	return string(text)
}

// Refresh brings the figures up to date, and releases all that may be.
func (k *Kit) Refresh() {
	k.t.Helper()
	ctx := context.Background()
	check(k.t, k.Figures.Refresh(ctx))
	made, err := projection.NewReleaser(k.Store.Projector, 0, func() bool { return true }).Release(ctx, k.Register.Directory(), k.deps.Now().Add(time.Second))
	check(k.t, err)
	if made > 0 {
		check(k.t, k.Figures.Refresh(ctx))
	}
	check(k.t, k.Comments.Refresh(ctx))
	check(k.t, k.desks.Refresh(ctx))
}

// Package testkit gives tests a whole application on a temporary embedded
// store, with a city, a clock that stands still, and readers for what it
// sends. Test code only.
package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers"
	"persepsi/handlers/ops"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/cache"
	"persepsi/internal/desk"
	"persepsi/internal/ingest"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// City is the city of most tests: a unit with two services, one with one, a
// running period, a closed one and one to come.
const City = `
city: {name: Kota Contoh}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan dan Pencatatan Sipil
    units:
      - code: dukcapil-loket
        name: Unit Pelayanan
        services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta kelahiran}]
        points: [{code: KUPARI47, name: Loket 1}, {code: BEDATO92, name: Loket lama, closed: true}]
  - code: dinkes
    name: Dinas Kesehatan
    units:
      - code: pkm
        name: Puskesmas Melati
        services: [{code: umum, name: Poli umum}]
        points: [{code: MELATI38, name: Pendaftaran}]
      - code: pkm-tutup
        name: Puskesmas Tutup
        points: [{code: TUTUPA22, name: Pendaftaran}]
periods:
  - code: 2025-s2
    name: Semester II 2025
    from: 2025-07-01
    to: 2025-12-31
    instrument: terpadu-16
    units: [dukcapil-loket, pkm]
  - code: 2026-s1
    name: Semester I 2026
    from: 2026-01-01
    to: 2026-06-30
    instrument: terpadu-16
    population: {dukcapil-loket: 703}
    units: [dukcapil-loket, pkm]
  - code: 2026-s2
    name: Semester II 2026
    from: 2026-07-01
    to: 2026-12-31
    instrument: skm-9
`

// Noon is the moment at which the clock stands: within 2026-s1, 12:00 in the
// city.
func Noon() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) }

const cacheBytes = 32 << 20

// Kit is an application under test.
type Kit struct {
	App      *fiber.App
	Store    *Projected
	Register *survey.Register
	Figures  *report.Builder
	Log      *Buffer

	deps handlers.Deps
	t    testing.TB
	stop func()
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
func New(t testing.TB, city string, change ...func(*handlers.Deps)) *Kit {
	t.Helper()
	return Open(t, t.TempDir(), city, change...)
}

// Open is New for a store in a directory, which may hold a city already; then
// city is empty.
func Open(t testing.TB, dir, city string, change ...func(*handlers.Deps)) *Kit {
	t.Helper()
	lib, err := survey.NewLibrary()
	check(t, err)
	methods, err := survey.LoadMethods()
	check(t, err)
	db, err := sqlite.Open(context.Background(), dir)
	check(t, err)
	store := Project(db, lib)
	if city != "" {
		noCode := func() (string, error) { return "", fmt.Errorf("the test's city names every point") }
		applied, err := survey.Apply(&survey.Catalogue{}, []byte(city), lib, methods, noCode, nil, 0)
		check(t, err)
		check(t, store.PutCatalogue(context.Background(), applied.Catalogue))
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
	k.deps = handlers.Deps{
		Submit: intake, Find: store, Directories: register, Figures: figures, Keys: store, People: store, Evaluations: store,
		Health: func(ctx context.Context) (map[string]ops.Part, bool) {
			err := store.Ping(ctx)
			return map[string]ops.Part{"store": {OK: err == nil}}, err == nil
		},
		PublicURL: "https://survei.kota.go.id", Version: "test", Now: Noon,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return k.With(change...)
}

// With makes another application on the same store and catalogue, which has
// rendered nothing yet. change may alter what it is made from.
func (k *Kit) With(change ...func(*handlers.Deps)) *Kit {
	k.t.Helper()
	other := *k
	other.deps.Cache = cache.New(cacheBytes)
	other.deps.Office = Office(k.Store, func() time.Time { return other.deps.Now() })
	for _, c := range change {
		c(&other.deps)
	}
	var err error
	other.deps.Desks = desk.NewBuilder(other.deps.Figures.Figures, k.Store, nil, func() time.Time { return other.deps.Now() })
	check(k.t, other.deps.Desks.Refresh(context.Background()))
	other.App, err = handlers.New(other.deps)
	check(k.t, err)
	other.Figures = other.deps.Figures
	return &other
}

// Office keeps the accounts of a store, with passwords that cost little.
func Office(store account.Store, now func() time.Time) *account.Office {
	return account.New(store, now, account.HashedBy(account.Argon2id{Memory: 64, Passes: 1}))
}

// SignIn adds a person with a role on agencies, or on the city where none is named, and
// returns the cookie of their session.
func (k *Kit) SignIn(role access.Role, agencies ...string) *http.Cookie {
	k.t.Helper()
	_, cookie := k.Person(role, agencies...)
	return cookie
}

// Person is SignIn that returns the person too.
func (k *Kit) Person(role access.Role, agencies ...string) (access.Person, *http.Cookie) {
	k.t.Helper()
	grants := []access.Grant{{Role: role, Scope: access.City()}}
	for i, code := range slices.DeleteFunc(agencies, func(code string) bool { return code == "" }) {
		grants = append(grants[:i], access.Grant{Role: role, Scope: access.Agency(code)})
	}
	return k.Granted(grants...)
}

// Granted is Person for somebody with any grants; the first role names them.
func (k *Kit) Granted(grants ...access.Grant) (access.Person, *http.Cookie) {
	k.t.Helper()
	people, err := k.Store.People(context.Background())
	check(k.t, err)
	role := string(grants[0].Role)
	email := role
	for n := 2; slices.ContainsFunc(people, func(p access.Person) bool { return p.Email == email+"@kota.example" }); n++ {
		email = fmt.Sprintf("%s-%d", role, n)
	}
	p, err := access.NewPerson(email+"@kota.example", "Orang "+role, grants, Noon())
	check(k.t, err)
	check(k.t, k.Store.RecordPerson(context.Background(), p))
	return p, k.Session(p.ID)
}

// Session opens a session of a person and returns its cookie.
func (k *Kit) Session(person string) *http.Cookie {
	k.t.Helper()
	s, token := access.NewSession(person, "Firefox, Linux", false, k.deps.Now())
	check(k.t, k.Store.AddSession(context.Background(), s))
	return &http.Cookie{Name: web.SessionCookie, Value: token}
}

// Builder makes a builder of figures over a store, which has loaded none yet.
func (k *Kit) Builder(store report.BoardStore) *report.Builder {
	k.t.Helper()
	b, err := report.NewBuilder(report.NewBoard(store), k.Register.Directory, cache.New(cacheBytes), time.Now)
	check(k.t, err)
	return b
}

// Projected is a store with the projection that keeps its tallies up to date.
type Projected struct {
	*sqlite.DB
	*projection.Projector
}

// Project gives a store its projection.
func Project(s *sqlite.DB, lib *survey.Library) *Projected {
	return &Projected{s, projection.New(s, lib)}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Reply is an answer of the application.
type Reply struct {
	*http.Response
	Text string
	t    testing.TB
}

// Do sends a request.
func (k *Kit) Do(r *http.Request) *Reply {
	k.t.Helper()
	resp, err := k.App.Test(r, 30_000)
	check(k.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(k.t, err)
	return &Reply{Response: resp, Text: string(body), t: k.t}
}

// Get asks for a path.
func (k *Kit) Get(path string) *Reply {
	k.t.Helper()
	return k.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// GetAs asks for a path with a key.
func (k *Kit) GetAs(secret, path string) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	return k.Do(r)
}

// PostJSON sends a JSON text.
func (k *Kit) PostJSON(path, body string) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return k.Do(r)
}

// PutJSON sends a JSON text with a key.
func (k *Kit) PutJSON(secret, path, body string) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPut, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	return k.Do(r)
}

// PostForm sends a form.
func (k *Kit) PostForm(path string, values url.Values) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return k.Do(r)
}

// HTML reads the reply as a page.
func (r *Reply) HTML() *goquery.Document {
	r.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(r.Text))
	check(r.t, err)
	return doc
}

// JSON reads the reply into a value.
func (r *Reply) JSON(to any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.Text), to); err != nil {
		r.t.Fatalf("%v: %s", err, r.Text)
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
	k.apply(text, everAnswered{}, reason)
}

// everAnswered has answers in every period, and none outside of it.
type everAnswered struct{}

func (everAnswered) Answered(string) (bool, error)                         { return true, nil }
func (everAnswered) Counts(string, func(string, survey.Date, int64)) error { return nil }

func (k *Kit) apply(text string, stored survey.AnswerCounts, reason string) {
	k.t.Helper()
	d := k.Register.Directory()
	applied, err := survey.Apply(d.Catalogue(), []byte(text), d.Library(), d.Methods(), nil, stored, d.Today(k.deps.Now()))
	check(k.t, err)
	applied.Amend(k.deps.Now(), "command line", reason)
	check(k.t, k.Store.PutCatalogue(context.Background(), applied.Catalogue))
	check(k.t, k.Register.Refresh(context.Background()))
	check(k.t, k.Figures.Rebuild())
	check(k.t, k.deps.Desks.Refresh(context.Background()))
}

// Key makes an API key and returns its secret.
func (k *Kit) Key(role access.Role, agency string) string {
	k.t.Helper()
	_, secret := k.MakeKey(role, agency, time.Time{})
	return secret
}

// MakeKey makes an API key that expires, and returns it and its secret. The
// application may have looked at the keys just now: where it must know of the
// new one, its clock has to move.
func (k *Kit) MakeKey(role access.Role, agency string, expires time.Time) (access.Key, string) {
	k.t.Helper()
	on := access.City()
	if agency != "" {
		on = access.Agency(agency)
	}
	key, secret, err := access.NewKey("kunci "+string(role), []access.Grant{{Role: role, Scope: on}}, Noon())
	check(k.t, err)
	key.Expires = expires
	check(k.t, k.Store.AddKey(context.Background(), key))
	return key, secret
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
	check(k.t, k.deps.Desks.Refresh(ctx))
}

// Program finds a program that a test needs. Where it is missing the test is
// skipped with one clear line; in CI, which installs everything
// (PERSEPSI_CI=1), it fails.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	if os.Getenv("PERSEPSI_CI") != "" {
		t.Fatalf("%s is not installed, and CI must have it", names[0])
	}
	t.Skipf("%s is not installed: what needs it is not tested here", names[0])
	return ""
}

package dossier_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/racetest"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/internal/testkit"
)

// world is a city whose clock the test has in hand.
type world struct {
	*testkit.Kit
	t      *testing.T
	passed *atomic.Int64
	given  int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	racetest.Skip(t)
	w := &world{t: t, passed: new(atomic.Int64)}
	w.Kit = testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Now = w.now })
	return w
}

func (w *world) now() time.Time { return testkit.Noon().Add(time.Duration(w.passed.Load())) }

func (w *world) wait(d time.Duration) { w.passed.Add(int64(d)) }

// give sends answers, a minute apart, whose ids are the same in every world.
func (w *world) give(n int, value func(i int) int) {
	w.t.Helper()
	for i := range n {
		w.given++
		body := w.Response(func(b map[string]any) {
			b["id"] = uuid.NewSHA1(uuid.NameSpaceOID, []byte(fmt.Sprint(w.given))).String()
			answers := testkit.Answers(w.Register.Directory().Form("2026-s1"), value(i))
			answers["waktu"] = 1 + i%4
			answers["arahan"] = 1 + value(i)%2
			b["answers"] = answers
			b["comment"] = "Rahasia nomor 0812345678"
		})
		if r := w.PostJSON("/api/v1/points/KUPARI47/responses", body); r.StatusCode != http.StatusCreated {
			w.t.Fatal(r.Text)
		}
		w.wait(time.Minute)
	}
}

func always(value int) func(int) int { return func(int) int { return value } }

// months has answers of two months, of which ten are not released yet.
func months(t *testing.T, newest func(int) int) *world {
	w := newWorld(t)
	w.give(25, func(i int) int { return 2 + i%3 })
	w.wait(29 * 24 * time.Hour)
	w.Refresh()
	w.give(9, newest)
	w.wait(24 * time.Hour)
	w.Refresh()
	return w
}

// close closes the period and makes the final release.
func (w *world) close() {
	w.wait(150 * 24 * time.Hour)
	w.Refresh()
}

// maker makes one over what is stored, with figures of now.
func (w *world) maker(change ...func(*dossier.Maker)) *dossier.Maker {
	w.t.Helper()
	return w.makerOver(w.Store, change...)
}

func (w *world) makerOver(store report.BoardStore, change ...func(*dossier.Maker)) *dossier.Maker {
	w.t.Helper()
	kept := cache.New(1 << 20)
	figures, err := report.NewBuilder(report.NewBoard(store), w.Register.Directory, kept, w.now)
	w.check(err)
	w.check(figures.Refresh(w.t.Context()))
	desks := desk.NewBuilder(figures.Figures, w.Store, nil, w.now)
	w.check(desks.Refresh(w.t.Context()))
	reports, err := reporting.NewReports(figures, w.Comments, w.Store, kept, "https://survei.example", w.now)
	w.check(err)
	o := &dossier.Maker{Reports: reports, Desks: desks, Facts: w.Store, Evidence: w.Store, Audit: w.Store, Version: "1.2.3", Now: w.now}
	for _, c := range change {
		c(o)
	}
	return o
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func as(role access.Role, on access.Scope) access.Actor {
	return access.Actor{Name: "Siti", Grants: []access.Grant{{Role: role, Scope: on}}}
}

// ask is what a role asks for of the unit.
func ask(role access.Role) dossier.Request {
	return dossier.Request{Period: "2026-s1", Unit: "dukcapil-loket", Who: as(role, access.City())}
}

// made makes a dossier.
func (w *world) made(o *dossier.Maker, asked dossier.Request) *readBack {
	w.t.Helper()
	p, err := o.Open(asked)
	w.check(err)
	var out bytes.Buffer
	written, err := p.Write(w.t.Context(), &out)
	w.check(err)
	w.check(p.Note(w.t.Context(), written))
	return readDossier(w.t, out.Bytes(), written)
}

// readBack is a dossier that was read back.
type readBack struct {
	*dossier.SummedManifest
	data  []byte
	names []string
	files map[string][]byte
	times map[string]time.Time
}

func readDossier(t *testing.T, data []byte, written *dossier.SummedManifest) *readBack {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := &readBack{written, data, nil, map[string][]byte{}, map[string]time.Time{}}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out.names, out.files[f.Name], out.times[f.Name] = append(out.names, f.Name), text, f.Modified
	}
	return out
}

func (p *readBack) manifest(t *testing.T) (m dossier.Manifest) {
	t.Helper()
	if err := json.Unmarshal(p.files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	return m
}

package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// attackDesk lists the pages of a desk, with each period and comparison.
func attackDesk() []string {
	out := []string{"/meja/komentar", "/meja/komentar?tanda=semua", "/meja/opd/taman/poster", "/meja/kota/poster", "/lke?period=p", "/lke?period=q"}
	for _, period := range []string{"", "period=p", "period=q"} {
		for _, path := range []string{"/meja?", "/meja?semua=1&", "/meja/opd/taman?", "/meja/opd/taman?indeks=teduh&", "/meja/kota?", "/meja/banding?unit=timur&unit=barat&", "/meja/banding?opd=taman&opd=pasar&"} {
			out = append(out, path+period)
			if !strings.Contains(path, "banding") {
				out = append(out, path+period+"&banding=p", path+period+"&banding=q")
			}
		}
		for unit := range attackUnits {
			out = append(out, "/meja/unit/"+unit+"/komentar?"+period)
			for _, part := range append(unitParts(), relationsPart) {
				for _, against := range []string{"", "&banding=p", "&banding=q"} {
					out = append(out, "/meja/unit/"+unit+part+"?"+period+against)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// worlds opens the city twice as it is: in each the same people answer, and their answers
// are other ones. Up to nine of a unit are in no release: every page that anybody signed in
// may see is the same in both, and so are its size and the revision.
func (g *attackWorld) worlds(when string, answer func(g *attackWorld, n, value int)) {
	g.t.Helper()
	people := map[string]*http.Cookie{}
	for name, grant := range map[string]access.Grant{
		"manager": {Role: access.Manager, Scope: access.Agency("taman")}, "admin": {Role: access.Admin, Scope: access.City()},
	} {
		_, people[name] = g.Granted(grant)
	}
	dir, clock := g.dir, g.passed.Load()
	g.Stop()
	// As many as no release is made of: fewer than nine where some wait already.
	n := 9
	for ; g.answered(dir, clock, n, 1, answer); n-- {
		if g.Stop(); n == 1 {
			g.t.Fatalf("%s: a single answer makes a release", when)
		}
	}
	g.Stop()
	var seen [2]map[string]string
	for world := range seen {
		seen[world] = map[string]string{}
		if g.answered(dir, clock, n, 1+3*world, answer) {
			g.t.Fatalf("%s: that %d answers make a release depends on what they say", when, n)
		}
		for name, cookie := range people {
			for _, path := range attackDesk() {
				r := visit(g.Kit, http.MethodGet, path, cookie)
				if r.StatusCode >= 500 {
					g.t.Errorf("%s: %s of %s: %d", when, path, name, r.StatusCode)
				}
				seen[world][name+" "+path] = fmt.Sprint(r.StatusCode, r.Header.Get("Etag"), r.Header.Get("Content-Length"), tokens.ReplaceAllString(r.Text, ""))
			}
		}
		g.Stop()
	}
	shown := 0
	for name, text := range seen[0] {
		if strings.HasPrefix(text, "200") {
			shown++
		}
		if text != seen[1][name] {
			g.t.Errorf("%s: %s tells of answers in no release: %s", when, name, firstDifference(text, seen[1][name]))
		}
	}
	if shown < 100 {
		g.t.Errorf("%s: %d pages are shown", when, shown)
	}
	g.dir = dir
	g.passed.Store(clock)
	g.open("")
}

// answered opens the city of a directory as it was at a time, lets some answer, and reports
// whether that made a release.
func (g *attackWorld) answered(dir string, clock int64, n, value int, answer func(g *attackWorld, n, value int)) bool {
	g.t.Helper()
	g.dir = g.t.TempDir()
	if err := os.CopyFS(g.dir, os.DirFS(dir)); err != nil {
		g.t.Fatal(err)
	}
	g.passed.Store(clock)
	g.open("")
	before := g.releases()
	answer(g, n, value)
	g.Refresh()
	return g.releases() != before
}

var tokens = regexp.MustCompile(`value="[A-Za-z0-9_-]{20,}"`)

// releases says which there are.
func (g *attackWorld) releases() string {
	var out []string
	_, facts := g.people()
	for unit, list := range facts {
		out = append(out, fmt.Sprint(unit, len(list)))
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}

// own are answers of somebody's own to one unit.
func own(g *attackWorld, n, value int) {
	for i := range n {
		g.wait(time.Minute)
		body := fmt.Sprintf(`{"id":%q,"service":"masuk","mode":%q,"lang":"id","consent":true,"answers":{"aa":%d,"bb":%d,"cc":%d,"dd":%d}}`, uuid.New(), []string{"qr", "kiosk"}[i%2], value, 5-value, value, value)
		if r := g.PostJSON("/api/v1/points/TIMURA47/responses", body); r.StatusCode != http.StatusCreated {
			g.t.Fatal(r.StatusCode, r.Text)
		}
	}
}

// late are answers on paper of a period that is over.
func late(g *attackWorld, n, value int) {
	var list []*survey.Response
	for range n {
		g.wait(time.Second)
		list = append(list, g.paper("timur", "masuk", 1, []int{value, 5 - value, value, value}))
	}
	g.store(list...)
}

// With every kind of period on a desk: one that runs, closed ones with one and with two
// final releases, an amended one, one whose answers are removed.
func TestADeskTellsNothingOfAnswersThatNoReleaseHolds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: reads every page of a desk in two worlds")
	}
	g := newAttackWorld(t, 5)
	g.Stop()
	g.dir = t.TempDir()
	g.open(strings.NewReplacer("periods: [", "periods: [{code: q, name: Q, from: 2026-07-01, to: 2026-12-31, instrument: taman}, ",
		"{name: Kota Contoh}", "{name: Kota Contoh, notice: {retention_months: 1}}").Replace(attackCity))
	for q := range g.asked {
		g.asked[q] = 9
	}
	crowd := func(unit string, n int) {
		for range n {
			g.answer(unit)
		}
		g.Refresh()
	}
	crowd("timur", 60)
	crowd("barat", 45)
	crowd("baru", 5)
	days := 2
	if testing.Short() {
		days = 1
	}
	for day := range days {
		g.worlds(fmt.Sprint("day ", day), own)
		crowd("timur", 10)
		g.wait(24 * time.Hour)
	}
	g.wait(121 * 24 * time.Hour)
	g.Refresh()
	late(g, 14, 2)
	g.Refresh()
	g.Amend("periods: [{code: p, population: {timur: 300}}]", "buku tamu dihitung ulang")
	g.Refresh()
	g.worlds("after another final and an amendment", late)
	crowd("timur", 40)
	crowd("barat", 40)
	g.worlds("in the next period", own)
	g.wait(31 * 24 * time.Hour)
	e := &retention.Eraser{
		Store: g.Store, Tallies: g.Store.Projector, Releases: projection.NewReleaser(g.Store.Projector, 0, func() bool { return true }),
		Actor: "server", Log: slog.New(slog.DiscardHandler),
	}
	for range 2 {
		if err := e.Run(t.Context(), g.Register.Directory(), testkit.Noon().Add(time.Duration(g.passed.Load()))); err != nil {
			t.Fatal(err)
		}
	}
	g.Refresh()
	g.worlds("after what is removed", own)
}

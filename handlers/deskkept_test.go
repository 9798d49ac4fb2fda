package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
)

const htmlType = "text/html; charset=utf-8"

// deskPaths are pages that are kept for all who see the same of them.
func deskPaths() []string {
	return []string{
		"/meja", "/meja?lang=en", "/meja?period=2025-s2", "/meja?opd=dukcapil", "/meja?semua=1", "/meja?q=loket",
		"/meja/unit/dukcapil-loket", "/meja/unit/dukcapil-loket?lang=en", "/meja/unit/dukcapil-loket?banding=2025-s2", "/meja/unit/dukcapil-loket/rincian?period=2025-s2",
		"/meja/unit/dukcapil-loket/sampel", "/meja/unit/dukcapil-loket/kaitan", "/meja/unit/pkm", "/meja/opd/dukcapil", "/meja/opd/dinkes", "/meja/kota", "/meja/kota?indeks=ipak",
		"/meja/banding", "/meja/banding?unit=dukcapil-loket&unit=pkm", "/meja/opd/dukcapil/poster", "/meja/kota/poster",
	}
}

func TestAKeptPageOfTheDeskIsWhatWouldBeMadeNow(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	now := testkit.Noon()
	people := map[string]*http.Cookie{}
	signIn := func() {
		for name, grant := range map[string]access.Grant{
			"a manager":                   {Role: access.Manager, Scope: access.Agency("dukcapil")},
			"a manager of another agency": {Role: access.Manager, Scope: access.Agency("dinkes")},
			"an officer of a unit":        {Role: access.Officer, Scope: access.Unit("dukcapil", "dukcapil-loket")},
			"a viewer of the city":        {Role: access.Viewer, Scope: access.City()},
			"an evaluator":                {Role: access.Evaluator, Scope: access.City()},
		} {
			_, people[name] = k.Granted(grant)
		}
	}
	signIn()
	same := func(when string) {
		t.Helper()
		fresh := anew(t, k, func() time.Time { return now })
		for _, path := range deskPaths() {
			for who, cookie := range people {
				want := visit(fresh, http.MethodGet, path, cookie)
				for _, time := range []string{"first", "second"} { // made, then kept
					if got := visit(k, http.MethodGet, path, cookie); got.StatusCode != want.StatusCode || got.Text != want.Text || got.Header.Get("Content-Type") != htmlType {
						t.Errorf("%s: the %s visit of %s by %s differs from the page as it is made now: %s", when, time, path, who, firstDifference(got.Text, want.Text))
					}
				}
			}
		}
	}
	same("without answers")
	send(t, k, 12, "P")
	same("after answers")
	if k.Refresh(); !strings.Contains(visit(k, http.MethodGet, "/meja/unit/dukcapil-loket", people["a manager"]).Text, "12") {
		t.Error("the page does not tell of 12 answers")
	}
	k.Apply(strings.Replace(testkit.City, "name: Unit Pelayanan", "name: Unit Baru", 1))
	k.Refresh()
	same("after an apply")
	const later = 200 * 24 * time.Hour
	wait(later)
	now = now.Add(later)
	signIn() // their sessions have ended
	k.Refresh()
	same("in the next period")
}

func TestAKeptPageOfTheDeskHoldsNothingOfWhoAskedFirst(t *testing.T) {
	t.Parallel()
	kept := cache.New(8 << 20)
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Cache = kept })
	send(t, k, 12, "P")
	grant := access.Grant{Role: access.Manager, Scope: access.Agency("dukcapil")}
	_, first := k.Granted(grant)
	_, second := k.Granted(grant)
	_, other := k.Granted(access.Grant{Role: access.Officer, Scope: access.Unit("dukcapil", "dukcapil-loket")}, access.Grant{Role: access.Viewer, Scope: access.Agency("dinkes")})
	token := func(r *testkit.Reply) string { return r.HTML().Find("footer input[name=_csrf]").AttrOr("value", "") }
	for _, path := range deskPaths() {
		mine, theirs := visit(k, http.MethodGet, path, first), visit(k, http.MethodGet, path, second)
		if mine.StatusCode != theirs.StatusCode {
			t.Errorf("%s: %d to one, %d to another with the same rights", path, mine.StatusCode, theirs.StatusCode)
		}
		if mine.StatusCode != http.StatusOK {
			continue
		}
		if a, b := token(mine), token(theirs); a == "" || b == "" || a == b || strings.Contains(theirs.Text, a) {
			t.Errorf("%s: the forms of two people are of the tokens %q and %q", path, a, b)
		}
		if strings.ReplaceAll(mine.Text, token(mine), "") != strings.ReplaceAll(theirs.Text, token(theirs), "") {
			t.Errorf("%s: two people with the same rights see two pages", path)
		}
		if got := visit(k, http.MethodGet, path, other).HTML().Find("footer .me span").Text(); got == mine.HTML().Find("footer .me span").Text() {
			t.Errorf("%s: somebody with other rights is %q", path, got)
		}
	}
	if s := kept.Stats(); s.Hits == 0 {
		t.Errorf("nothing is kept: %+v", s)
	}
}

// firstDifference returns the first line in which two texts differ.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is %q, want %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

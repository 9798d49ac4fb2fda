package handlers_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

const loketComments = "/meja/unit/dukcapil-loket/komentar"

// wrote stores answers of a unit with a comment each, received some hours before noon.
func wrote(t *testing.T, k *testkit.Kit, unit, service string, hours int, comments ...string) {
	t.Helper()
	m := storetest.NewMaker(t, uint64(hours)+1)
	list := m.Batch(len(comments))
	for i, text := range comments {
		a := list[i]
		a.ID, a.Unit, a.Service, a.Mode, a.Comment, a.Form = uuid.New(), unit, service, survey.ModeQR, text, k.Register.Directory().Form("2026-s1").ID
		a.ReceivedAt = testkit.Noon().Add(-time.Duration(hours)*time.Hour + time.Duration(i)*time.Second)
		a.Day = survey.DateOf(a.ReceivedAt, k.Register.Directory().Zone())
	}
	if _, err := k.Store.Append(context.Background(), list); err != nil {
		t.Fatal(err)
	}
}

func numbered(n int, text string) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%s (%d)", text, i))
	}
	return out
}

func commentsOn(r *testkit.Reply) (out []string) {
	r.HTML().Find("article.comment .said").Each(func(_ int, s *goquery.Selection) { out = append(out, s.Text()) })
	return out
}

// mark posts the form of a comment that a page shows, with what a button or box says.
func mark(t *testing.T, k *testkit.Kit, page *testkit.Reply, cookie *http.Cookie, at string, values url.Values) *testkit.Reply {
	t.Helper()
	form := page.HTML().Find(at).First()
	to, ok := form.Attr("action")
	if !ok {
		t.Fatalf("there is no form %s", at)
	}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) { values.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	return post(k, to, values, cookie)
}

func post(k *testkit.Kit, to string, values url.Values, cookie *http.Cookie) *testkit.Reply {
	r := httptest.NewRequest(http.MethodPost, to, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookie)
	return k.Do(r)
}

func TestCommentsAreReadMaskedMarkedAndSearched(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, append(numbered(28, "Antre lama sekali"), "Terima kasih bu Zulqaidah, hp 0812 4455 7781", "Biayanya mahal")...)
	wrote(t, k, "dukcapil-loket", "ktp", 1, numbered(12, "Toilet bau")...)
	k.Refresh()
	manager := k.SignIn(access.Manager, "dukcapil")
	page := visit(k, http.MethodGet, loketComments, manager)
	if page.StatusCode != http.StatusOK || len(commentsOn(page)) != 20 {
		t.Fatalf("%d, %d comments are shown, want a page of 20: %s", page.StatusCode, len(commentsOn(page)), k.Log.String())
	}
	if h := strings.TrimSpace(page.HTML().Find("h1").Text()); h != "32 komentar belum dibaca. Paling banyak tentang waktu dan antrean." {
		t.Errorf("the heading is %q", h)
	}
	for _, secret := range []string{"Zulqaidah", "4455"} {
		if strings.Contains(page.Text, secret) {
			t.Errorf("%s is not masked", secret)
		}
	}
	next := visit(k, http.MethodGet, page.HTML().Find(".comments p a[href*=setelah]").AttrOr("href", ""), manager)
	both := append(commentsOn(page), commentsOn(next)...)
	slices.Sort(both)
	if n := len(slices.Compact(slices.Clone(both))); n != 32 || len(both) != 32 {
		t.Errorf("two pages show %d different comments of %d, want 32", n, len(both))
	}
	// Who searches finds another form of the word, and nothing that is masked.
	for search, n := range map[string]int{"TERIMAKASIH": 0, "terima kasihnya": 1, "antrian": 0, "lamanya": 20, "Zulqaidah": 0, "0812": 0, "mahal": 1} {
		if got := commentsOn(visit(k, http.MethodGet, loketComments+"?cari="+url.QueryEscape(search), manager)); len(got) != n {
			t.Errorf("%q finds %d comments, want %d", search, len(got), n)
		}
	}
	// A mark, what it says, and how it is taken back.
	found := visit(k, http.MethodGet, loketComments+"?cari=mahal&topik=biaya", manager)
	r := mark(t, k, found, manager, "form.marks", url.Values{"tanda": {"ditindaklanjuti"}})
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("marking: %d: %s", r.StatusCode, r.Text)
	}
	after := visit(k, http.MethodGet, r.Header.Get("Location"), manager)
	if !strings.Contains(after.Text, "✓ Ditandai ditindaklanjuti.") || after.HTML().Find("input[name=cari]").AttrOr("value", "") != "mahal" {
		t.Errorf("after marking the page is %s with %q", r.Header.Get("Location"), after.HTML().Find(".done").Text())
	}
	if again := mark(t, k, found, manager, "form.marks", url.Values{"tanda": {"dibaca"}}); again.StatusCode != http.StatusConflict {
		t.Errorf("a page of before marks over what is marked since: %d", again.StatusCode)
	}
	if counted := after.HTML().Find(".commentstates").Text(); !strings.Contains(counted, "Belum dibaca 31") || !strings.Contains(counted, "Ditindaklanjuti 1") {
		t.Errorf("the marks are counted as %q", counted)
	}
	if r := mark(t, k, after, manager, "form.done", url.Values{}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("taking back: %d", r.StatusCode)
	}
	back := visit(k, http.MethodGet, loketComments+"?topik=biaya", manager)
	if n := len(commentsOn(back)); n != 1 {
		t.Errorf("%d comments are unread of biaya after taking back, want 1", n)
	}
	// Topics are corrected by hand.
	if r := mark(t, k, back, manager, ".correct form", url.Values{"perbaiki": {"1"}, "topik": {"hasil", "waktu"}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("correcting: %d", r.StatusCode)
	}
	corrected := visit(k, http.MethodGet, loketComments+"?topik=hasil&tanda=semua", manager)
	if n := corrected.HTML().Find(".spoken li:not(.guess)").Length(); n != 2 {
		t.Errorf("%d topics are shown as checked, want 2", n)
	}
	if r := mark(t, k, corrected, manager, "form.marks", url.Values{"tanda": {"dibaca"}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("marking what was corrected: %d", r.StatusCode)
	}
	if n := visit(k, http.MethodGet, loketComments+"?topik=hasil&tanda=dibaca", manager).HTML().Find(".spoken li:not(.guess)").Length(); n != 2 {
		t.Errorf("%d topics are shown as checked after a mark, want 2", n)
	}
}

func TestWhoMayReadMarkAndRevealComments(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, numbered(20, "Makasih bu Zulqaidah")...)
	wrote(t, k, "pkm", "umum", 30, numbered(20, "Dokter Zulqaidah sabar")...)
	k.Refresh()
	page := visit(k, http.MethodGet, loketComments, k.SignIn(access.Manager, "dukcapil"))
	form := page.HTML().Find("form.marks").First()
	to := form.AttrOr("action", "")
	for role, want := range map[access.Role]struct{ shown, marks, reveals int }{
		access.Viewer: {10, 0, 0}, access.Officer: {10, 0, 0}, access.Manager: {10, 10, 0}, access.Evaluator: {10, 0, 10}, access.Admin: {10, 10, 0},
	} {
		agency := "dukcapil"
		if role == access.Admin {
			agency = ""
		}
		cookie := k.SignIn(role, agency)
		r := visit(k, http.MethodGet, loketComments+"?tanda=semua", cookie)
		d := r.HTML()
		if got := d.Find("article.comment").Length(); r.StatusCode != http.StatusOK || got != want.shown || d.Find("form.marks").Length() != want.marks || d.Find("a[href*='/buka']").Length() != want.reveals {
			t.Errorf("%s: %d, %d comments, %d marks, %d reveals, want %+v", role, r.StatusCode, got, d.Find("form.marks").Length(), d.Find("a[href*='/buka']").Length(), want)
		}
		values := url.Values{"versi": {"0"}, "tanda": {"dibaca"}, "_csrf": {d.Find("input[name=_csrf]").AttrOr("value", "")}}
		if got := post(k, to, values, cookie).StatusCode; (got == http.StatusSeeOther || got == http.StatusConflict) != (want.marks > 0) {
			t.Errorf("%s marks: %d", role, got)
		}
		values.Set("alasan", "diminta inspektur")
		got := post(k, strings.Replace(to, "/tandai", "/buka", 1), values, cookie)
		if (got.StatusCode == http.StatusOK) != (want.reveals > 0) || strings.Contains(got.Text, "Zulqaidah") != (want.reveals > 0) {
			t.Errorf("%s reveals: %d", role, got.StatusCode)
		}
	}
	// Who marks here and reads there marks nothing there.
	_, both := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dukcapil")}, access.Grant{Role: access.Viewer, Scope: access.Agency("dinkes")})
	there := visit(k, http.MethodGet, "/meja/unit/pkm/komentar", both)
	if n := there.HTML().Find("form.marks").Length(); n != 0 || len(commentsOn(there)) != 10 {
		t.Errorf("a viewer of a unit sees %d comments and may mark %d", len(commentsOn(there)), n)
	}
	values := url.Values{"versi": {"0"}, "tanda": {"dibaca"}, "_csrf": {visit(k, http.MethodGet, loketComments, both).HTML().Find("input[name=_csrf]").AttrOr("value", "")}}
	if r := post(k, strings.Replace(to, "dukcapil-loket", "pkm", 1), values, both); r.StatusCode != http.StatusForbidden {
		t.Errorf("a viewer of a unit marks: %d", r.StatusCode)
	}
	// Nobody sees, marks or reveals what is another agency's.
	for role, paths := range map[access.Role][]string{
		access.Manager:   {"/meja/unit/pkm/komentar", "/meja/komentar?opd=dinkes"},
		access.Evaluator: {"/meja/unit/pkm/komentar", "/meja/unit/pkm/komentar/buka?kunci=1-0-00000000"},
	} {
		cookie := k.SignIn(role, "dukcapil")
		for _, path := range paths {
			if r := visit(k, http.MethodGet, path, cookie); r.StatusCode != http.StatusNotFound {
				t.Errorf("%s reads %s: %d", role, path, r.StatusCode)
			}
		}
		if got := commentsOn(visit(k, http.MethodGet, "/meja/komentar?tanda=semua", cookie)); len(got) != 10 || strings.Contains(strings.Join(got, ""), "Dokter") {
			t.Errorf("%s sees %d comments on the desk of one agency", role, len(got))
		}
	}
	if r := k.Get("/meja/komentar"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("who is not signed in: %d", r.StatusCode)
	}
}

// Where a list goes on after a comment tells when that came: who has the address of one
// of another agency, or of nowhere, is told the same.
func TestNoListGoesOnAfterACommentOfAUnitThatIsNotOnIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, unit := range []string{"dukcapil-loket", "pkm"} {
		wrote(t, k, unit, "", 30, numbered(34, "Antre lama")...)
	}
	k.Refresh()
	manager := k.SignIn(access.Manager, "dukcapil")
	next := func(path string, cookie *http.Cookie) string {
		return visit(k, http.MethodGet, path, cookie).HTML().Find(".comments p a[href*=setelah]").AttrOr("href", "")
	}
	address, err := url.Parse(next("/meja/unit/pkm/komentar?tanda=semua", k.SignIn(access.Manager, "dinkes")))
	if err != nil || address.Query().Get("dari") != "pkm" {
		t.Fatal("a page that leads nowhere:", address, err)
	}
	words := map[string]bool{}
	for _, list := range []string{loketComments, "/meja/komentar"} {
		theirs := visit(k, http.MethodGet, list+"?"+address.RawQuery, manager)
		nowhere := visit(k, http.MethodGet, list+"?tanda=semua&dari=pkm&setelah=1-0-00000000", manager)
		for _, r := range []*testkit.Reply{theirs, nowhere} {
			if r.StatusCode != http.StatusNotFound {
				t.Errorf("%s goes on after a comment of another agency: %d", list, r.StatusCode)
			}
			words[strings.TrimSpace(r.HTML().Find("main").Text())] = true
		}
		if r := visit(k, http.MethodGet, next(list, manager), manager); r.StatusCode != http.StatusOK || len(commentsOn(r)) == 0 {
			t.Errorf("%s does not go on: %d", list, r.StatusCode)
		}
	}
	if len(words) != 1 {
		t.Errorf("they are refused in %d ways", len(words))
	}
}

func TestARevealedCommentIsAuditedFirst(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, numbered(20, "Makasih bu Zulqaidah")...)
	k.Refresh()
	cookie := k.SignIn(access.Evaluator, "dukcapil")
	ask := visit(k, http.MethodGet, loketComments, cookie).HTML().Find("a[href*='/buka']").First().AttrOr("href", "")
	page := visit(k, http.MethodGet, ask, cookie)
	if page.StatusCode != http.StatusOK || strings.Contains(page.Text, "Zulqaidah") {
		t.Fatalf("before a reason: %d", page.StatusCode)
	}
	token := page.HTML().Find("main input[name=_csrf]").AttrOr("value", "")
	entries := func() (out []audit.Entry) {
		if err := k.Store.AuditLog(context.Background(), func(e audit.Entry) error {
			if e.Action == audit.RevealComment {
				out = append(out, e)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, reason := range []string{"", "   a ", strings.Repeat("x", 301), strings.Repeat("\u200b", 9), ". . . . . .", "ㅤㅤㅤㅤㅤㅤ"} {
		r := post(k, ask, url.Values{"_csrf": {token}, "alasan": {reason}}, cookie)
		if r.StatusCode != http.StatusUnprocessableEntity || strings.Contains(r.Text, "Zulqaidah") || len(entries()) > 0 {
			t.Errorf("reason of %d letters: %d, %d entries", len(reason), r.StatusCode, len(entries()))
		}
	}
	r := post(k, ask, url.Values{"_csrf": {token}, "alasan": {"laporan pungutan diperiksa"}}, cookie)
	got := entries()
	if r.StatusCode != http.StatusOK || !strings.Contains(r.Text, "Zulqaidah") || len(got) != 1 {
		t.Fatalf("%d, %d entries", r.StatusCode, len(got))
	}
	if e := got[0]; e.Reason != "laporan pungutan diperiksa" || !strings.Contains(e.Actor, "evaluator@kota.example") || !slices.Equal(e.Units, []string{"dukcapil-loket"}) || strings.Contains(fmt.Sprint(e), "Zulqaidah") {
		t.Errorf("the audit has %+v", e)
	}
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("a cache may keep a comment without masks")
	}
}

// A manager who wants to know who wrote reads every list after each answer, whatever it can
// be narrowed by, and what stands beside. What a list gains comes with a release of ten or
// more; nothing on it is an id, a time of day or an order of arrival; no narrowing leaves
// fewer than ten people of the step that a comment can be of.
func TestNobodyIsToldByTheListOfComments(t *testing.T) {
	t.Parallel()
	at := testkit.Noon().Add(-40 * 24 * time.Hour)
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Now = func() time.Time { return at } })
	person, manager := k.Person(access.Manager, "dukcapil")
	m := storetest.NewMaker(t, 7)
	before := map[string]bool{}
	releases := 0
	for i, a := range m.Batch(64) {
		at = at.Add(9 * time.Hour)
		a.ID, a.Unit, a.Mode, a.Form, a.Period = uuid.Must(uuid.NewV7()), "dukcapil-loket", survey.ModeQR, k.Register.Directory().Form("2026-s1").ID, "2026-s1"
		a.Service = []string{"ktp", "ktp", "ktp", "akta"}[i%4]
		a.Comment = fmt.Sprintf("tanda%dx", i)
		a.ReceivedAt, a.StartedAt = at, at.Add(-time.Minute)
		a.Day = survey.DateOf(at, k.Register.Directory().Zone())
		if _, err := k.Store.Append(context.Background(), []*survey.Response{a}); err != nil {
			t.Fatal(err)
		}
		k.Refresh()
		manager = k.Session(person.ID) // the one of hours ago is over
		var all []string
		text := ""
		for path := loketComments + "?period=2026-s1"; path != ""; {
			r := visit(k, http.MethodGet, path, manager)
			all, text = append(all, commentsOn(r)...), text+r.Text
			path = r.HTML().Find(".comments p a[href*=setelah]").AttrOr("href", "")
		}
		fresh := 0
		for _, c := range all {
			if !before[c] {
				fresh++
				before[c] = true
			}
		}
		if fresh > 0 && fresh < 10 {
			t.Fatalf("after answer %d the list has %d comments more", i, fresh)
		}
		if fresh > 0 {
			releases++
		}
		for _, secret := range []string{a.ID.String(), a.ID.String()[:8], a.ReceivedAt.Format("15:04:05")} {
			if strings.Contains(text, secret) {
				t.Fatalf("the list tells %q of answer %d", secret, i)
			}
		}
		if newest := all[:min(len(all), 10)]; len(newest) == 10 { // of one step
			came := func(x, y string) int { return cmp.Or(len(x)-len(y), strings.Compare(x, y)) }
			back := slices.Clone(newest)
			slices.Reverse(back)
			if slices.IsSortedFunc(newest, came) || slices.IsSortedFunc(back, came) {
				t.Fatalf("the list is in the order of arrival: %v", newest)
			}
		}
	}
	if releases < 4 {
		t.Fatalf("%d releases: nothing is tested", releases)
	}
	// Of akta a step of ten has two or three: no label and no choice may tell of them.
	r := visit(k, http.MethodGet, loketComments+"?tanda=semua", manager)
	if beside := r.HTML().Find("article.comment .about").Text(); strings.Contains(beside, "Akta") || strings.Contains(r.HTML().Find("aside").Text(), "Akta") {
		t.Errorf("the list tells of a service that few of a step are of")
	}
	if n := len(commentsOn(visit(k, http.MethodGet, loketComments+"?layanan=akta&tanda=semua", manager))); n != 0 {
		t.Errorf("the list can be narrowed to %d comments of a service that few of a step are of", n)
	}
}

func TestASearchOfManyCommentsStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, numbered(1210, "Antre")...)
	k.Refresh()
	first := visit(k, http.MethodGet, loketComments+"?cari=jarum", k.SignIn(access.Manager, "dukcapil"))
	if to := first.HTML().Find(".comments p a[href*=setelah]").AttrOr("href", ""); len(commentsOn(first)) != 0 || !strings.Contains(to, "setelah=1-999-") {
		t.Errorf("of 1,200 comments a page searches those until %q, want the first thousand", to)
	}
}

// Comments may be as long as 2,000 characters: a search that would read too many of these
// shows what it has, and goes on.
func TestASearchOfLongCommentsStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	long := numbered(170, strings.Repeat("antre ", 320))
	long[3], long[120], long[165] = "jarum satu", "jarum dua", "jarum tiga"
	wrote(t, k, "dukcapil-loket", "ktp", 30, append(long, numbered(12, "Bagus")...)...)
	k.Refresh()
	manager := k.SignIn(access.Manager, "dukcapil")
	found, pages := 0, 0
	for path := loketComments + "?cari=jarum"; path != "" && pages < 9; pages++ {
		r := visit(k, http.MethodGet, path, manager)
		found += len(commentsOn(r))
		path = r.HTML().Find(".comments p a[href*=setelah]").AttrOr("href", "")
	}
	if found != 3 || pages != 4 {
		t.Errorf("%d comments are found on %d pages, want 3 on 4", found, pages)
	}
}

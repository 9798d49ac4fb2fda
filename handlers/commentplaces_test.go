package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// Who marks a comment goes on in the list where they read it, and takes the mark back there.
func TestAMarkLeadsBackToTheListWhereItWasSet(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, numbered(20, "Antre lama sekali")...)
	wrote(t, k, "pkm", "umum", 30, numbered(30, "Dokter sabar")...)
	k.Refresh()
	admin, viewer := k.SignIn(access.Admin), k.SignIn(access.Viewer)
	desk := visit(k, http.MethodGet, "/meja/komentar?lang=id", admin)
	if got := text(desk.HTML().Find("details section:nth-of-type(2) li")); got != "Puskesmas Melati 20 Unit Pelayanan 10" {
		t.Errorf("the units with most unread comments are %q", got)
	}
	for from, list := range map[string]string{"/meja/komentar?lang=id": "/meja/komentar?", loketComments + "?lang=id": loketComments + "?"} {
		to := mark(t, k, visit(k, http.MethodGet, from, admin), admin, "form.marks", url.Values{"tanda": {"dibaca"}}).Header.Get("Location")
		after := visit(k, http.MethodGet, to, admin)
		if !strings.HasPrefix(to, list) || after.HTML().Find("form.done").Length() != 1 {
			t.Errorf("from %s to %s: %d ways back", from, to, after.HTML().Find("form.done").Length())
		}
		if n := visit(k, http.MethodGet, to, viewer).HTML().Find("form.done").Length(); n != 0 {
			t.Errorf("%s: who only reads is offered to take it back", to)
		}
		if back := mark(t, k, after, admin, "form.done", url.Values{}).Header.Get("Location"); !strings.HasPrefix(back, list) {
			t.Errorf("taken back at %s it leads to %s", to, back)
		}
	}
}

// What a list is narrowed by stands open, and each choice is taken back by itself.
func TestAChoiceOfCommentsIsTakenBackByItself(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, numbered(20, "Antre lama sekali")...)
	wrote(t, k, "dukcapil-loket", "akta", 31, numbered(20, "Biayanya mahal")...)
	k.Refresh()
	c := k.SignIn(access.Manager, "dukcapil")
	for query, open := range map[string]int{"": 0, "&topik=biaya": 1, "&layanan=akta": 1, "&cari=mahal": 1} {
		doc := visit(k, http.MethodGet, loketComments+"?lang=id"+query, c).HTML()
		if n := doc.Find("main details[open]:has(section)").Length(); n != open {
			t.Errorf("with %q %d choices stand open, want %d", query, n, open)
		}
		doc.Find("main details:has(section) a[aria-current]").Each(func(_ int, a *goquery.Selection) {
			if to := a.AttrOr("href", ""); strings.Contains(to, "topik=") || strings.Contains(to, "layanan=") {
				t.Errorf("with %q what is chosen is taken back by %s", query, to)
			}
		})
		if n := doc.Find("main details:has(section) a[aria-current]").Length(); n != open && query != "&cari=mahal" {
			t.Errorf("with %q %d are chosen", query, n)
		}
	}
}

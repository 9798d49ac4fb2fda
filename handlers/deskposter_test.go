package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// A manager finds the posters of the open counters where answers are lacking.
func TestAManagerFindsThePostersOfOpenPoints(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	page := visit(k, http.MethodGet, unitPage+"/sampel", k.SignIn(access.Manager, "dukcapil"))
	var links []string
	page.HTML().Find("#poster a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	if want := []string{"/poster/KUPARI47.pdf", "/poster/KUPARI47.pdf?size=a6", "/poster/KUPARI47.pdf?size=tent"}; !slices.Equal(links, want) {
		t.Fatalf("%q, want %q", links, want)
	}
	for _, l := range links {
		if r := k.Get(l); r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Text, "%PDF-") {
			t.Errorf("%s: %d", l, r.StatusCode)
		}
	}
}

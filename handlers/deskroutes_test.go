package handlers_test

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/testkit"
)

// unread names pages of the desk that an attacker does not read in two worlds, and why. The
// others are those of attackDesk.
func unread() map[string]string {
	const document, asked = "TestAManagersPackageIsTheSameWhateverUnreleasedAnswersSay reads it within a package", "says what somebody asked for, and holds such documents"
	const blank, symbols = "a questionnaire without answers", "symbols, and what units published"
	return map[string]string{
		"/meja/unit/:unit/komentar/buka":   "one comment of a release, whose words the page of comments has: TestARevealedCommentIsAuditedFirst",
		"/meja/unit/:unit/formulir.pdf":    blank,
		"/meja/unit/:unit/formulir.xlsx":   blank,
		"/meja/unit/:unit/laporan.pdf":     document,
		"/meja/unit/:unit/laporan.docx":    "the same document as laporan.pdf",
		"/meja/unit/:unit/paket-bukti.zip": document,
		"/meja/pekerjaan":                  asked,
		"/meja/pekerjaan/baru":             asked,
		"/meja/pekerjaan/paket-bukti":      asked,
		"/meja/pekerjaan/:id.zip":          asked,
		"/meja/unit/:unit/poster.pdf":      symbols,
		"/meja/opd/:agency/poster.pdf":     symbols,
		"/meja/kota/poster.pdf":            symbols,
		"/meja/kejadian":                   "that a page is to be asked for again, no figure",
	}
}

func TestEveryPageOfTheDeskIsReadByTheAttacker(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	read, n := attackDesk(), 0
	for _, route := range k.App.GetRoutes(true) {
		if route.Method != http.MethodGet || !strings.HasPrefix(route.Path, "/meja") {
			continue
		}
		n++
		found := false
		for _, path := range read {
			path, _, _ = strings.Cut(path, "?")
			found = found || fiber.RoutePatternMatch(path, route.Path)
		}
		if _, named := unread()[route.Path]; found == named {
			t.Errorf("%s: read %t, named as an exception %t", route.Path, found, named)
		}
	}
	if n < 10 {
		t.Errorf("only %d routes were looked at", n)
	}
}

// unkept names pages of the desk that are made anew for everybody, and why. The others are
// those of deskPaths.
func unkept() map[string]string {
	const form, live, file = "is a form of one person", "shows what changes while it is read", "is no page"
	return map[string]string{
		"/meja/komentar":                 live,
		"/meja/unit/:unit/komentar":      live,
		"/meja/unit/:unit/komentar/buka": form,
		"/meja/unit/:unit/laporan":       form,
		"/meja/pekerjaan":                live,
		"/meja/pekerjaan/baru":           form,
		"/meja/pekerjaan/paket-bukti":    form,
		"/meja/kejadian":                 file,
	}
}

func TestEveryPageOfTheDeskIsHeldToBeKeptOrNamed(t *testing.T) {
	t.Parallel()
	routes := getRoutes(testkit.New(t, testkit.City))
	kept := map[string]bool{}
	for _, page := range deskPaths() {
		kept[routeOf(routes, page)] = true
	}
	n := 0
	for _, pattern := range routes {
		if !strings.HasPrefix(pattern, "/meja") || strings.Contains(path.Base(pattern), ".") { // a file
			continue
		}
		n++
		if _, named := unkept()[pattern]; kept[pattern] == named {
			t.Errorf("%s: kept %t, named as an exception %t", pattern, kept[pattern], named)
		}
	}
	if n < 10 {
		t.Errorf("only %d pages were looked at", n)
	}
}

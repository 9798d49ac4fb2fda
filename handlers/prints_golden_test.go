package handlers_test

import (
	"flag"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the prints that are expected")

// Sheets, posters, forms and reports are drawn otherwise on purpose alone: many a line and space
// on them follows from no rule that a test could state. -update writes the checksums anew; print
// what changed and look at it first.
func TestPrintsAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	evaluator := k.SignIn(access.Evaluator)
	var got strings.Builder
	note := func(path string, reply *testkit.Reply) {
		if reply.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", path, reply.StatusCode)
		}
		fmt.Fprintln(&got, path)
		for i, page := range testtools.Drawn(t, []byte(reply.Text)) {
			fmt.Fprintf(&got, "  page %d: %s\n", i+1, testtools.DrawnSum(page))
		}
	}
	for _, path := range []string{
		"/hasil/dukcapil-loket/lembar.pdf?period=2026-s1&lang=id", "/hasil/dukcapil-loket/lembar.pdf?period=2026-s1&lang=en",
		"/poster/KUPARI47.pdf", "/poster/KUPARI47.pdf?size=a6", "/poster/KUPARI47.pdf?size=tent", "/poster/KUPARI47.pdf?lang=en", "/poster/MELATI38.pdf?size=tent",
	} {
		note(path, k.Get(path))
	}
	for _, path := range []string{
		unitPage + "/formulir.pdf?lang=id", unitPage + "/formulir.pdf?lang=en",
		strings.Replace(reportPath, "laporan?", "laporan.pdf?", 1),
		strings.NewReplacer("laporan?", "laporan.pdf?", "jenis=skm", "jenis=zi", "lang=id", "lang=en").Replace(reportPath),
	} {
		note(path, visit(k, http.MethodGet, path, evaluator))
	}
	testtools.Golden(t, *update, filepath.Join("testdata", "prints.txt"), got.String())
}

package handlers_test

import (
	"flag"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// So are sheets of units that have less to tell, or more: of two of nine aspects, provisional and
// final, with arms and logo, of a demonstration, with what was improved then or before.
func TestSheetsAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	k.Apply(twoOfNine)
	part := func(_ int, q string) int {
		if q == "waktu" || q == "biaya" {
			return 4
		}
		return 0
	}
	answerRows(t, k, "p9", "two9", 70, part)
	answerRows(t, k, "lalu", "two9", 30, always(3, nil))
	answerRows(t, k, "p9", "nine9", 90, func(i int, q string) int { return 4 - (i+len(q))%7/4 })
	var got strings.Builder
	note := func(name string) {
		k.Refresh()
		for _, path := range []string{"two9/lembar.pdf?period=p9", "two9/lembar.pdf?period=p9&size=a3&lang=en", "two9/lembar.pdf?period=lalu", "nine9/lembar.pdf?period=p9"} {
			r := k.Get("/hasil/" + path)
			if r.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d", path, r.StatusCode)
			}
			fmt.Fprintf(&got, "%s, %s: %s\n", name, path, testtools.DrawnSum(testtools.Drawn(t, []byte(r.Text))[0]))
		}
	}
	note("provisional")
	k.Apply(`periods: [{code: lalu, improved: {two9: [{text: Kursi ditambah, done: 2026-01-15}, {text: {id: Buka sore, en: Open late}, done: 2026-02-01}]}}]`)
	note("improved before")
	wait(200 * 24 * time.Hour)
	note("final")
	k.Apply(`periods: [{code: p9, improved: {two9: [{text: "` + strings.Repeat("Loket prioritas bagi lansia. ", 6) + "Ya." + `", done: 2026-07-15}]}}]`)
	k.Register.Directory().City().Demo = true
	note("improved, of a demonstration")
	testtools.Golden(t, *update, filepath.Join("testdata", "sheets.txt"), got.String())
}

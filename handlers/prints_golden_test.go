package handlers_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

var update = flag.Bool("update", false, "write the prints that are expected")

// drawn returns the first half of a checksum for each page of a PDF: of what is drawn on it, the
// fonts and dates of the file left out.
func drawn(t *testing.T, pdf string) (pages []string) {
	t.Helper()
	for _, part := range strings.Split(pdf, "\nstream\n")[1:] {
		z, err := zlib.NewReader(strings.NewReader(part))
		if err != nil {
			continue // what is not compressed is no page
		}
		page, err := io.ReadAll(z)
		if err == nil && bytes.Contains(page, []byte(" Td ")) {
			sum := sha256.Sum256(page)
			pages = append(pages, hex.EncodeToString(sum[:8]))
		}
	}
	if len(pages) == 0 {
		t.Fatalf("no page of %d bytes is read", len(pdf))
	}
	return pages
}

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
		for i, sum := range drawn(t, reply.Text) {
			fmt.Fprintf(&got, "  page %d: %s\n", i+1, sum)
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
	file := filepath.Join("testdata", "prints.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("prints are drawn otherwise: look at them, then -update; now:\n%s", got.String())
	}
}

package testtools

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"testing"
)

// Golden compares a text with what a file holds; update writes the file anew instead. Whoever
// does so looks at what changed first.
func Golden(t testing.TB, update bool, file, got string) {
	t.Helper()
	if update {
		check(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file) //nolint:gosec // the test's own file
	check(t, err)
	if got == string(want) {
		return
	}
	is, was := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(is), len(was)) {
		if is[i] != was[i] {
			t.Errorf("%s is otherwise from line %d on: look at it, then -update\n got %.200q\nwant %.200q", file, i+1, is[i], was[i])
			return
		}
	}
	t.Errorf("%s has %d lines, not %d: look at it, then -update", file, len(is), len(was))
}

// Drawn returns the operators that draw each page of a PDF that has letters on it: its fonts
// and dates are left out.
func Drawn(t testing.TB, data []byte) (pages []string) {
	t.Helper()
	for _, part := range bytes.Split(data, []byte("\nstream\n"))[1:] {
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // what is not compressed is no page
		}
		page, err := io.ReadAll(z)
		if err == nil && bytes.Contains(page, []byte(" Td ")) {
			pages = append(pages, string(page))
		}
	}
	if len(pages) == 0 {
		t.Fatalf("no page of %d bytes is read", len(data))
	}
	return pages
}

// DrawnSum returns the first half of a checksum of what is drawn on a page.
func DrawnSum(page string) string {
	sum := sha256.Sum256([]byte(page))
	return hex.EncodeToString(sum[:8])
}

package testkit

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Scan returns what zbarimg reads from the QR symbols of a picture. It skips the test where
// the program is not installed.
func Scan(t testing.TB, img image.Image) []string {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	out, code := run(t, data.Bytes(), Program(t, "zbarimg"), "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-")
	const nothingFound = 4
	if code == nothingFound {
		return nil
	}
	if code != 0 {
		t.Fatalf("zbarimg ended with %d", code)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// PDFText returns the texts of each page of a PDF as pdftotext finds them, in the order in
// which they were written.
func PDFText(t testing.TB, data []byte) []string {
	t.Helper()
	out, code := run(t, data, Program(t, "pdftotext"), "-raw", "-enc", "UTF-8", "-", "-")
	if code != 0 {
		t.Fatalf("pdftotext ended with %d", code)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

// PDFPages returns the pages of a PDF as pdftoppm draws them, with so many dots an inch.
// Further arguments are for that program.
func PDFPages(t testing.TB, data []byte, dots int, args ...string) []image.Image {
	t.Helper()
	dir := t.TempDir()
	args = append([]string{"-png", "-r", strconv.Itoa(dots)}, append(args, "-", filepath.Join(dir, "page"))...)
	if _, code := run(t, data, Program(t, "pdftoppm"), args...); code != 0 {
		t.Fatalf("pdftoppm ended with %d", code)
	}
	files, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil {
		t.Fatal(err)
	}
	pages := make([]image.Image, len(files))
	for i, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if pages[i], err = png.Decode(bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
	}
	return pages
}

// run runs a program with an input. It returns what it said and its code.
func run(t testing.TB, input []byte, program string, args ...string) (out []byte, code int) {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Logf("%s: %s", program, stderr.String())
		return out, exit.ExitCode()
	}
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return out, 0
}

package testtools

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"math"
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
	out, code := run(t, portable(img), Program(t, "zbarimg"), "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-")
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
	args = append([]string{"-r", strconv.Itoa(dots)}, append(args, "-", filepath.Join(dir, "page"))...)
	if _, code := run(t, data, Program(t, "pdftoppm"), args...); code != 0 {
		t.Fatalf("pdftoppm ended with %d", code)
	}
	files, err := filepath.Glob(filepath.Join(dir, "page*"))
	if err != nil {
		t.Fatal(err)
	}
	pages := make([]image.Image, len(files))
	for i, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = picture(t, b)
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

// Shades returns how light the places of 8 × 8 pixels within an area of an image are, 0 to
// 1, row by row: what two programs draw of one line differs in single pixels.
func Shades(img image.Image, area image.Rectangle) (all []float64) {
	const side = 8
	for y := area.Min.Y; y < area.Max.Y; y += side {
		for x := area.Min.X; x < area.Max.X; x += side {
			sum, n := 0.0, 0
			for j := y; j < min(y+side, area.Max.Y); j++ {
				for i := x; i < min(x+side, area.Max.X); i++ {
					sum += float64(color.GrayModel.Convert(img.At(i, j)).(color.Gray).Y) / 0xff
					n++
				}
			}
			all = append(all, sum/float64(n))
		}
	}
	return all
}

// Apart tells how far two images are apart, by their Shades: on average and at the most, 0 to
// 1. One may be a pixel larger than the other.
func Apart(t testing.TB, a, b image.Image) (mean, most float64) {
	t.Helper()
	both := a.Bounds().Intersect(b.Bounds())
	for _, img := range []image.Image{a, b} {
		if more := img.Bounds().Size().Sub(both.Size()); more.X > 1 || more.Y > 1 {
			t.Fatalf("images of %v and %v", a.Bounds().Size(), b.Bounds().Size())
		}
	}
	one, other := Shades(a, both), Shades(b, both)
	for i := range one {
		d := math.Abs(one[i] - other[i])
		mean, most = mean+d, max(most, d)
	}
	return mean / float64(len(one)), most
}

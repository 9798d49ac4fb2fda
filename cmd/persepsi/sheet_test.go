package main

import (
	"bytes"
	"encoding/json"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/testtools"
)

// sheetsOf looks that the sheet of a closed period shows the numbers of the results, that its
// symbol leads to today's figures and names the release, and that twice the same sheet is the
// same bytes. That of a running period says that it is provisional. periods are one that runs
// and one that is closed.
func sheetsOf(t *testing.T, flags, periods []string) {
	t.Helper()
	for i, period := range periods {
		for _, size := range []string{"a4", "a3"} {
			of := append([]string{"--period", period, "--unit", "rsud-igd"}, flags...)
			data := sheetOf(t, "pdf", append([]string{"--size", size, "--public-url", "https://survei.example"}, of...))
			text := strings.Join(strings.Fields(strings.Join(testtools.PDFText(t, data), " ")), " ")
			if runs := strings.Contains(text, "Sementara. Angka dihitung sampai"); runs != (i == 0) {
				t.Errorf("%s: that it is provisional is told: %v", period, runs)
			}
			symbol := testtools.Scan(t, testtools.PDFPages(t, data, 150, "-gray")[0])
			// The arms and their transparency. The value stands on the city's colour.
			if n := bytes.Count(data, []byte("/Subtype /Image")); n != 2 {
				t.Errorf("%s: %d pictures, want the arms", size, n)
			}
			page := testtools.PDFPages(t, data, 50)[0]
			if got := color.NRGBAModel.Convert(page.At(page.Bounds().Dx()/10, page.Bounds().Dy()*3/10)); got != (color.NRGBA{0x1d, 0x4f, 0x7c, 0xff}) {
				t.Errorf("%s: the value stands on %v", size, got)
			}
			if want := regexp.MustCompile(`^https://survei\.example/hasil/rsud-igd\?terbit=` + period + `\.\d+$`); len(symbol) != 1 || !want.MatchString(symbol[0]) {
				t.Errorf("%s: its symbol says %q", size, symbol)
			}
			pixels, err := png.Decode(bytes.NewReader(sheetOf(t, "png", append([]string{"--size", size, "--public-url", "https://survei.example"}, of...))))
			if err != nil {
				t.Fatal(err)
			}
			if got := testtools.Scan(t, pixels); !slices.Equal(got, symbol) {
				t.Errorf("%s: the symbol of the PNG says %q, that of the PDF %q", size, got, symbol)
			}
			if i > 0 { // else the results are of every answer, not of a release
				out, _ := must(t, append([]string{"results", "--format", "json"}, of...)...)
				sheetShows(t, text, out)
			}
		}
	}
	if code, _, stderr := call(t, append([]string{"sheet", "--period", periods[1], "--unit", "rsud-igd", "--out", filepath.Join(t.TempDir(), "x.pdf")}, flags...)...); code == exitDone || !strings.Contains(stderr, "--public-url") {
		t.Errorf("without an address: exit code %d, %s", code, stderr)
	}
	if code, _, stderr := call(t, append([]string{"sheet", "--period", periods[1], "--unit", "rsud-igd", "--out", filepath.Join(t.TempDir(), "x.gif")}, flags...)...); code != exitUsage || !strings.Contains(stderr, "none of .pdf, .png") {
		t.Errorf("of another ending: exit code %d, %s", code, stderr)
	}
}

// sheetOf writes a sheet in a format twice.
func sheetOf(t *testing.T, format string, args []string) []byte {
	t.Helper()
	files := make([][]byte, 1)
	if slices.Contains(args, "a4") { // one size twice: all are written alike
		files = make([][]byte, 2)
	}
	for i := range files {
		name := filepath.Join(t.TempDir(), "lembar."+format)
		must(t, append([]string{"sheet", "--out", name}, args...)...)
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[len(files)-1]) {
		t.Error("the same figures give other bytes")
	}
	if dir := os.Getenv("PERSEPSI_PICTURES"); dir != "" { // for the eye
		if err := os.WriteFile(filepath.Join(dir, "lembar-"+args[1]+"-"+args[5]+"."+format), files[0], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files[0]
}

func sheetShows(t *testing.T, text, results string) {
	t.Helper()
	var r told
	if err := json.Unmarshal([]byte(results), &r); err != nil {
		t.Fatal(err)
	}
	shown := func(x float64) string { return strings.Replace(analytics.ShownFloat(x, 2), ".", ",", 1) }
	for code, x := range r.Units[0].Indexes {
		wants := []string{shown(x.Value) + " dari 4 · mutu " + x.Mutu + " · " + shown(x.CI95[0]) + "–" + shown(x.CI95[1])}
		if code == "ikm" {
			wants = []string{shown(x.Value), "Mutu " + x.Mutu + ",", "Rentang 95 %: " + shown(x.CI95[0]) + " sampai " + shown(x.CI95[1])}
			for _, a := range x.Aspects {
				wants = append(wants, shown(*a.Mean))
			}
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the sheet does not show %q: %s", code, want, text)
			}
		}
	}
}

package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/testtools"
)

// told is what the results tell of a unit, as far as a report shows it.
type told struct {
	Units []struct {
		Indexes map[string]struct {
			Value   float64
			Mutu    string
			CI95    [2]float64 `json:"ci95"`
			N       int64
			Aspects []struct{ Mean, Weighted, Value100 *float64 }
		}
	}
}

// reportsOf looks that a report that is opened by other readers shows the numbers of the
// results, to the last digit that it shows, and that twice the same report is the same bytes.
// periods are one that runs and one that is closed.
func reportsOf(t *testing.T, flags, periods []string) {
	t.Helper()
	for i, period := range periods {
		for _, kind := range []string{"skm", "zi"} {
			of := append([]string{"--period", period, "--unit", "rsud-igd"}, flags...)
			checkReports(t, of, kind, i == 0)
		}
	}
}

func checkReports(t *testing.T, of []string, kind string, runs bool) {
	t.Helper()
	out, dir := "", t.TempDir()
	if !runs { // else the results are of every answer, not of a release
		out, _ = must(t, append([]string{"results", "--format", "json"}, of...)...)
	}
	for _, ending := range []string{"docx", "pdf"} {
		files := make([][]byte, map[string]int{"skm": 2, "zi": 1}[kind]) // one kind twice: both are written alike
		for i := range files {
			name := filepath.Join(dir, "laporan."+ending)
			if stdout, stderr := must(t, append([]string{"report", "--kind", kind, "--out", name, "--public-url", "https://survei.example"}, of...)...); stdout+stderr != "" {
				t.Errorf("a report says %q", stdout+stderr)
			}
			var err error
			if files[i], err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(files[0], files[len(files)-1]) {
			t.Errorf("%s %v: the same figures give other bytes", ending, of)
		}
		text := wordsOf(t, ending, filepath.Join(dir, "laporan."+ending), files[0])
		if draft := strings.Contains(text, "Sementara. Periode masih berjalan"); draft != runs {
			t.Errorf("%s %v: that it is of a running period is told: %v", ending, of, draft)
		}
		if !runs {
			showsNumbers(t, text, out, kind)
		}
	}
}

func showsNumbers(t *testing.T, text, results, kind string) {
	t.Helper()
	var r told
	if err := json.Unmarshal([]byte(results), &r); err != nil {
		t.Fatal(err)
	}
	shown := func(x float64, digits int) string {
		return strings.Replace(analytics.ShownFloat(x, digits), ".", ",", 1)
	}
	for _, code := range map[string][]string{"skm": {"ikm"}, "zi": {"ipkp", "ipak"}}[kind] {
		x := r.Units[0].Indexes[code]
		wants := []string{strings.ToUpper(code) + " " + shown(x.Value, 2) + ", mutu " + x.Mutu, shown(x.CI95[0], 2) + " dan " + shown(x.CI95[1], 2)}
		for _, a := range x.Aspects {
			wants = append(wants, shown(*a.Mean, 3)+" "+shown(*a.Weighted, 3)+" "+shown(*a.Value100, 2), shown(*a.Mean, 6))
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the report does not show %q", code, want)
			}
		}
	}
}

// wordsOf returns the text of a document, with one space between words.
func wordsOf(t *testing.T, format, name string, data []byte) string {
	t.Helper()
	if format == "pdf" {
		out, err := exec.CommandContext(t.Context(), testtools.Program(t, "pdftotext"), "-layout", name, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(string(out)), " ")
	}
	text, err := docxText(data)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// docxText returns the text of a file of Word, with one space between words.
func docxText(data []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, part := range z.File {
		if part.Name != "word/document.xml" && !strings.HasPrefix(part.Name, "word/header") {
			continue
		}
		f, err := part.Open()
		if err != nil {
			return "", err
		}
		if err := partText(f, &out); err != nil {
			return "", err
		}
	}
	return strings.Join(strings.Fields(out.String()), " "), nil
}

// partText writes the text of a part: of each paragraph, then a space.
func partText(part io.Reader, out *strings.Builder) error {
	in := false
	for d := xml.NewDecoder(part); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch x := token.(type) {
		case xml.StartElement:
			in = x.Name.Local == "t"
		case xml.EndElement:
			in = false
			if x.Name.Local == "p" {
				out.WriteByte(' ')
			}
		case xml.CharData:
			if in {
				out.Write(x)
			}
		}
	}
}

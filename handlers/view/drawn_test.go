package view

import (
	"bytes"
	"path/filepath"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/testtools"
)

// AssetPath returns the address of an asset, for tests from outside.
func AssetPath(t testing.TB, name string) string {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return p.assets[name].Path
}

// DrawnChart returns a chart as a page has it.
func DrawnChart(t testing.TB, lang string, c *chart.Chart) string {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := p.sets[lang]["result"].ExecuteTemplate(&out, "chart", c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// What is drawn changes only on purpose: -update writes the files anew.
func TestChartsAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, s := range Samples(t, "id") {
		got, file := DrawnChart(t, "id", s.Chart), filepath.Join("testdata", "chart", s.Name+".html")
		testtools.Golden(t, *update, file, got)
	}
}

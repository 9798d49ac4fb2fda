package main

import (
	"strings"
	"testing"

	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// Another catalogue is shown at once, without the store's figures, and nothing
// of the old one is kept.
func TestAnotherCatalogueIsShownAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	kept := cache.New(1 << 20)
	refresh := func() {
		t.Helper()
		if err := refreshCatalogue(t.Context(), k.Register, k.Figures, kept); err != nil {
			t.Fatal(err)
		}
	}
	kept.Put("page", "of before", 9)
	refresh()
	if kept.Stats().Entries != 1 {
		t.Error("the cache is emptied though nothing changed")
	}
	d := k.Register.Directory()
	applied, err := survey.Apply(d.Catalogue(), []byte(strings.Replace(testkit.City, "name: Unit Pelayanan", "name: Unit Baru", 1)), d.Library(), d.Methods(), nil, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Store.RecordCatalogue(t.Context(), applied.Catalogue); err != nil {
		t.Fatal(err)
	}
	refresh()
	results, err := k.Figures.Figures().Results(report.Scope{Audience: report.Live, Period: "2026-s1", Unit: "dukcapil-loket"})
	if err != nil || results.Units[0].UnitName != "Unit Baru" {
		t.Errorf("results = %+v, err = %v", results, err)
	}
	if kept.Stats().Entries != 0 {
		t.Error("what was made with the old catalogue is kept")
	}
}

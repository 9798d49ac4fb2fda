package reporting_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/reporting"
	"persepsi/internal/testtools"
	"persepsi/internal/wording"
)

var update = flag.Bool("update", false, "write the files of what is expected")

// What a report says changes only on purpose: -update writes the outlines anew, to be read.
func TestReportsSayWhatTheySaid(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for name, of := range map[string]struct {
		kind   reporting.Kind
		period string
		change func(*reporting.Input)
		make   func(*wording.Speaker, *reporting.Input) (*document.Document, error)
	}{
		"skm-closed":  {kind: reporting.SKM, period: "2025-s2"},
		"zi-closed":   {kind: reporting.ZI, period: "2025-s2"},
		"skm-running": {kind: reporting.SKM, period: "2026-s1"},
		"skm-withheld": {kind: reporting.SKM, period: "2025-s2", change: func(in *reporting.Input) {
			hide(in, desk.Closing, 7, "fewer_than_10")
			in.Result.Responses.Counted = nil
		}},
		"form":    {kind: reporting.SKM, period: "2025-s2", make: reporting.MakeForm},
		"methods": {kind: reporting.SKM, period: "2025-s2", make: reporting.MakeMethods},
	} {
		for _, lang := range []string{"id", "en"} {
			in := c.input(t, of.kind, of.period, "dukcapil-loket")
			in.Address = "https://persepsi.example/h/dukcapil-loket"
			if of.change != nil {
				of.change(in)
			}
			make := of.make
			if make == nil {
				make = reporting.Make
			}
			doc, err := make(speaker(t, lang), in)
			if err != nil {
				t.Fatal(err)
			}
			got, file := outline(doc), filepath.Join("testdata", name+"."+lang+".txt")
			testtools.Golden(t, *update, file, got)
			for _, wrong := range []string{"<no value>", "%!", "**", "  \n"} {
				if strings.Contains(got, wrong) {
					t.Errorf("%s in %s holds %q", name, lang, wrong)
				}
			}
		}
	}
}

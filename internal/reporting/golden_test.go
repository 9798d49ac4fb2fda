package reporting_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/reporting"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the files of what is expected")

// What a report says changes only on purpose: -update writes the outlines anew, to be read.
func TestReportsSayWhatTheySaid(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for name, of := range map[string]struct {
		kind         reporting.Kind
		period, unit string
	}{
		"skm-closed": {reporting.SKM, "2025-s2", "dukcapil-loket"}, "zi-closed": {reporting.ZI, "2025-s2", "dukcapil-loket"}, "skm-running": {reporting.SKM, "2026-s1", "dukcapil-loket"},
	} {
		for _, lang := range []string{"id", "en"} {
			in := c.input(t, of.kind, of.period, of.unit)
			in.Address = "https://persepsi.example/h/dukcapil-loket"
			got, file := outline(made(t, lang, in)), filepath.Join("testdata", name+"."+lang+".txt")
			testtools.Golden(t, *update, file, got)
			for _, wrong := range []string{"<no value>", "%!", "**", "  \n"} {
				if strings.Contains(got, wrong) {
					t.Errorf("%s in %s holds %q", name, lang, wrong)
				}
			}
		}
	}
}

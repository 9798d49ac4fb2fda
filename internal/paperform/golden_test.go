package paperform_test

import (
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/testtools"
	"persepsi/survey"
)

var update = flag.Bool("update", false, "write the checksums of paper forms that are expected")

// A form changes only on purpose: where its lines stand follows from no rule that a test could
// state. Whoever moves one looks at it (PERSEPSI_PICTURES names a folder for the files), then
// writes the checksums anew by -update.
func TestPaperFormsAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	forms := shipped(t)
	for _, ref := range slices.Sorted(maps.Keys(forms)) {
		kinds := []string{"id"}
		if ref == "skm-9" || ref == "terpadu-16" { // one in two columns, and the longest
			kinds = []string{"id", "en", "for any unit", "with consent", "of a demonstration", "with long names", "without respondent fields"}
		}
		for _, kind := range kinds {
			form, lang := *forms[ref], "id"
			if kind == "en" {
				lang = kind
			}
			o := order(t, &form, lang)
			switch kind {
			case "for any unit":
				o.Place = survey.Place{}
			case "with consent":
				o.City.Notice.Basis = survey.Consent
			case "of a demonstration":
				o.City.Demo = true
			case "with long names":
				o.City.Name = strings.Repeat("Kabupaten Penajam Paser Utara ", 4)
				o.Place.Unit.Name = strings.Repeat("Unit Pelayanan Administrasi ", 7)
				o.Place.Unit.Services[0].Name = strings.Repeat("Kartu tanda penduduk elektronik ", 4)
			case "without respondent fields":
				form.Fields = nil
			}
			fmt.Fprintf(&got, "%s %s\n", ref, kind)
			for _, page := range testtools.Drawn(t, drawn(t, o)) {
				fmt.Fprintf(&got, "  %s\n", testtools.DrawnSum(page))
			}
		}
	}
	testtools.Golden(t, *update, filepath.Join("testdata", "forms.txt"), got.String())
}

package poster_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/poster"
	"persepsi/internal/sheet"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the checksums of posters that are expected")

// A poster changes only on purpose: where its lines stand follows from no rule that a test could
// state. Whoever moves one looks at it (PERSEPSI_PICTURES names a folder for the files), then
// writes the checksums anew by -update.
func TestPostersAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, size := range poster.Sizes() {
		for _, kind := range []string{"plain", "with arms and logo", "with arms alone", "with a logo alone", "of a demonstration", "with long names", "without a period", "final", "provisional"} {
			d := city(t, 1, false)
			if strings.HasPrefix(kind, "with arms") || kind == "with a logo alone" {
				d = dressed(t, d)
			}
			c := d.Catalogue()
			o := order(t, d, size)
			o.Places = o.Places[:1]
			switch kind {
			case "with arms alone":
				c.Agencies[0].Logo = nil
			case "with a logo alone":
				c.City.Arms = nil
			case "of a demonstration":
				c.City.Demo = true
			case "with long names":
				c.City.Name = strings.Repeat("Kabupaten Penajam Paser Utara ", 4)
				c.Agencies[0].Name = strings.Repeat("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu ", 4)
				c.Agencies[0].Units[0].Name = strings.Repeat("Unit Pelayanan Administrasi ", 7)
				o.Address = "https://survei-kepuasan-masyarakat.dinas-kependudukan.kabupaten-penajam-paser-utara.go.id/kepuasan/warga"
			case "without a period":
				o.At = o.At.AddDate(1, 0, 0)
			case "final", "provisional":
				o.Lang = "en"
				o.Results = func(string) (*sheet.Input, error) { return published(t, d, kind == "final"), nil }
			}
			fmt.Fprintf(&got, "%s %s\n", size, kind)
			for _, page := range testtools.Drawn(t, fittedText(t, o)) {
				fmt.Fprintf(&got, "  %s\n", testtools.DrawnSum(page))
			}
		}
	}
	testtools.Golden(t, *update, filepath.Join("testdata", "posters.txt"), got.String())
}

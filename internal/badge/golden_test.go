package badge_test

import (
	"flag"
	"path/filepath"
	"testing"

	"persepsi/internal/badge"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the badges that are expected")

// A badge changes only on purpose: -update draws those of testdata anew, to be looked at.
func TestBadgesAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	const long = "Unit Pelaksana Teknis Daerah Pusat Kesehatan Masyarakat Rawat Inap Kecamatan Contoh Utara Bagian Timur Laut"
	for name, b := range map[string]*badge.Badge{
		"final":    {Lang: "id", Title: "IKM Loket", Short: "IKM", Value: "95,30", Of: "dari 100", Finding: "Mutu A, sangat baik", Unit: "Loket Dukcapil", Notes: []string{"284 responden", "Januari sampai Juni 2026"}},
		"short":    {Lang: "id", Title: "IKM Loket", Short: "IKM", Value: "61,2", Of: "dari 100", Finding: "Mutu D, tidak baik", Unit: "Loket Dukcapil", Notes: []string{"12 responden", "Responden belum cukup"}, Warns: true},
		"long":     {Lang: "id", Title: long, Short: "IPKP", Value: "1.234.567,89", Of: "dari 4", Finding: long, Unit: long, Notes: []string{long, long, long}, Warns: true},
		"withheld": {Lang: "en", Title: "IPAK", Short: "IPAK", Finding: "Not shown: fewer than ten people answered", Unit: "Puskesmas <Melati> & \"Mawar\"", Demo: "Kota peragaan"},
		"bare":     {Lang: "id", Title: "Hasil", Finding: "Belum ada hasil", Unit: "Loket"},
	} {
		file, got := filepath.Join("testdata", name+".svg"), string(b.SVG())
		testtools.Golden(t, *update, file, got)
	}
}

package handlers_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/testkit"
)

// An aspect of a city's own instrument is called what the city calls it, also where the program
// has a plainer name for one of that code.
func TestAFaultNamesAQuestionOfACitysOwnInstrumentInItsWords(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.Apply(`
instruments:
  - code: taman
    version: 1
    title: Survei Taman
    questions: [{code: t1, text: "Bagaimana tamannya?", options: [A, B, C, D]}]
    indexes: [{code: ikm, aspects: [{code: produk, name: Keadaan taman, questions: [t1]}]}]
agencies:
  - {code: taman, name: Dinas Taman, units: [{code: taman, name: Taman, points: [{code: TAMANB47, name: Pintu}]}]}
periods:
  - {code: taman, name: Taman, from: 2026-01-01, to: 2026-06-30, instrument: taman, units: [taman]}
`)
	v := filled(k.Get("/s/TAMANB47?lang=id").HTML())
	v.Del("answers.t1")
	var lines []string
	k.PostForm("/s/TAMANB47?lang=id", v).HTML().Find(".alert ol li").Each(func(_ int, li *goquery.Selection) { lines = append(lines, strings.TrimSpace(li.Text())) })
	if got := strings.Join(lines, "; "); !strings.Contains(got, "Keadaan taman: belum dijawab") || strings.Contains(got, "Hasil pelayanan") {
		t.Errorf("the fault is told as %q", got)
	}
}

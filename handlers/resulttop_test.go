package handlers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// marked are the rows of a table of aspects that are marked as the lowest.
func marked(table *goquery.Selection) (out []string) {
	for _, row := range table.Find("tr").EachIter() {
		if row.Is(".low") != strings.Contains(words(row), "nilai terendah") {
			out = append(out, "half a mark: "+words(row))
		}
		if row.Is(".low") {
			row = row.Find("th").Clone()
			row.Find("small, em").Remove()
			out = append(out, words(row))
		}
	}
	return out
}

// The table marks what the sentence on the weakest names, and nothing else.
func TestTheTableMarksWhatTheSentenceNames(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	spread := func(low ...string) func(int, string) int {
		return func(i int, question string) int {
			for at, l := range low {
				if l == question {
					return 2 + (i+at)%2
				}
			}
			return 4
		}
	}
	answerRows(t, k, "2026-s1", "layanan", 40, spread("waktu"))
	answerRows(t, k, "2026-s1", "nol", 40, spread("waktu", "sarana"))
	answerRows(t, k, "2026-s1", "tanpa", 40, spread("waktu", "sarana", "biaya", "perilaku"))
	answerRows(t, k, "2026-s1", "kosong", 40, always(3, nil))
	answerRows(t, k, "2026-s1", "dukcapil-loket", 40, func(i int, question string) int {
		if (question == "perilaku" || question == "pungli") && i == 3 {
			return 3
		}
		return 4
	})
	answerRows(t, k, "2026-s1", "kecil", 40, spread("pungli", "hadiah"))
	k.Refresh()
	for unit, want := range map[string]struct{ main, ipak string }{
		"layanan":        {"Waktu penyelesaian", ""},
		"nol":            {"Waktu penyelesaian, Sarana dan prasarana", ""},
		"tanpa":          {"Waktu penyelesaian", ""},
		"kosong":         {"", ""},
		"dukcapil-loket": {"", ""},
		"kecil":          {"", "Bebas pungutan liar"},
	} {
		page := k.Get("/hasil/" + unit + "?lang=id").HTML()
		if got := strings.Join(marked(page.Find(".aspects").First()), ", "); got != want.main {
			t.Errorf("%s marks %q, want %q", unit, got, want.main)
		}
		if got := strings.Join(marked(page.Find(".cards .aspects").Last()), ", "); got != want.ipak {
			t.Errorf("%s marks %q in its IPAK, want %q", unit, got, want.ipak)
		}
	}
}

// What is below B in an index further down the page is told at its top, and the sentence
// of an IPAK does not say that all is well.
func TestWhatIsToBeMendedStandsAtTheTop(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "2026-s1", "layanan", 40, always(4, map[string]int{"pungli": 2}))
	answerRows(t, k, "2026-s1", "nol", 40, always(4, map[string]int{"waktu": 2}))
	answerRows(t, k, "2026-s1", "kecil", 40, always(4, map[string]int{"waktu": 2, "sarana": 3, "pungli": 1}))
	answerRows(t, k, "2026-s1", "kosong", 40, always(3, nil))
	answerRows(t, k, "2026-s1", "tanpa", 40, always(4, nil))
	answerRows(t, k, "dua", "bersih", 40, always(4, map[string]int{"pungli": 2}))
	k.Refresh()
	for path, want := range map[string]string{
		"layanan?lang=id": "Bebas pungutan liar 2,00 (IPAK)",
		"nol?lang=id":     "", // the sentence on the weakest says so
		"kecil?lang=id":   "Waktu penyelesaian 2,00 (IKM) Sarana dan prasarana 3,00 (IKM) Bebas pungutan liar 1,00 (IPAK)",
		"kosong?lang=id":  "Semua unsur Indeks Kepuasan Masyarakat Semua unsur Indeks Persepsi Kualitas Pelayanan Semua unsur Indeks Persepsi Anti Korupsi",
		"tanpa?lang=id":   "",
		"bersih?lang=id":  "",
	} {
		if got := glance(k.Get("/hasil/"+path).HTML(), "Perlu diperbaiki"); got != want {
			t.Errorf("%s is to mend %q, want %q", path, got, want)
		}
	}
	if got := glance(k.Get("/hasil/layanan?lang=en").HTML(), "Needs improvement"); !strings.HasSuffix(got, " 2.00 (IPAK)") {
		t.Errorf("in English: %q", got)
	}
	finding := func(path string) string { return words(k.Get(path).HTML().Find(".finding")) }
	const one = "Gerai Bersih dinilai sangat baik oleh 30 warga dalam hal bebas dari korupsi, tetapi Bebas pungutan liar perlu diperbaiki."
	if got := finding("/hasil/bersih?lang=id"); got != one {
		t.Errorf("it finds %q", got)
	}
}

func TestTheSentenceOfAnIPAKNamesTheLowestOfWhatIsToBeMended(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "dua", "bersih", 40, always(4, map[string]int{"diskriminasi": 3, "pungli": 2}))
	k.Refresh()
	if got := words(k.Get("/hasil/bersih?lang=id").HTML().Find(".finding")); got != "Gerai Bersih dinilai baik oleh 30 warga dalam hal bebas dari korupsi, tetapi 2 unsur perlu diperbaiki, terutama Bebas pungutan liar." {
		t.Errorf("it finds %q", got)
	}
	// One that is rated badly as a whole says so.
	k, _ = timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "dua", "bersih", 40, always(3, nil))
	k.Refresh()
	if got := words(k.Get("/hasil/bersih?lang=id").HTML().Find(".finding")); got != "Gerai Bersih dinilai kurang baik oleh 30 warga dalam hal bebas dari korupsi." {
		t.Errorf("it finds %q", got)
	}
}

// A unit that was closed in the course of a period takes no more answers: that the period
// still runs says nothing about it.
func TestAResultTellsThatItsUnitIsClosed(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "2026-s1", "layanan", 40, always(4, nil))
	lead := func(path string) string {
		k.Refresh()
		return words(k.Get(path).HTML().Find(".lead"))
	}
	const path = "/hasil/layanan?period=2026-s1&lang=id"
	if got := lead(path); strings.Contains(got, "ditutup") || !strings.Contains(got, "masih berjalan") {
		t.Errorf("of an open unit it says %q", got)
	}
	k.Apply(`agencies: [{code: dukcapil, units: [{code: layanan, closed: true}]}]`)
	if got := lead(path); !strings.HasPrefix(got, "Layanan Keliling Unit ini sudah ditutup ") || strings.Contains(got, "masih berjalan") {
		t.Errorf("of a closed unit it says %q", got)
	}
	wait(150 * 24 * time.Hour)
	if got := lead(path); !strings.Contains(got, "Unit ini sudah ditutup") || !strings.HasSuffix(got, "(angka akhir)") {
		t.Errorf("of a closed unit in a past period it says %q", got)
	}
}

// Where all who were served answered, nobody is left who might have.
func TestACensusIsNotTakenForASample(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "2026-s1", "layanan", 40, always(4, nil)) // 30 of 30 are released
	answerRows(t, k, "2026-s1", "kecil", 40, always(4, nil))   // of 20: the number is wrong
	answerRows(t, k, "2026-s1", "nol", 40, always(4, nil))     // of none, as they say
	answerRows(t, k, "2026-s1", "tanpa", 40, always(4, nil))
	answerRows(t, k, "dua", "bersih", 40, always(4, nil)) // of 60
	k.Refresh()
	for unit, want := range map[string]bool{"layanan": true, "kecil": false, "nol": false, "tanpa": false, "bersih": false} {
		page := k.Get("/hasil/" + unit + "?lang=id").HTML()
		sure := glance(page, "Seberapa pasti")
		if got := strings.Contains(sure, "Yang menjawab sudah sebanyak semua orang yang tercatat dilayani."); got != want || strings.Contains(sure, "Seandainya semua warga") == want {
			t.Errorf("%s: %q", unit, sure)
		}
		if got := strings.Count(words(page.Find("main")), "Seandainya semua warga") > 0; got == want {
			t.Errorf("an index of %s says otherwise", unit)
		}
	}
}

// The number stands before the warning that it rests on few, whose first line is short.
func TestTheNumberComesBeforeItsWarning(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "2026-s1", "kecil", 40, always(4, nil)) // of 20
	answerRows(t, k, "2026-s1", "dukcapil-loket", 40, always(4, nil))
	k.Refresh()
	for _, unit := range []string{"kecil", "dukcapil-loket"} {
		page := k.Get("/hasil/" + unit + "?lang=id").HTML()
		if page.Find(".hero ~ .alert.short").Length() != 1 || page.Find(".alert.short ~ .hero").Length() != 0 {
			t.Errorf("%s warns before it says the number", unit)
		}
		if first := words(page.Find(".alert.short b")); len(first) > 80 {
			t.Errorf("%s warns with %q first", unit, first)
		}
		if page.Find("details h3 + p + table td:first-child small").Length() == 0 || strings.Contains(words(page.Find("details")), "Bila dihitung dengan bobot cetak") {
			t.Errorf("%s does not name the other ways in words, with their codes beside", unit)
		}
	}
}

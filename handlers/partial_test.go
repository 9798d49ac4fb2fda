package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"persepsi/internal/access"
)

const twoOfNine = `
agencies:
  - code: dukcapil
    units:
      - {code: two9, name: Gerai Dua, points: [{code: DUADUA47, name: Meja}]}
      - {code: nine9, name: Gerai Sembilan, points: [{code: SEMBIL47, name: Meja}]}
periods:
  - {code: lalu, name: Tahun lalu, from: 2025-01-01, to: 2025-12-31, instrument: skm-9, units: [two9]}
  - {code: p9, name: Periode sembilan, from: 2026-01-01, to: 2026-06-30, instrument: skm-9, population: {two9: 70, nine9: 90}, units: [two9, nine9]}
`

// However many answered two of nine unsur: the index of these is not enough, and wherever
// it or its grade stands it says of how many it is.
func TestAnIndexOfTwoOfNineSaysSoWhereverItStands(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(twoOfNine)
	answerRows(t, k, "p9", "two9", 70, func(_ int, q string) int {
		if q == "waktu" || q == "biaya" {
			return 4
		}
		return 0
	})
	answerRows(t, k, "p9", "nine9", 80, always(4, nil))
	answerRows(t, k, "lalu", "two9", 30, always(3, nil))
	k.Refresh()
	page := k.Get("/hasil/two9?lang=id&period=p9").HTML()
	if got := words(page.Find(".finding")); got != "Pelayanan di Gerai Dua dinilai sangat baik oleh 60 warga (hanya 2 dari 9 unsur terjawab)." {
		t.Errorf("it finds %q", got)
	}
	if got := words(page.Find(".hero .grade")); got != "Mutu A Sangat baik hanya dari 2 dari 9 unsur" {
		t.Errorf("its grade: %q", got)
	}
	if got := words(page.Find(".alert.short b")); got != "Belum memadai: hanya 2 dari 9 unsur punya cukup jawaban, walaupun respondennya 60 (diperlukan 59)." {
		t.Errorf("it warns %q", got)
	}
	if text := words(page.Find("main")); strings.Contains(text, ", memadai:") || strings.Contains(text, "cukup pasti") {
		t.Errorf("it says that they are enough: %s", text)
	}
	if got := words(page.Find(".history").First()); !strings.Contains(got, "hanya dari 2 dari 9 unsur") {
		t.Errorf("its history says %q", got)
	}
	if got := shownBadge(t, k, "/hasil/two9/lencana.svg?period=p9", http.StatusOK); strings.Count(strings.ReplaceAll(got, " ", ""), "hanyadari2dari9unsur") != 2 {
		t.Errorf("its badge says and shows %q", got)
	}
	if text := words(k.Get("/hasil/two9?lang=en&period=p9").HTML().Find("main")); !strings.Contains(text, "very good (only 2 of 9 elements were answered).") {
		t.Errorf("in English: %s", text)
	}
	page = visit(k, http.MethodGet, "/lke?period=p9", k.SignIn(access.Evaluator, "")).HTML()
	group := page.Find(".group").First().Find("[data-index=ikm]")
	for mean, want := range map[string][]string{
		"answer":  {"80 responden yang menjawab semua 9 aspek yang punya jawaban"},
		"citizen": {"150 responden di 2 unit", "1 unit di antaranya dihitung dari sebagian aspek saja: paling sedikit dari 2 dari 9.", "Responden di sini: yang menjawab semua aspek yang punya jawaban di unitnya"},
		"unit":    {"1 unit di antaranya dihitung dari sebagian aspek saja: paling sedikit dari 2 dari 9."},
	} {
		for _, part := range want {
			if got := words(group.Find("[data-mean=" + mean + "]")); !strings.Contains(got, part) {
				t.Errorf("by %s it says %q, want %q", mean, got, part)
			}
		}
	}
	// The history of the API tells of each figure how far it goes.
	var h struct {
		Indexes []struct {
			Rows []struct {
				Name            string
				Adequate        *bool
				SampleFault     string `json:"sample_fault"`
				AspectsAnswered int    `json:"aspects_answered"`
				AspectsAll      int    `json:"aspects_all"`
			}
		}
	}
	k.Get("/api/v1/results/history?unit=two9").JSON(&h)
	if rows := h.Indexes[0].Rows; len(rows) != 2 || rows[1].Adequate == nil || *rows[1].Adequate || rows[1].AspectsAnswered != 2 || rows[1].AspectsAll != 9 || rows[1].SampleFault != "" ||
		rows[0].SampleFault != "population_unknown" || rows[0].AspectsAnswered != 9 {
		t.Errorf("the history has %+v", rows)
	}
}

// A good index beside a bad one does not say that all is well, what is weakest is told of
// which index, and one question is no two faults.
func TestAGoodSentenceAddsWhatIsBadElsewhere(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	bad := map[string]int{}
	for _, q := range k.Register.Directory().Form("dua").Index("ipak").Aspects {
		for _, code := range q.Questions {
			bad[code] = 2
		}
	}
	answerRows(t, k, "2026-s1", "layanan", 40, always(4, bad))
	answerRows(t, k, "2026-s1", "nol", 40, always(4, map[string]int{"biaya": 2}))
	answerRows(t, k, "2026-s1", "kecil", 40, always(4, map[string]int{"pungli": 2, "waktu": 3}))
	answerRows(t, k, "dua", "bersih", 40, always(3, nil))
	k.Refresh()
	for path, want := range map[string]string{
		"layanan": "Layanan Keliling dinilai sangat baik oleh 30 warga, tetapi Indeks Persepsi Anti Korupsi perlu diperbaiki (mutu D).",
		"nol":     "Pelayanan di Gerai Nol dinilai sangat baik oleh 30 warga, tetapi Biaya/tarif perlu diperbaiki.",
		"kecil":   "Pelayanan di Gerai Kecil dinilai sangat baik oleh 30 warga, tetapi 2 unsur perlu diperbaiki, terutama Bebas pungutan liar.",
		"bersih":  "Gerai Bersih dinilai kurang baik oleh 30 warga dalam hal bebas dari korupsi.",
	} {
		page := k.Get("/hasil/" + path + "?lang=id").HTML()
		if got := words(page.Find(".finding")); got != want {
			t.Errorf("%s finds %q, want %q", path, got, want)
		}
		if path == "nol" && strings.Contains(words(page.Find("dl.glance")), "Tarif 2,00") {
			t.Errorf("one question is two faults: %s", words(page.Find("dl.glance")))
		}
		if path == "kecil" && !strings.Contains(words(page.Find("dl.glance")), "Yang paling lemah dalam IKM Waktu penyelesaian") {
			t.Errorf("of which index it is the weakest is not told: %s", words(page.Find("dl.glance")))
		}
	}
}

// The first screen of a phone has one sentence, one number and how sure it is: all other
// numbers come below.
func TestTheFirstScreenHasOneNumberAndHowSureItIs(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "2026-s1", "dukcapil-loket", 40, always(3, nil))
	k.Refresh()
	page := k.Get("/hasil/dukcapil-loket?lang=id").HTML()
	if n := page.Find(".hero .value").Length(); n != 2 || page.Find(".finding + .hero + .sure + .lead").Length() != 1 || page.Find(".lead ~ .glance .heard").Length() != 1 {
		t.Errorf("%d values at the top, or others before how sure they are: %s", n, words(page.Find("main")))
	}
}

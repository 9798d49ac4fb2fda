package handlers_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// answerRows stores paper answers of a unit in a period: value tells the n-th one's to a
// question, 0 for none.
func answerRows(t *testing.T, k *testkit.Kit, period, unit string, n int, value func(i int, question string) int) {
	t.Helper()
	d := k.Register.Directory()
	form := d.Form(period)
	at := testkit.Noon().Add(-time.Hour)
	list := make([]*survey.Response, n)
	for i := range list {
		values := make([]int, len(form.Questions))
		for q := range values {
			if form.Questions[q].Scored {
				values[q] = value(i, form.Questions[q].Code)
			}
		}
		received := at.Add(time.Duration(i) * time.Millisecond).UTC()
		list[i] = &survey.Response{
			ID: uuid.New(), Period: period, Unit: unit, Form: form.ID, Mode: survey.ModePaper, Lang: "id", Day: survey.DateOf(received, d.Zone()), ReceivedAt: received,
			Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(make([]int, len(form.Fields))),
		}
	}
	if _, err := k.Store.Import(t.Context(), &survey.Import{At: at, By: "command line", Period: period, Units: []survey.ImportedUnit{{Unit: unit, Rows: n}}}, list); err != nil {
		t.Fatal(err)
	}
}

// always answers everything alike, but the questions that are named.
func always(value int, but map[string]int) func(int, string) int {
	return func(_ int, question string) int {
		if v, ok := but[question]; ok {
			return v
		}
		return value
	}
}

// words is what a selection says, spaces made one.
func words(s *goquery.Selection) string {
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(s.Text(), func(r rune) bool { return r == ' ' || r == '\n' }), " "))
}

// glance is what stands beside a term of the part that is read in ten seconds.
func glance(page *goquery.Document, term string) string {
	for _, dt := range page.Find("dl.glance dt").EachIter() {
		if got := words(dt); got == term || strings.HasPrefix(got, term+" dalam ") {
			dd := dt.Next().Clone()
			dd.Find("figure").Remove()
			return words(dd)
		}
	}
	return ""
}

const manyUnits = `
agencies:
  - code: dukcapil
    units:
      - {code: layanan, name: Layanan Keliling, points: [{code: KELILI47, name: Mobil}]}
      - {code: nol, name: Gerai Nol, points: [{code: NOLNOL47, name: Meja}]}
      - {code: kecil, name: Gerai Kecil, points: [{code: KECILK47, name: Meja}]}
      - {code: tanpa, name: Gerai Tanpa, points: [{code: TANPAT47, name: Meja}]}
      - {code: kosong, name: Gerai Kosong, points: [{code: KOSONG47, name: Meja}]}
      - {code: gerai, name: Gerai Baru, points: [{code: GERAIB47, name: Meja}]}
      - {code: bersih, name: Gerai Bersih, points: [{code: BERSIH47, name: Meja}]}
periods:
  - {code: 2026-s1, population: {nol: 0, kecil: 20, layanan: 30}, units: [dukcapil-loket, pkm, layanan, nol, kecil, tanpa, kosong]}
  - {code: 2026-s2, units: [dukcapil-loket]}
  - {code: nanti, name: Nanti, from: 2026-04-01, to: 2026-04-30, instrument: skm-9, units: [gerai]}
  - {code: dua, name: Dua survei, from: 2026-01-01, to: 2026-06-30, instrument: [spak-5, skm-9], units: [bersih], population: {bersih: 60}}
`

func TestAResultIsSaidInASentenceWithHowSureItIs(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	k.Apply(manyUnits)
	for unit, value := range map[string]int{"dukcapil-loket": 3, "layanan": 4, "nol": 2, "kecil": 4, "tanpa": 4} {
		answerRows(t, k, "2026-s1", unit, 40, always(value, nil)) // of which 30 are released at first
	}
	answerRows(t, k, "2026-s1", "pkm", 9, always(1, nil))
	answerRows(t, k, "dua", "bersih", 50, func(i int, question string) int {
		if question == "waktu" || question == "percaloan" && i > 35 {
			return 0
		}
		return 4
	})
	type said struct{ finding, caveat, sure, lead string }
	check := func(lang string, want map[string]said) {
		t.Helper()
		k.Refresh()
		for _, path := range slices.Sorted(maps.Keys(want)) {
			w, page := want[path], k.Get("/hasil/"+path+lang).HTML()
			if got := words(page.Find(".finding")); got != w.finding {
				t.Errorf("%s finds %q, want %q", path, got, w.finding)
			}
			if got := words(page.Find(".alert.short b")); got != w.caveat {
				t.Errorf("%s warns %q, want %q", path, got, w.caveat)
			}
			if got := words(page.Find(".hero + .sure b")); got != w.sure {
				t.Errorf("%s is %q, want %q", path, got, w.sure)
			}
			if got := words(page.Find(".lead")); !strings.HasSuffix(got, w.lead) {
				t.Errorf("%s is of %q, want %q", path, got, w.lead)
			}
			// The sentence comes before all else that tells of the figure, and stands alone where there is none.
			if order := page.Find(".finding, .hero, dl.glance, .card, .alert, table"); !order.First().Is(".finding") || w.sure == "" && page.Find(".hero, figure").Length() > 0 {
				t.Errorf("%s does not begin with its sentence, or shows a figure that there isn't", path)
			}
		}
	}
	const below = "Belum diketahui apakah respondennya memadai."
	const running = "(masih berjalan, angka dapat berubah)"
	check("?lang=id", map[string]said{
		"dukcapil-loket": {"Unit Pelayanan dinilai kurang baik oleh 30 warga.", "Sementara: baru 30 responden dari 249 yang diperlukan, belum memadai.", "Mutu C, bisa B.", running},
		"layanan":        {"Layanan Keliling dinilai sangat baik oleh 30 warga.", "", "Mutu A cukup pasti.", running},
		"nol":            {"Pelayanan di Gerai Nol dinilai tidak baik oleh 30 warga.", below, "Mutu D, tetapi belum diketahui apakah respondennya memadai.", running},
		"kecil":          {"Pelayanan di Gerai Kecil dinilai sangat baik oleh 30 warga.", below, "Mutu A, tetapi belum diketahui apakah respondennya memadai.", running},
		"tanpa":          {"Pelayanan di Gerai Tanpa dinilai sangat baik oleh 30 warga.", below, "Mutu A, tetapi belum diketahui apakah respondennya memadai.", running},
		"pkm":            {"Nilai Puskesmas Melati belum dapat ditampilkan.", "", "", running},
		"kosong":         {"Belum ada warga yang menilai Gerai Kosong pada periode ini.", "", "", running},
		"gerai":          {"Survei di Gerai Baru dimulai 1 April 2026.", "", "", "Gerai Baru"},
		"pkm-tutup":      {"Puskesmas Tutup belum pernah disurvei.", "", "", "Puskesmas Tutup"},
		"bersih":         {"Gerai Bersih dinilai sangat baik oleh 40 warga dalam hal bebas dari korupsi.", "Sementara: 40 menjawab, 36 di antaranya menjawab semua unsur; diperlukan 52, belum memadai.", "Mutu A, tetapi responden belum memadai.", running},
	})
	check("?lang=en", map[string]said{
		"dukcapil-loket": {"30 citizens rated the service at Unit Pelayanan below standard.", "Provisional: only 30 respondents of the 249 needed so far, not enough yet.", "Grade C, could be B.", "(still running, the figure may change)"},
		"bersih":         {"40 citizens rated Gerai Bersih very good at being free of corruption.", "Provisional: 40 answered, 36 of them every element; 52 are needed, not enough yet.", "Grade A, but there are not enough respondents yet.", "(still running, the figure may change)"},
		"gerai":          {"The survey at Gerai Baru begins on 1 April 2026.", "", "", "Gerai Baru"},
	})
	both := k.Get("/hasil/bersih").HTML()
	if h1, card := words(both.Find("h1")), words(both.Find(".cards .card").First()); h1 != "Indeks Persepsi Anti Korupsi (IPAK)" || !strings.HasPrefix(card, "Indeks Kepuasan Masyarakat 100,00 dari 100") ||
		!strings.Contains(card, "Dihitung dari 8 dari 9 unsur;") || words(both.Find(".heard")) != "40 · 36 menjawab semua unsur · diperlukan 52" {
		t.Errorf("a survey of SPAK and SKM is headed %q, beside it stands %q", h1, card)
	}
	wait(150 * 24 * time.Hour)
	const closed = "(angka akhir)"
	check("?lang=id&period=2026-s1", map[string]said{
		"dukcapil-loket": {"Unit Pelayanan dinilai kurang baik oleh 40 warga.", "Belum memadai: hanya 40 responden dari 249 yang diperlukan.", "Mutu C, bisa B.", closed},
		"layanan":        {"Layanan Keliling dinilai sangat baik oleh 40 warga.", below, "Mutu A, tetapi belum diketahui apakah respondennya memadai.", closed},
		"pkm":            {"Nilai Puskesmas Melati tidak ditampilkan: jawabannya terlalu sedikit.", "", "", "30 Juni 2026"},
		"kosong":         {"Tidak ada warga yang menilai Gerai Kosong pada periode ini.", "", "", "30 Juni 2026"},
	})
}

// Only what is below grade B needs improvement; lowest is what can be told apart from
// the others, and a name reads as something good.
func TestTheWeakestIsNamedAsFarAsItCanBeTold(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits + `
instruments:
  - code: milik
    version: 1
    title: Milik kota
    questions:
      - {code: pungli, text: "Parkir?", options: [A, B, C, D]}
      - {code: lain, text: "Lain?", options: [A, B, C, D]}
    indexes:
      - code: ipak
        aspects: [{code: pungli, name: Tarif parkir, questions: [pungli]}, {code: lain, name: Lain-lain, questions: [lain]}]
`)
	k.Apply(`periods: [{code: milik, from: 2026-01-01, to: 2026-06-30, instrument: milik, units: [pkm-tutup]}]`)
	spread := func(low ...string) func(int, string) int {
		return func(i int, question string) int {
			if at := slices.Index(low, question); at >= 0 {
				return 2 + (i+at)%2
			}
			return 4
		}
	}
	answerRows(t, k, "2026-s1", "layanan", 40, always(4, map[string]int{"waktu": 3, "produk": 2}))
	answerRows(t, k, "2026-s1", "nol", 40, spread("waktu", "sarana"))
	answerRows(t, k, "2026-s1", "kecil", 40, spread("waktu", "sarana", "biaya"))
	answerRows(t, k, "2026-s1", "tanpa", 40, spread("waktu", "sarana", "biaya", "perilaku"))
	answerRows(t, k, "2026-s1", "kosong", 40, always(3, nil))
	answerRows(t, k, "2026-s1", "dukcapil-loket", 40, func(i int, question string) int {
		if question == "perilaku" && i == 3 {
			return 3
		}
		return 4
	})
	answerRows(t, k, "2026-s1", "pkm", 40, always(4, map[string]int{"waktu": 3}))
	answerRows(t, k, "dua", "bersih", 40, always(4, map[string]int{"pungli": 3}))
	answerRows(t, k, "milik", "pkm-tutup", 40, always(4, map[string]int{"pungli": 1}))
	k.Refresh()
	for unit, want := range map[string]string{
		"layanan":        "Hasil pelayanan (2,00 dari 4, perlu diperbaiki): nilai terendah.",
		"nol":            "Dua nilai terendah: Waktu penyelesaian (2,50 dari 4, perlu diperbaiki) dan Sarana dan prasarana (2,50 dari 4, perlu diperbaiki). Selisihnya terlalu kecil untuk dibedakan.",
		"kecil":          "Tiga nilai terendah: Waktu penyelesaian (2,50 dari 4, perlu diperbaiki), Biaya/tarif (2,50 dari 4, perlu diperbaiki), dan Sarana dan prasarana (2,50 dari 4, perlu diperbaiki). Selisihnya terlalu kecil untuk dibedakan.",
		"tanpa":          "Waktu penyelesaian (2,50 dari 4, perlu diperbaiki): nilai terendah, tetapi tidak dapat dibedakan dari 3 unsur lain.",
		"kosong":         "Semua unsur bernilai sama.",
		"dukcapil-loket": "Tidak ada yang jelas paling lemah: nilai semua unsur tidak dapat dibedakan dengan jumlah responden ini.",
		"pkm":            "Waktu penyelesaian (3,00 dari 4, perlu diperbaiki): nilai terendah.",
		"bersih":         "Bebas pungutan liar (3,00 dari 4, perlu diperbaiki): nilai terendah.",
		"pkm-tutup":      "Tarif parkir (1,00 dari 4, perlu diperbaiki): nilai terendah.",
	} {
		page := k.Get("/hasil/" + unit + "?lang=id").HTML()
		if got := glance(page, "Yang paling lemah"); got != want {
			t.Errorf("%s: %q, want %q", unit, got, want)
		}
	}
	// 3.10 is B: the lowest, and nothing to mend.
	answerRows(t, k, "2026-s1", "pkm", 60, always(4, nil))
	k.Refresh()
	page := k.Get("/hasil/pkm").HTML()
	if got := glance(page, "Yang paling lemah"); !strings.HasSuffix(got, " dari 4): nilai terendah.") || strings.Contains(words(page.Find(".aspects").First()), "perlu diperbaiki") {
		t.Errorf("of a B it says %q", got)
	}
	// In the table each says so, the official name beside the plain one.
	table := words(k.Get("/hasil/layanan").HTML().Find(".aspects").First())
	for _, want := range []string{"Waktu penyelesaian perlu diperbaiki 3,00", "Hasil pelayanan Produk spesifikasi jenis pelayanan nilai terendah, perlu diperbaiki 2,00", "Persyaratan 4,00"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q: %s", want, table)
		}
	}
}

// What the picture shows stands in a table beside it, for every index.
func TestTheStripIsAFigureWithItsNumbers(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	answerRows(t, k, "2026-s1", "layanan", 40, always(3, map[string]int{"waktu": 4}))
	answerRows(t, k, "2026-s1", "nol", 40, always(1, nil))
	k.Refresh()
	page := k.Get("/hasil/layanan").HTML()
	figures := page.Find("figure")
	if figures.Length() != 3 || page.Find("[style], style").Length() != 0 {
		t.Fatalf("%d figures", figures.Length())
	}
	figures.Each(func(i int, f *goquery.Selection) {
		if f.Find("svg[role=img] > title").Text() == "" || f.Find("svg[role=img] > desc").Text() == "" || f.Find("[id]").Length() != 0 {
			t.Errorf("figure %d has no title or description, or an id that another may have", i)
		}
	})
	table := words(figures.First().Find("details table"))
	if !strings.HasPrefix(table, "Nilai 77,78 Rentang 95\u00a0%, bawah ") || !strings.HasSuffix(table, "Mutu A mulai 88,31 Mutu B mulai 76,61 Mutu C mulai 65,00") {
		t.Errorf("the table has %s", table)
	}
	if d := figures.First().Find("desc").Text(); !strings.HasPrefix(d, "Nilai 77,78, mutu B; rentang 95\u00a0% dari ") {
		t.Errorf("it is described as %q", d)
	}
	ipak := figures.Last()
	if table := words(ipak.Find("table")); !strings.HasPrefix(table, "Nilai 3,00 ") || !strings.HasSuffix(table, "Mutu A mulai 3,5324 Mutu B mulai 3,0644 Mutu C mulai 2,6000") {
		t.Errorf("of 4 the table has %s", table)
	}
	// 3.00 of 4 is 75 of 100: (75 − 65)/35 of the axis from 10 to 282, within its band.
	number := func(s *goquery.Selection, name string) float64 {
		v, err := strconv.ParseFloat(s.AttrOr(name, ""), 64)
		if err != nil {
			t.Error(err)
		}
		return v
	}
	dot, from, width := number(ipak.Find("circle"), "cx"), number(ipak.Find("rect"), "x"), number(ipak.Find("rect"), "width")
	if dot != 87.7 || from >= dot || from+width <= dot || width <= 0 {
		t.Errorf("the dot is at %v, the band from %v, %v wide", dot, from, width)
	}
	if low := k.Get("/hasil/nol").HTML().Find("figure").First(); low.Find("circle").AttrOr("cx", "") != "10" || !strings.Contains(words(low.Find("svg")), "D 25,00") {
		t.Errorf("below the axis it shows %s", words(low.Find("svg")))
	}
}

func TestAPageTellsWhatWasDoneOrThatNothingWas(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	k.Apply(`periods: [{code: 2026-s2, units: [dukcapil-loket]}]`)
	done := func(path string) (term, text string) {
		t.Helper()
		k.Refresh()
		dt := k.Get(path).HTML().Find("dl.glance dt").Last()
		return words(dt), words(dt.Next())
	}
	expect := func(what, path, term, text string) {
		t.Helper()
		if gotTerm, gotText := done(path); gotTerm != term || gotText != text {
			t.Errorf("%s: %q %q, want %q %q", what, gotTerm, gotText, term, text)
		}
	}
	const first, second = "/hasil/dukcapil-loket?period=2026-s1", "/hasil/dukcapil-loket?period=2026-s2"
	const none = "Unit ini belum mengumumkan tindak lanjut."
	answerRows(t, k, "2026-s1", "dukcapil-loket", 40, always(3, nil))
	expect("in the first period", first, "Yang paling lemah dalam IKM", "Semua unsur bernilai sama.")
	k.Apply(`periods: [{code: 2026-s1, improved: {dukcapil-loket: [{text: Kursi <baru>, done: 2026-03-01}]}}]`)
	expect("in the period itself", first, "Yang sudah dilakukan", "Kursi <baru> 1 Maret 2026")
	k.Apply(`periods: [{code: 2026-s1, improved: {dukcapil-loket: []}}]`)
	wait(130 * 24 * time.Hour)
	expect("of a final figure", first, "Yang sudah dilakukan", none)
	expect("in the second period", second, "Yang sudah dilakukan", none)
	if _, text := done(second + "&lang=en"); text != "This unit has not announced any follow-up yet." {
		t.Errorf("in English: %q", text)
	}
	k.Apply(`periods: [{code: 2026-s1, improved: {dukcapil-loket: [{aspect: waktu, text: {id: Buka sore, en: Open late}, done: 2026-03-01}]}}]`)
	expect("of the period before", second, "Yang sudah dilakukan setelah Semester I 2026", "Waktu penyelesaian: Buka sore 1 Maret 2026")
	if term, text := done(second + "&lang=en"); term != "What was done after Semester I 2026" || text != "Time to completion: Open late 1 March 2026" {
		t.Errorf("in English: %q %q", term, text)
	}
	k.Apply(`periods: [{code: 2026-s2, improved: {dukcapil-loket: [{text: Loket baru, done: 2026-07-02}]}}]`)
	expect("its own", second, "Yang sudah dilakukan", "Loket baru 2 Juli 2026")
	expect("of a later period", first, "Yang sudah dilakukan", "Waktu penyelesaian: Buka sore 1 Maret 2026")
	expect("another unit", "/hasil/pkm?period=2026-s1", "", "")
}

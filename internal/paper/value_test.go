package paper

import (
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/survey"
)

func TestAnswersAsOfficesWriteThem(t *testing.T) {
	t.Parallel()
	form := formOf(t, "skm-9@1")
	for _, tc := range []struct {
		question, text string
		want           int
		fault          string
	}{
		{"persyaratan", "4", 4, ""},
		{"persyaratan", "3.0", 3, ""},
		{"persyaratan", "3,00", 3, ""},
		{"persyaratan", "sangat sesuai", 4, ""},
		{"persyaratan", "KURANG  SESUAI.", 2, ""},
		{"persyaratan", "4 - Sangat sesuai", 4, ""},
		{"persyaratan", "4. Sangat baik", 4, ""},
		{"persyaratan", "Sangat sesuai (4)", 4, ""},
		{"persyaratan", "(1) Tidak baik", 0, "not_answer"},
		{"persyaratan", "1) Tidak baik", 1, ""},
		{"persyaratan", "4 = Tidak sesuai", 0, "contradiction"},
		{"persyaratan", "1 - Sangat baik", 0, "contradiction"},
		{"persyaratan", "5 - Sangat baik", 0, "out_of_scale"},
		{"persyaratan", "4 orang", 0, "not_answer"},
		{"persyaratan", "4 - sip", 0, "not_answer"},
		{"persyaratan", "Sangat baik", 0, "not_answer"}, // a mark without a number may be of another scale
		{"sarana", "Sangat baik", 4, ""},
		{"sarana", "Buruk", 1, ""},
		{"sarana", "2 - cukup", 2, ""},
		{"kompetensi", "Kompeten", 3, ""},
		{"kompetensi", "Mampu", 3, ""},
		{"biaya", "Gratis", 4, ""},
		{"pengaduan", "Tidak ada", 1, ""},
		{"pengaduan", "Ada tetapi tidak berfungsi", 2, ""},
		{"arahan", "Tidak ada", 1, ""},
		{"persyaratan", "-", 0, ""},
		{"persyaratan", "—", 0, ""},
		{"persyaratan", "Tidak tahu", 0, ""},
		{"persyaratan", "tidak tahu / tidak ingin menjawab", 0, ""},
		{"persyaratan", "0", 0, "out_of_scale"},
		{"persyaratan", "5", 0, "out_of_scale"},
		{"persyaratan", "-1", 0, "out_of_scale"},
		{"persyaratan", "3.5", 0, "not_answer"},
		{"persyaratan", "4e0", 0, "not_answer"},
		{"persyaratan", "A", 0, "not_answer"}, // the first option of a form, or the best mark?
		{"persyaratan", "٤", 0, "not_answer"},
		{"persyaratan", "?", 0, "not_answer"},
	} {
		at, _ := form.Position(tc.question)
		if got := answer(&form.Questions[at], tc.text); got.answer != tc.want || got.fault != tc.fault {
			t.Errorf("%s %q is read as %+v, want %d %s", tc.question, tc.text, got, tc.want, tc.fault)
		}
	}
	often := formOf(t, "spak-5@2")
	for _, text := range []string{"Sekali atau dua kali", "Jarang ada", "Jarang"} { // its own words, and those of sheets before it
		if got := answer(&often.Questions[0], text); got.answer != 3 || got.fault != "" {
			t.Errorf("how often: %q is read as %+v, want 3", text, got)
		}
	}
	for _, ref := range []string{"skm-9@2", "spkp-8@2", "terpadu-16@2", "spkp-8-s6@2"} { // the words of the regulation, of the form, and of version 1
		form := formOf(t, ref)
		at, _ := form.Position("pengaduan")
		q := &form.Questions[at]
		six := len(q.Options) == 6
		for text, want := range map[string]int{
			"Tidak ada": 1, "Ada, tetapi tidak berfungsi": 2, "ADA TETAPI TIDAK BERFUNGSI": 2, "Berfungsi, tetapi kurang maksimal": 3,
			"Berfungsi kurang maksimal": 3, "Ada, tidak berfungsi": 2, "Ada, kurang berfungsi": 3, "Dikelola dengan baik": 4,
		} {
			switch {
			case six && want == 4:
				want = 5
			case six && option(&survey.Question{Options: q.Options}, text) == 0:
				continue // six steps have their own words alone
			}
			if got := answer(q, text); got.answer != want || got.fault != "" {
				t.Errorf("%s: %q is read as %+v, want %d", ref, text, got, want)
			}
		}
	}
	six := formOf(t, "spak-5-s6@1")
	if got := answer(&six.Questions[0], "4 - Sangat baik"); got.fault == "" {
		t.Errorf("a mark of four steps is taken for one of six: %+v", got)
	}
	if got := answer(&six.Questions[0], "6"); got.answer != 6 {
		t.Errorf("6 of six is read as %+v", got)
	}
}

func TestADeclinedAnswerIsReadWhereTheQuestionMayBeDeclined(t *testing.T) {
	t.Parallel()
	must := formOf(t, "spak-5@1").Questions[3]
	may := must
	may.Declinable = true
	for _, tc := range []struct {
		text          string
		may, declined bool
		fault         string // where it may not be declined
	}{
		{"TT", true, true, "not_answer"},
		{"t.t.", true, true, "not_answer"},
		{"tidak tahu", true, true, ""},
		{"Tdk Tahu", true, true, ""},
		{"Tidak tahu / tidak ingin menjawab", true, true, ""},
		{"tidak ingin menjawab", true, true, ""},
		{"Don't know / prefer not to say", true, true, "not_answer"},
		{"null", true, true, "not_answer"},
		{"tidak diisi", true, false, ""},
		{"-", true, false, ""},
		{"4", true, false, ""},
		{"Tidak pernah ada", true, false, ""},
	} {
		if got := answer(&may, tc.text); got.declined != tc.declined || got.fault != "" || got.declined && (got.answer != 0 || got.note != "Tidak tahu / tidak ingin menjawab") {
			t.Errorf("%q, where it may be declined, is read as %+v", tc.text, got)
		}
		if got := answer(&must, tc.text); got.declined || got.fault != tc.fault {
			t.Errorf("%q, where it may not, is read as %+v, want %q", tc.text, got, tc.fault)
		}
	}
	if got := answer(&may, "entah"); got.fault != "not_answer" || !strings.Contains(say(got.fault, got.args...), "Tidak tahu / tidak ingin menjawab") {
		t.Errorf("what may be written is told without it: %q", say(got.fault, got.args...))
	}
	if got := answer(&must, "entah"); strings.Contains(say(got.fault, got.args...), "tidak ingin menjawab") {
		t.Errorf("it is offered where it is refused: %q", say(got.fault, got.args...))
	}
}

func TestARowOfDeclinedAnswersIsAnAnswer(t *testing.T) {
	t.Parallel()
	p := reader(t)
	form := *formOf(t, "spak-5@1")
	form.Questions = slices.Clone(form.Questions)
	for q := range form.Questions {
		form.Questions[q].Declinable = true
	}
	p.Assignment.Form = &form
	got, err := p.Read("a.csv", []byte("diskriminasi,kecurangan,imbalan,pungli,percaloan\n4,3,TT,,tidak tahu\nTT,TT,TT,TT,TT\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := got.Responses[0].Answers, got.Responses[1].Answers; a != "430-0-" || b != "00000-" {
		t.Errorf("read as %q and %q", a, b)
	}
}

func TestCategoriesAsOfficesWriteThem(t *testing.T) {
	t.Parallel()
	form := formOf(t, "skm-9@1")
	for _, tc := range []struct{ field, text, want, fault string }{
		{"sex", "L", "L", ""},
		{"sex", "laki - laki", "L", ""},
		{"sex", "PRIA", "L", ""},
		{"sex", "Wanita", "P", ""},
		{"sex", "-", "", ""},
		{"sex", "1", "", "unknown_category"},
		{"sex", "LP", "", "unknown_category"},
		{"age", "34", "26-35", ""},
		{"age", "34 tahun", "26-35", ""},
		{"age", "34.0", "26-35", ""},
		{"age", "17 th.", "<18", ""},
		{"age", "18", "18-25", ""},
		{"age", "25", "18-25", ""},
		{"age", "26", "26-35", ""},
		{"age", "65", "56-65", ""},
		{"age", "66", ">65", ""},
		{"age", "101", ">65", ""},
		{"age", "18 – 25 tahun", "18-25", ""},
		{"age", "26 s/d 35", "26-35", ""},
		{"age", "26 sampai dengan 35 tahun", "26-35", ""},
		{"age", "20-24", "18-25", ""},
		{"age", "< 18", "<18", ""},
		{"age", "di bawah 18 tahun", "<18", ""},
		{"age", "≤17", "<18", ""},
		{"age", "17 tahun ke bawah", "<18", ""},
		{"age", "> 65", ">65", ""},
		{"age", "66 tahun ke atas", ">65", ""},
		{"age", "66+", ">65", ""},
		{"age", "≥ 66", ">65", ""},
		{"age", "65+", "", "wide_age"},
		{"age", "17-25", "", "wide_age"},
		{"age", "> 60", "", "wide_age"},
		{"age", "<= 18", "", "wide_age"},
		{"age", "abc", "", "not_age"},
		{"age", "1990", "", "not_age"},
		{"age", "124", "", "not_age"},
		{"age", "0", "", "not_age"},
		{"age", "34,5", "", "not_age"},
		{"age", "35-26", "", "not_age"},
		{"age", "-5", "", "not_age"},
		{"age", "tidak tahu", "", ""},
		{"education", "SLTA", "SMA", ""},
		{"education", "SMA/SMK sederajat", "SMA", ""},
		{"education", "D-III", "D3", ""},
		{"education", "DIII", "D3", ""},
		{"education", "Diploma 3", "D3", ""},
		{"education", "D4", "S1", ""},
		{"education", "Strata 1", "S1", ""},
		{"education", "S-1", "S1", ""},
		{"education", "Pascasarjana", "", "unknown_category"},
		{"education", "s2", "S2", ""},
		{"occupation", "Pegawai Swasta", "swasta", ""},
		{"occupation", "WIRASWASTA", "wirausaha", ""},
		{"occupation", "PNS / ASN", "pns", ""},
		{"occupation", "Mahasiswa", "pelajar", ""},
		{"occupation", "Ibu rumah tangga", "lainnya", ""},
		{"occupation", "TNI/Polri", "", "unknown_category"},
		{"disability", "Ya", "ya", ""},
		{"disability", "Tidak", "tidak", ""},
		{"disability", "tidak ada", "tidak", ""},
	} {
		at, _ := form.FieldPosition(tc.field)
		if got := category(&form.Fields[at], tc.text); got.category != tc.want || got.fault != tc.fault {
			t.Errorf("%s %q is read as %+v, want %s %s", tc.field, tc.text, got, tc.want, tc.fault)
		}
	}
	// Categories that only differ in a sign are told apart, and two of a name are not guessed.
	field := &survey.Field{Code: "income", Categories: []survey.Category{{Code: "a", Label: survey.Text{"id": "< 1 juta"}}, {Code: "b", Label: survey.Text{"id": "> 1 juta"}}, {Code: "c", Label: survey.Text{"id": "Rahasia"}}, {Code: "d", Label: survey.Text{"id": "rahasia"}}}}
	for text, want := range map[string]value{"<1 Juta": {category: "a"}, "> 1 juta": {category: "b"}, "rahasia": {fault: "ambiguous_category"}} {
		if got := category(field, text); got.category != want.category || got.fault != want.fault {
			t.Errorf("%q is read as %+v, want %+v", text, got, want)
		}
	}
	few := &survey.Field{Code: "kids", Categories: []survey.Category{{Code: "0-1"}, {Code: "2+"}, {Code: "lainnya"}, {Code: "rahasia"}}}
	if got := category(few, "5"); got.fault != "unknown_category" {
		t.Errorf("categories of which few are spans: 5 is read as %+v", got)
	}
	spans := &survey.Field{Code: "kids", Categories: []survey.Category{{Code: "0-1"}, {Code: "2+"}, {Code: "lainnya"}}}
	if got := category(spans, "5"); got.category != "2+" {
		t.Errorf("spans of another field: 5 is read as %+v", got)
	}
}

func TestDatesAsOfficesWriteThem(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("WITA", 8*3600)
	third := survey.NewDate(2026, time.March, 3)
	for text, want := range map[string]string{
		"2026-03-03": "", "03/03/2026": "", "3/3/2026": "", "3-3-2026": "", "3.3.2026": "", "3-3-26": "", "03/03/26": "", "2026/03/03": "",
		"3 Maret 2026": "", "03 MARET 2026": "", "3 Mar 2026": "", "3-Mar-26": "", "3 March 2026": "", "Selasa, 3 Maret 2026": "", "Selasa 3 Maret 2026": "", "Sel, 3/3/2026": "", "selasa/3-3-2026": "",
		"2026-03-03 14:05:00": "", "2026-03-03T14:05": "", "2026-03-03T23:30:00+08:00": "", "2026-03-02T20:00:00Z": "", "03/03/2026 14.05": "", "3/3/2026 2:05:33 PM": "",
		"3 Maret 2026 pukul 14.05 WITA": "", "3 Maret 2026, 14:05": "",
		"Rabu, 3 Maret 2026": "wrong_weekday", "31 Februari 2026": "wrong_date", "29/2/2026": "wrong_date", "3/13/2026": "wrong_date", "3 Mart 2026": "wrong_date",
		"3 Maret": "wrong_date", "Maret 2026": "wrong_date", "kemarin": "wrong_date", "3": "wrong_date", "46084": "wrong_date", "0/3/2026": "wrong_date", "3/3/0000": "wrong_date", "Pasar 3 Maret 2026": "wrong_date",
		"3/3/2026 dan 4/3/2026": "wrong_date", "3/3/126": "wrong_date",
	} {
		d := dates{zone: zone}
		if got, code := d.read(text); code != want || want == "" && got != third {
			t.Errorf("%q is read as %v %s, want %s", text, got, code, want)
		}
	}
	if got, code := (&dates{zone: zone}).read("Jum'at, 6 Maret 2026"); code != "" || got != third+3 {
		t.Errorf("Jum'at: %v %s", got, code)
	}
	for _, tc := range []struct {
		text  string
		since bool
		want  survey.Date
	}{
		{"46084", false, third},
		{"46084.75", false, third},
		{"44622", true, third},
		{"1", false, survey.NewDate(1900, 1, 1)},
		{"59", false, survey.NewDate(1900, 2, 28)},
		{"61", false, survey.NewDate(1900, 3, 1)},
		{"2026-03-03T00:00:00", false, third},
	} {
		d := dates{zone: zone, excel: true, since1904: tc.since}
		if got, code := d.read(tc.text); code != "" || got != tc.want {
			t.Errorf("%q since 1904 %v is read as %v %s, want %v", tc.text, tc.since, got, code, tc.want)
		}
	}
	for day := third; day < third+800; day += 7 {
		if got, code := (&dates{zone: zone}).read(dayName(day)); code != "" || got != day {
			t.Errorf("%s is read as %v", dayName(day), got)
		}
	}
}

func FuzzADateIsReadOneWayOrNot(f *testing.F) {
	for _, text := range []string{"3 Maret 2026", "Selasa, 3-3-26", "2026-03-03T10:00:00+08:00", "46084.5", "31/12/1999 10.00"} {
		f.Add(text, true, false)
	}
	f.Fuzz(func(t *testing.T, text string, excel, since1904 bool) {
		d := dates{zone: time.UTC, excel: excel, since1904: since1904}
		got, code := d.read(text)
		if code != "" {
			if _, ok := texts()[code]; !ok {
				t.Fatalf("%q: there is no text %s", text, code)
			}
			return
		}
		if again, code := d.read(got.String()); code != "" || again != got {
			t.Fatalf("%q is read as %v, and that as %v", text, got, again)
		}
	})
}

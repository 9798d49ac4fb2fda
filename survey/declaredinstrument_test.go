package survey

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ownInstrument is an apply file of an instrument with one of everything.
const ownInstrument = `instruments:
  - code: pasar
    version: 1
    title: {id: Survei Pasar, en: Market survey}
    intro: Jawablah menurut pengalaman Anda.
    source: Keputusan Kepala Dinas 12/2026
    questions:
      - code: lantai
        text: {id: "Bersihkah lantainya?", en: "Is the floor clean?"}
        help: Lantai kios.
        options: [Kotor, Kurang, Bersih, Sangat bersih]
      - {code: toilet, text: "Bersihkah toiletnya?", options: [Kotor, Kurang, Bersih, Sangat bersih], required: false}
      - {code: aman, text: "Amankah?", options: [A, B, C, D, E, F]}
      - {code: sering, text: "Sering ke sini?", options: [{value: 1, label: Tidak}, {value: 2, label: {id: Ya, en: Yes}}], scored: false, required: true}
      - arahan
    respondent:
      - sex
      - {code: peran, text: Peran, categories: [{code: jual, label: Penjual}, {code: beli, label: Pembeli}]}
    indexes:
      - code: kebersihan
        name: {id: Indeks Kebersihan, en: Cleanliness index}
        aspects:
          - {code: lantai, name: Lantai, questions: [lantai]}
          - {code: lain, name: Toilet, questions: [toilet]}
      - {code: rasa, name: Indeks Rasa Aman, scale: 6, method: linear, aspects: [{code: aman, name: Aman, questions: [aman]}]}
      - {code: ipak, aspects: [{code: lantai, name: Lantai, questions: [lantai]}]}
`

func applyInstrument(t testing.TB, now *Catalogue, text string) (*ApplyResult, error) {
	t.Helper()
	lib, methods := testLibrary(t)
	return Apply(now, []byte("city: {name: K}\n"+text), lib, methods, codes(), nil, 0)
}

func TestADeclaredInstrumentMakesAFormLikeTheShippedOnes(t *testing.T) {
	t.Parallel()
	a, err := applyInstrument(t, &Catalogue{}, ownInstrument+`periods: [{code: p, from: 2026-01-01, to: 2026-02-01, instrument: [pasar, spkp-8]}]`)
	if err != nil {
		t.Fatal(err)
	}
	lib, methods := testLibrary(t)
	d, err := NewDirectory(a.Catalogue, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	f := d.Form("p")
	if f.ID != "pasar@1+spkp-8@2" || f.Questions[0].Code != "lantai" || !f.Questions[0].Scored || !f.Questions[0].Required || f.Questions[1].Required {
		t.Errorf("form %s begins with %+v", f.ID, f.Questions[:2])
	}
	if q := f.Questions[0]; q.Text.In("en") != "Is the floor clean?" || q.Help.In("en") != "Lantai kios." || q.Options[2].Value != 3 || q.Options[2].Label.In("en") != "Bersih" {
		t.Errorf("question %+v, want Bahasa Indonesia where English is missing", q)
	}
	if at, ok := f.Position("sering"); !ok || f.Questions[at].Scored || !f.Questions[at].Required || f.Questions[at].Options[1].Label.In("en") != "Yes" {
		t.Errorf("unscored question at %d of %+v", at, f.Questions)
	}
	if len(f.Questions) != 3+8+2 || len(f.Fields) != 6 { // arahan and sex are those of spkp-8
		t.Errorf("%d questions and %d fields, want 13 and 6", len(f.Questions), len(f.Fields))
	}
	for code, want := range map[string]struct {
		scale  int
		method string
	}{"kebersihan": {4, "exact"}, "rasa": {6, "linear"}, "ipak": {4, "exact"}, "ipkp": {4, "exact"}} {
		if x := f.Index(code); x == nil || x.Scale != want.scale || x.Method != want.method {
			t.Errorf("index %s is %+v, want %+v", code, x, want)
		}
	}
	if got := a.Changes[len(a.Changes)-2].String(); got != "added instruments.pasar@1: Survei Pasar (5 questions, index kebersihan, rasa, ipak)" {
		t.Errorf("told as %q", got)
	}
}

func TestAPublishedVersionNeverChanges(t *testing.T) {
	t.Parallel()
	a, err := applyInstrument(t, &Catalogue{}, ownInstrument)
	if err != nil {
		t.Fatal(err)
	}
	again, err := applyInstrument(t, a.Catalogue, ownInstrument)
	if err != nil || again.Changed {
		t.Errorf("the same again: changed %v, %v", again.Changed, err)
	}
	for _, tc := range []struct{ old, with, want string }{
		{"Survei Pasar", "Survei Pasar Baru", `title.id is "Survei Pasar Baru", it was "Survei Pasar"`},
		{", en: Market survey", "", `title.en is missing, it was "Market survey"`},
		{"intro: Jawablah", "intro: Tolong jawab", "intro.id is"},
		{"12/2026", "13/2026", "source is"},
		{"Is the floor clean", "Was the floor clean", "questions.lantai.text.en is"},
		{"help: Lantai kios.", "help: {id: Lantai kios., en: Floor}", `questions.lantai.help.en is "Floor", there was none`},
		{"[Kotor, Kurang, Bersih, Sangat bersih]\n", "[Kotor, Agak, Bersih, Sangat bersih]\n", "questions.lantai.options.2.id is"},
		{", required: false}", "}", `questions.toilet.required is "true", it was "false"`},
		{"      - arahan\n", "", "questions.arahan is missing"},
		{"label: Penjual", "label: Pedagang", "respondent.peran.categories.jual.id is"},
		{"{code: jual, label: Penjual}, {code: beli, label: Pembeli}", "{code: beli, label: Pembeli}, {code: jual, label: Penjual}", `respondent.peran.categories.jual is "number 2"`},
		{"      - sex\n", "", "respondent.sex is missing"},
		{"Indeks Kebersihan", "Indeks Bersih", "indexes.kebersihan.name.id is"},
		{"method: linear", "method: ratio", `indexes.rasa.method is "ratio", it was "linear"`},
		{"name: Toilet", "name: WC", "indexes.kebersihan.aspects.lain.name.id is"},
		{"questions: [toilet]", "questions: [toilet, lantai]", "aspects.lain.questions is"},
		{"      - arahan\n", "      - {code: baru, text: Baru, options: [A, B], scored: false}\n      - arahan\n", `questions.arahan is "number 6", it was "number 5"`},
		{"      - sex\n", "      - {code: baru, text: Baru, categories: [{code: a, label: A}]}\n      - sex\n", `respondent.sex is "number 2", it was "number 1"`},
		{"text: Peran,", "text: Peranan,", `respondent.peran.text.id is "Peranan"`},
		{"      - {code: rasa, name: Indeks Rasa Aman, scale: 6, method: linear, ", "      - {code: baru, name: Baru, aspects: [{code: a, name: A, questions: [lantai]}]}\n      - {code: rasa, name: Indeks Rasa Aman, scale: 6, method: linear, ", `indexes.rasa is "number 3", it was "number 2"`},
	} {
		text := strings.Replace(ownInstrument, tc.old, tc.with, 1)
		if tc.with == "questions: [toilet, lantai]" {
			text = strings.Replace(text, "          - {code: lantai, name: Lantai, questions: [lantai]}\n", "", 1)
		}
		_, err := applyInstrument(t, a.Catalogue, text)
		if f := faultAt(err, "instruments[0].version"); f == nil || f.Code != "published" || !strings.Contains(f.Message, tc.want) || !strings.HasSuffix(f.Message, "declare that as version 2 (line 3)") {
			t.Errorf("%q instead of %q: %v, want %q", tc.with, tc.old, err, tc.want)
		}
	}
	const first, last = "          - {code: lantai, name: Lantai, questions: [lantai]}\n", "          - {code: lain, name: Toilet, questions: [toilet]}\n"
	for want, pairs := range map[string][]string{
		`questions.aman.scored is "false", it was "true"`:                    {"D, E, F]}", "D, E, F], scored: false, required: true}", "questions: [aman]", "questions: [toilet]", "scale: 6, method: linear", "method: exact"},
		`indexes.rasa.scale is "4", it was "6"`:                              {"E, F]}", "E, F], scored: false, required: true}", "questions: [aman]", "questions: [toilet]", "scale: 6, method: linear", "method: exact"},
		`indexes.kebersihan.aspects.lantai is "number 2", it was "number 1"`: {first + last, last + first},
		`; declare that as`:             {"Survei Pasar", "S", "Market survey", "M", "Jawablah", "J", "12/2026", "13/2026", "Is the floor", "Was the floor"},
		`; and 1 more; declare that as`: {"Survei Pasar", "S", "Market survey", "M", "Jawablah", "J", "12/2026", "13/2026", "Is the floor", "Was the floor", "Bersihkah lantainya", "Bersih"},
	} {
		_, err := applyInstrument(t, a.Catalogue, strings.NewReplacer(pairs...).Replace(ownInstrument))
		if f := faultAt(err, "instruments[0].version"); f == nil || !strings.Contains(f.Message, want) || strings.Contains(f.Message, " more;") != strings.Contains(want, " more;") {
			t.Errorf("%v, want %q", err, want)
		}
	}
	second, err := applyInstrument(t, a.Catalogue, strings.Replace(ownInstrument, "version: 1", "version: 2", 1))
	if err != nil || len(second.Catalogue.Instruments) != 2 || second.Added != 1 {
		t.Fatalf("a second version: %v", err)
	}
	fourth, err := applyInstrument(t, second.Catalogue, strings.Replace(ownInstrument, "version: 1", "version: 4", 1))
	if err != nil {
		t.Fatal(err)
	}
	_, err = applyInstrument(t, fourth.Catalogue, strings.Replace(ownInstrument, "version: 1", "version: 3", 1))
	if f := faultAt(err, "instruments[0].version"); f == nil || f.Code != "too_low" {
		t.Errorf("a version between two published ones: %v", err)
	}
	// A library that met one text under a name takes no other one.
	lib, methods := testLibrary(t)
	if _, err := NewDirectory(a.Catalogue, lib, methods); err != nil {
		t.Fatal(err)
	}
	other, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, "Survei Pasar", "Survei Lain", 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewDirectory(other.Catalogue, lib, methods); err == nil || !strings.Contains(err.Error(), "pasar@1 is another one than it was") {
		t.Errorf("another text under a known name: %v", err)
	}
}

func TestWhatIsOnlyTriedTeachesTheLibraryNothing(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	if _, err := Apply(&Catalogue{}, []byte("city: {name: K}\n"+ownInstrument), lib, methods, codes(), nil, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Form("pasar@1"); !errors.Is(err, ErrUnknownInstrument) {
		t.Errorf("the library knows what was not stored yet: %v", err)
	}
}

func TestWhatOneLibraryLearnsNoOtherKnows(t *testing.T) {
	t.Parallel()
	a, err := applyInstrument(t, &Catalogue{}, ownInstrument)
	if err != nil {
		t.Fatal(err)
	}
	lib, _ := testLibrary(t)
	if err := lib.Learn(a.Catalogue); err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Form("pasar@1"); err != nil {
		t.Fatal(err)
	}
	if other, _ := testLibrary(t); len(other.Instruments()) != len(lib.Instruments())-1 {
		t.Errorf("another library knows %d instruments, want one less than the %d of the city's", len(other.Instruments()), len(lib.Instruments()))
	}
}

func TestACityKeepsItsInstrumentWhenTheProgramComesToShipOneOfTheSameCode(t *testing.T) {
	t.Parallel()
	a, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, "code: pasar", "code: pocket", 1))
	if err != nil {
		t.Fatal(err)
	}
	later, err := libraryOf(pocket, strings.Replace(pocket, "version: 1", "version: 2", 1))
	if err != nil {
		t.Fatal(err)
	}
	if f, err := later.Form("pocket@1"); err != nil || f.Questions[0].Code != "q" {
		t.Fatalf("shipped: %v", err)
	}
	if err := later.Learn(a.Catalogue); err != nil {
		t.Fatal(err)
	}
	if f, err := later.Form("pocket@1"); err != nil || f.Questions[0].Code != "lantai" {
		t.Errorf("answers to the city's form are read by another one: %v", err)
	}
}

func faultAt(err error, field string) *Fault {
	var e *Error
	if errors.As(err, &e) {
		for i := range e.Faults {
			if e.Faults[i].Field == field {
				return &e.Faults[i]
			}
		}
	}
	return nil
}

func TestEveryFaultOfADeclaredInstrumentIsNamedByPathAndLine(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for _, tc := range []struct{ old, with, field, code string }{
		{"code: pasar", "code: skm-9", "instruments[0].code", "taken"},
		{"code: pasar", "code: Pasar", "instruments[0].code", "wrong_code"},
		{"code: pasar\n    ", "", "instruments[0].code", "required"},
		{"    version: 1\n", "", "instruments[0].version", "required"},
		{"version: 1", "version: 0", "instruments[0].version", "wrong_number"},
		{"version: 1", "versi: 1", "instruments[0].versi", "unknown_key"},
		{"{id: Survei Pasar, ", "{", "instruments[0].title.id", "required"},
		{"en: Market survey", "fr: Marché", "instruments[0].title.fr", "unknown_key"},
		{"Survei Pasar", strings.Repeat("a", mostLabel+1), "instruments[0].title.id", "wrong_text"},
		{"Jawablah", strings.Repeat("a", mostText), "instruments[0].intro", "wrong_text"},
		{"      - arahan\n", "      - arahnya\n", "instruments[0].questions[4]", "unknown_question"},
		{"      - arahan\n", many(mostAsked, "      - {code: q%d, text: T, scored: false, options: [A, B]}\n"), "instruments[0].questions", "wrong_number"},
		{"code: toilet,", "code: lantai,", "instruments[0].questions[1].code", "duplicate_code"},
		{"code: toilet,", "code: Toilet,", "instruments[0].questions[1].code", "wrong_code"},
		{", options: [Kotor, Kurang, Bersih, Sangat bersih], required", ", required", "instruments[0].questions[1].options", "required"},
		{`text: "Bersihkah toiletnya?", `, "", "instruments[0].questions[1].text", "required"},
		{"code: sering,", "code: comment,", "instruments[0].questions[3].code", "reserved"},
		{"code: sering,", "code: h-lantai,", "instruments[0].questions[3].code", "reserved"},
		{"code: sering,", "code: peran,", "instruments[0].respondent[1].code", "duplicate_code"},
		{", Bersih, Sangat bersih]\n", ", Bersih]\n", "instruments[0].questions[0].options", "wrong_scale"},
		{"[{value: 1, label: Tidak}, {value: 2, label: {id: Ya, en: Yes}}]", "[Ya]", "instruments[0].questions[3].options", "wrong_scale"},
		{"value: 2", "value: 3", "instruments[0].questions[3].options[1].value", "wrong_order"},
		{"label: Tidak}, ", "}, ", "instruments[0].questions[3].options[0].label", "required"},
		{"Kurang, Bersih, Sangat bersih]\n", "kotor, Bersih, Sangat bersih]\n", "instruments[0].questions[0].options[1]", "duplicate_label"},
		{"      - sex\n", "      - kelamin\n", "instruments[0].respondent[0]", "unknown_field"},
		{"      - sex\n", many(mostFields, "      - {code: f%d, text: T, categories: [{code: a, label: A}]}\n"), "instruments[0].respondent", "wrong_number"},
		{"{code: beli, label: Pembeli}", "{code: beli}", "instruments[0].respondent[1].categories[1].label", "required"},
		{"text: Peran, ", "", "instruments[0].respondent[1].text", "required"},
		{", questions: [toilet]}", "}", "instruments[0].indexes[0].aspects[1].questions", "required"},
		{", aspects: [{code: aman, name: Aman, questions: [aman]}]", "", "instruments[0].indexes[1].aspects", "required"},
		{"questions: [toilet]", "questions: toilet", "instruments[0].indexes[0].aspects[1].questions", "wrong_type"},
		{"categories: [", "categories: [" + many(maxMark-1, "{code: k%d, label: K}, "), "instruments[0].respondent[1].categories", "wrong_number"},
		{"code: beli,", "code: jual,", "instruments[0].respondent[1].categories[1].code", "duplicate_code"},
		{"code: beli,", "code: '=beli',", "instruments[0].respondent[1].categories[1].code", "wrong_code"},
		{"code: rasa,", "code: kebersihan,", "instruments[0].indexes[1].code", "duplicate_code"},
		{"code: rasa,", "code: responses,", "instruments[0].indexes[1].code", "reserved"},
		{"code: rasa,", "code: wbk_total,", "instruments[0].indexes[1].code", "reserved"},
		{"code: rasa,", "code: wbbm_total,", "instruments[0].indexes[1].code", "reserved"},
		{"code: rasa,", "code: lke_total,", "instruments[0].indexes[1].code", "reserved"},
		{"code: sering,", "code: e-lantai,", "instruments[0].questions[3].code", "reserved"},
		{"code: sering,", "code: f-lantai,", "instruments[0].questions[3].code", "reserved"},
		{"{code: ipak,", "{code: ipkp, name: IPKP,", "instruments[0].indexes[2].name", "named"},
		{"{code: ipak,", "{code: ikm, name: IKM,", "instruments[0].indexes[2].name", "named"},
		{"      - arahan\n", "      - persyaratan\n", "instruments[0].questions[4]", "unknown_question"},
		{"name: Indeks Rasa Aman, ", "", "instruments[0].indexes[1].name", "required"},
		{"{code: ipak,", "{code: ipak, name: IPAK,", "instruments[0].indexes[2].name", "named"},
		{"{code: rasa, name: Indeks Rasa Aman,", "{code: ikm,", "instruments[0].indexes[1]", "other_scale"},
		{"method: linear", "method: exact", "instruments[0].indexes[1].method", "unknown_method"},
		{"code: ipak,", "code: ipak, method: w0.11,", "instruments[0].indexes[2].method", "unknown_method"},
		{"scale: 6", "scale: 4", "instruments[0].indexes[1].aspects[0].questions[0]", "other_scale"},
		{"{code: lain, name", "{code: lantai, name", "instruments[0].indexes[0].aspects[1].code", "duplicate_code"},
		{"questions: [toilet]", "questions: [toliet]", "instruments[0].indexes[0].aspects[1].questions[0]", "unknown_question"},
		{"questions: [toilet]", "questions: [toilet, sering]", "instruments[0].indexes[0].aspects[1].questions[1]", "unscored"},
		{"questions: [toilet]", "questions: [toilet, toilet]", "instruments[0].indexes[0].aspects[1].questions[1]", "duplicate"},
		{"questions: [toilet]", "questions: []", "instruments[0].indexes[0].aspects[1].questions", "wrong_number"},
		{"          - {code: lain, name: Toilet, questions: [toilet]}\n", "", "instruments[0].questions[1]", "unused"},
	} {
		text := strings.Replace(ownInstrument, tc.old, tc.with, 1)
		if text == ownInstrument {
			t.Fatalf("%q changes nothing", tc.old)
		}
		_, err := applyInstrument(t, &Catalogue{}, text)
		f := faultAt(err, tc.field)
		if f == nil || f.Code != tc.code || !strings.Contains(f.Message, "(line ") {
			t.Errorf("%.60q instead of %q: %.400v, want %s at %s", tc.with, tc.old, err, tc.code, tc.field)
			continue
		}
		// The line is that of the path: line 1 of the file is the city.
		if strings.HasSuffix(f.Message, "(line 0)") || strings.HasSuffix(f.Message, "(line 1)") {
			t.Errorf("%s: %s", f.Field, f.Message)
		}
	}
	for old, with := range map[string]string{"value: 1, label": "label", "code: ipak,": "code: ikm,"} {
		if _, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, old, with, 1)); err != nil {
			t.Errorf("%s instead of %s: %v", with, old, err)
		}
	}
	_, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, "      - sex\n", "      - kelamin\n", 1))
	if f := faultAt(err, "instruments[0].respondent[0]"); f == nil || !strings.Contains(f.Message, "education") || !strings.Contains(f.Message, "sex)") {
		t.Errorf("the fields that there are: %v", err)
	}
	_, err = applyInstrument(t, &Catalogue{}, ownInstrument+strings.TrimPrefix(ownInstrument, "instruments:\n"))
	if f := faultAt(err, "instruments[1].version"); f == nil || f.Code != "duplicate" {
		t.Errorf("a version twice in a file: %v", err)
	}
}

func TestWhatAFaultyInstrumentWouldHaveGivenIsNotMissedAsWell(t *testing.T) {
	t.Parallel()
	_, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, "method: linear", "method: x", 1)+
		`periods: [{code: p, from: 2026-01-01, to: 2026-02-01, instrument: pasar}, {code: q, from: 2027-01-01, to: 2027-02-01, instrument: pasra}]`)
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) != 2 || e.Faults[1].Field != "periods[1].instrument" || !strings.Contains(e.Faults[1].Message, "known: ipk-10, ") {
		t.Errorf("%v, want the method, and what instruments there are", err)
	}
}

func TestDeclaredInstrumentsAreBounded(t *testing.T) {
	t.Parallel()
	c := &Catalogue{City: City{Name: "K", TimeZone: DefaultTimeZone}}
	small := Instrument{Code: "kecil", Title: Text{"id": "Kecil"}}
	for v := range mostDeclared {
		small.Version = v + 1
		c.Instruments = append(c.Instruments, small)
	}
	_, err := applyInstrument(t, c, ownInstrument)
	if f := faultAt(err, "instruments[0]"); f == nil || f.Code != "too_many" {
		t.Errorf("one more than may be: %v", err)
	}
	small.Source = strings.Repeat("a", mostPublished)
	c.Instruments = []Instrument{small}
	_, err = applyInstrument(t, c, ownInstrument)
	if f := faultAt(err, "instruments[0]"); f == nil || f.Code != "too_large" {
		t.Errorf("more bytes than may be: %v", err)
	}
	// Three that each may be declared ask more together than can be counted.
	var b strings.Builder
	b.WriteString("instruments:\n")
	for i := range 3 {
		fmt.Fprintf(&b, "  - code: panjang%d\n    version: 1\n    title: T\n    questions:\n", i)
		names := make([]string, mostAsked)
		for q := range mostAsked {
			names[q] = fmt.Sprintf("q%d-%d", i, q)
			fmt.Fprintf(&b, "      - {code: %s, text: T, options: [A, B, C, D]}\n", names[q])
		}
		fmt.Fprintf(&b, "    indexes: [{code: x%d, name: X, aspects: [{code: a, name: A, questions: [%s]}]}]\n", i, strings.Join(names, ", "))
	}
	_, err = applyInstrument(t, &Catalogue{}, b.String()+`periods: [{code: p, from: 2026-01-01, to: 2026-02-01, instrument: [panjang0, panjang1, panjang2]}]`)
	if f := faultAt(err, "periods[0].instrument"); f == nil || f.Code != "cannot_combine" || !strings.Contains(f.Message, "asks 180 questions") {
		t.Errorf("a form of 180 questions: %.300v", err)
	}
}

func TestADumpHoldsDeclaredInstruments(t *testing.T) {
	t.Parallel()
	a, err := applyInstrument(t, &Catalogue{}, ownInstrument+`periods: [{code: p, name: P, from: 2026-01-01, to: 2026-02-01, instrument: pasar}]`)
	if err != nil {
		t.Fatal(err)
	}
	text := dumped(t, a.Catalogue)
	lib, methods := testLibrary(t)
	same, err := Apply(a.Catalogue, []byte(text), lib, methods, nil, nil, 0)
	if err != nil || same.Changed {
		t.Errorf("applied again: changed %v, %v", same != nil && same.Changed, err)
	}
	fresh, err := Apply(&Catalogue{}, []byte(text), lib, methods, nil, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(a.Catalogue.Instruments, fresh.Catalogue.Instruments); d != "" {
		t.Errorf("made elsewhere from the dump (-want +got):\n%s", d)
	}
}

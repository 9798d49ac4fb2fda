package survey

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is found once all is read is told at the line of the place, or of what holds it.
func TestAFaultThatIsFoundLaterHasTheLineOfItsPlace(t *testing.T) {
	t.Parallel()
	_, err := applyInstrument(t, &Catalogue{}, `instruments:
  - code: pasar
    version: 1
    title: Survei Pasar
    questions:
      - code: lantai
        text: Bersihkah?
        options: [Kotor, Kurang, Bersih, Sangat bersih]
      - code: lantai
        text: Bersihkah lagi?
        options: [Kotor, Kurang, Bersih, Sangat bersih]
    respondent:
      - code: peran
        text: Peran
        categories:
          - code: jual
            label: Penjual
          - code: jual
            label: Pembeli
      - code: peran
        text: Peran
        categories: [{code: a, label: A}]
    indexes:
      - code: kebersihan
        name: Kebersihan
        aspects:
          - code: lantai
            name: Lantai
            questions:
              - lantai
          - code: lantai
            name: Lagi
            questions:
              - lantai
      - code: rasa
        aspects: [{code: a, name: A, questions: [lantai]}]
`)
	got := map[string]string{}
	for _, f := range faultsIn(err) {
		got[f.Field] = f.Message[strings.LastIndex(f.Message, "(line "):]
	}
	if diff := cmp.Diff(map[string]string{
		"instruments[0].questions[1].code":                  "(line 10)",
		"instruments[0].respondent[0].categories[1].code":   "(line 19)",
		"instruments[0].respondent[1].code":                 "(line 21)",
		"instruments[0].indexes[0].aspects[1].code":         "(line 32)",
		"instruments[0].indexes[0].aspects[1].questions[0]": "(line 35)",
		"instruments[0].indexes[1].name":                    "(line 36)",
	}, got); diff != "" {
		t.Errorf("faults and their lines (-want +got):\n%s", diff)
	}
}

// A fault that is told with what was read brings none of what was not.
func TestAPartOfAWrongKindIsOneFault(t *testing.T) {
	t.Parallel()
	for old, with := range map[string]string{
		"      - arahan\n": "      - [arahan]\n",
		"{code: peran, text: Peran, categories: [{code: jual, label: Penjual}, {code: beli, label: Pembeli}]}": "[peran]",
		"{code: jual, label: Penjual}":                                     "jual",
		"{code: lain, name: Toilet, questions: [toilet]}":                  "[toilet]",
		"{id: Survei Pasar, en: Market survey}":                            "[Survei]",
		"[{value: 1, label: Tidak}, {value: 2, label: {id: Ya, en: Yes}}]": "[Tidak, [label, Ya]]",
		"help: Lantai kios.":                                               "bantuan: x",
	} {
		_, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, old, with, 1))
		if faults := faultsIn(err); len(faults) != 1 {
			t.Errorf("%q instead of %q: %v", with, old, err)
		}
	}
	// An alias has the keys of what it repeats.
	text := strings.Replace(ownInstrument, "{value: 1, label: Tidak}, {value: 2,", "&a {value: 1, label: Tidak}, {value: 2,", 1)
	if _, err := applyInstrument(t, &Catalogue{}, strings.Replace(text, "[A, B, C, D, E, F]", "[*a, B, C, D, E, F]", 1)); err == nil {
		t.Error("an alias of what comes later is taken")
	}
	if _, err := applyInstrument(t, &Catalogue{}, strings.Replace(strings.Replace(ownInstrument, "[A, B, C, D, E, F]", "[&a {label: A}, B, C, D, E, F]", 1), "{value: 1, label: Tidak}", "*a", 1)); err != nil {
		t.Errorf("an option that is an alias: %v", err)
	}
}

// What a faulty instrument has besides, and what a period asks of it, is not told: nothing of it
// is known.
func TestOfAFaultyInstrumentItsFaultsAreToldAlone(t *testing.T) {
	t.Parallel()
	second := strings.TrimPrefix(ownInstrument, "instruments:\n")
	without := func(text, what string) string { return strings.Replace(text, what, "", 1) }
	const period = "periods: [{code: p, from: 2026-01-01, to: 2026-02-01, instrument: %s}]"
	of := func(ref string) string { return strings.Replace(period, "%s", ref, 1) }
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"two without a code":                {without(ownInstrument, "code: pasar\n    ") + without(second, "code: pasar\n    "), []string{"instruments[0].code required", "instruments[1].code required"}},
		"twice, the second without a title": {ownInstrument + without(second, "    title: {id: Survei Pasar, en: Market survey}\n"), []string{"instruments[1].title required"}},
		"one of the program's code without a title": {
			strings.Replace(without(ownInstrument, "    title: {id: Survei Pasar, en: Market survey}\n"), "code: pasar", "code: skm-9", 1), []string{"instruments[0].title required"},
		},
		"one of the program's code with a wrong method": {strings.NewReplacer("code: pasar", "code: skm-9", "method: linear", "method: exact").Replace(ownInstrument), []string{"instruments[0].indexes[1].method unknown_method"}},
		"without a version, and a period of it":         {without(ownInstrument, "    version: 1\n") + of("pasar"), []string{"instruments[0].version required"}},
		"the first version, and a period of it":         {without(ownInstrument, "    title: {id: Survei Pasar, en: Market survey}\n") + strings.Replace(second, "version: 1", "version: 2", 1) + of("pasar@1"), []string{"instruments[0].title required"}},
		"none, and a period of a version that is none":  {ownInstrument + of("pasar@9"), []string{"periods[0].instrument unknown_instrument"}},
	} {
		_, err := applyInstrument(t, &Catalogue{}, tc.text)
		if diff := cmp.Diff(tc.want, faultLines(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A version that is declared again keeps the question that it took over, and a city goes on
// with an instrument of its own that the program ships by now.
func TestWhatACityPublishedStaysItsOwn(t *testing.T) {
	t.Parallel()
	a, err := applyInstrument(t, &Catalogue{}, ownInstrument)
	if err != nil {
		t.Fatal(err)
	}
	own := a.Catalogue.Instruments[0]
	older := own
	older.Questions = append([]Question(nil), own.Questions...)
	older.Questions[4].Text = Text{"id": "Apakah Anda diarahkan?"}
	other := own
	other.Version = 2
	for _, list := range [][]Instrument{{older}, {other, older}, {older, other}} {
		c := &Catalogue{City: City{Name: "K", TimeZone: DefaultTimeZone}, Instruments: list}
		if again, err := applyInstrument(t, c, ownInstrument); err != nil || again.Changed {
			t.Errorf("with the question that it took over: %v", err)
		}
	}
	taken := own
	taken.Code = "skm-9"
	c := &Catalogue{City: City{Name: "K", TimeZone: DefaultTimeZone}, Instruments: []Instrument{taken}}
	if next, err := applyInstrument(t, c, strings.NewReplacer("code: pasar", "code: skm-9", "version: 1", "version: 2").Replace(ownInstrument)); err != nil || len(next.Catalogue.Instruments) != 2 {
		t.Errorf("the next version: %v", err)
	}
	// A method is known by its name, whichever way a file names it.
	if by, err := applyInstrument(t, &Catalogue{}, strings.Replace(ownInstrument, "method: linear", "method: linear@1", 1)); err != nil || by.Catalogue.Instruments[0].Indexes[1].Method != "linear" {
		t.Errorf("a method by its version: %v", err)
	}
	// They have so many bytes together, and not one more.
	small := Instrument{Code: "kecil", Version: 1, Title: Text{"id": "Kecil"}, Source: "a"}
	text, err := json.Marshal([]Instrument{small, own})
	if err != nil {
		t.Fatal(err)
	}
	for more, fits := range map[int]bool{0: true, 1: false} {
		small.Source = strings.Repeat("a", mostPublished-len(text)+1+more)
		c := &Catalogue{City: City{Name: "K", TimeZone: DefaultTimeZone}, Instruments: []Instrument{small}}
		if _, err := applyInstrument(t, c, ownInstrument); (err == nil) != fits {
			t.Errorf("%d bytes more than they may have: %v", more, err)
		}
	}
}

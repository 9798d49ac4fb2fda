package analytics

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"persepsi/survey"
)

func TestATallyIsMergedIntoItsMonthAndPeriod(t *testing.T) {
	t.Parallel()
	day := Key{Period: "2026-s1", Unit: "loket", Form: "skm-9@1", Level: LevelDay, Start: survey.NewDate(2026, time.March, 7)}
	month, period := day, day
	month.Level, month.Start = LevelMonth, survey.NewDate(2026, time.March, 1)
	period.Level, period.Start = LevelPeriod, 0
	for _, tc := range []struct {
		of   Key
		want []Key
	}{{day, []Key{month, period}}, {month, []Key{period}}, {period, nil}} {
		if got := tc.of.Rollups(); !slices.Equal(got, tc.want) {
			t.Errorf("%+v is merged into %+v, want %+v", tc.of, got, tc.want)
		}
	}
}

func TestARecountListsTheFirstTwentyOfAllThatDiffered(t *testing.T) {
	t.Parallel()
	key := func(i int) Correction { return Correction{Key: Key{Start: survey.Date(i)}} }
	var a, b RecountResult
	for i := range MostCorrections - 1 {
		a.AddCorrection(key(i))
	}
	for i := range MostCorrections + 1 {
		b.AddCorrection(key(100 + i))
	}
	a.Buckets, a.Responses, a.Moving = 1, 2, 3
	b.Buckets, b.Responses, b.Moving = 10, 20, 30
	if a.Differing != MostCorrections-1 || len(a.Corrections) != MostCorrections-1 || b.Differing != MostCorrections+1 || len(b.Corrections) != MostCorrections {
		t.Errorf("%d of %d and %d of %d are listed", len(a.Corrections), a.Differing, len(b.Corrections), b.Differing)
	}
	want := RecountResult{Buckets: 11, Responses: 22, Moving: 33, Differing: 2 * MostCorrections, Corrections: append(slices.Clone(a.Corrections), key(100))}
	if a.Add(b); !reflect.DeepEqual(a, want) {
		t.Errorf("together %+v, want %+v", a, want)
	}
	if a.Add(b); len(a.Corrections) != MostCorrections {
		t.Errorf("%d are listed, want no more than %d", len(a.Corrections), MostCorrections)
	}
}

func TestTotalsAreEqualOnlyWhenAllOfThemAre(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	base := []string{"44444", "11111", "32-24"}
	qr := response(form, "44444")
	qr.Mode = survey.ModeQR
	for name, other := range map[string]*Tally{
		"another form":                      answersOf(t, testForm(t, "spak-5-s6@1"), base...),
		"one more who answered nothing":     answersOf(t, form, append(slices.Clone(base), "-----")...),
		"another mode":                      tallyOf(t, form, qr, response(form, "11111"), response(form, "32-24")),
		"another score":                     answersOf(t, form, "44443", "11111", "32-24"),
		"the same scores, paired by halves": answersOf(t, form, "44111", "11444", "32-24"),
		"the missing one elsewhere":         answersOf(t, form, "44-44", "11111", "32424"),
	} {
		a := answersOf(t, form, base...)
		if a.Equal(other) || other.Equal(a) {
			t.Errorf("%s: equal", name)
		}
	}
	if !answersOf(t, form, base...).Equal(answersOf(t, form, base[2], base[0], base[1])) {
		t.Error("the same answers in another order are others")
	}
	for _, change := range []func(m *moments){
		func(m *moments) { m.n++ }, func(m *moments) { m.answered++ }, func(m *moments) { m.spread++ },
		func(m *moments) { m.products[1]++ }, func(m *moments) { m.sums[9]++ }, func(m *moments) { m.pairs[1]++ },
	} {
		a, b := answersOf(t, form, base...), answersOf(t, form, base...)
		if change(&b.moments[0]); a.Equal(b) {
			t.Errorf("equal with moments %+v", b.moments[0])
		}
	}
}

func TestSignalsAreTheAnswersToUnscoredQuestions(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	last := len(form.Questions) - 1
	if form.Questions[last].Scored || len(form.Questions[last].Options) != 2 {
		t.Fatalf("the last question is %+v", form.Questions[last])
	}
	got := answersOf(t, form, "444442", "444442", "444441", "44444").Signals()
	if want := map[string][]int64{form.Questions[last].Code: {1, 1, 2}}; !reflect.DeepEqual(got, want) {
		t.Errorf("signals %v, want %v", got, want)
	}
	if got := (*Tally)(nil).Signals(); got != nil {
		t.Errorf("of no tally: %v", got)
	}
}

func TestAPeriodsMethodGoesBeforeTheInstruments(t *testing.T) {
	t.Parallel()
	methods := testMethods(t)
	d, err := survey.NewDirectory(&survey.Catalogue{}, testLibrary(t), methods)
	if err != nil {
		t.Fatal(err)
	}
	form := testForm(t, "skm-9@1")
	for name, want := range map[string]string{"": "exact", "w0.111": "w0.111", "best": ""} {
		p := &survey.Period{Code: "p"}
		if name != "" {
			p.Methods = map[string]string{IKM: name}
		}
		got, err := ChooseMethods(d, p, form)
		if want == "" {
			if err == nil {
				t.Errorf("%q is chosen as %v", name, got)
			}
			continue
		}
		if err != nil || len(got) != 1 || got[0].Name != want {
			t.Errorf("%q is chosen as %v, %v; want %s", name, got, err, want)
		}
	}
}

func TestAShippedTableMayHoldOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	var names []struct {
		Name string `yaml:"name"`
	}
	var number int
	for name, to := range map[string]any{"no such table": &names, "grades.yaml": &names, "lke.yaml": &number} {
		if err := load(name, to); err == nil {
			t.Errorf("%s is read into %T", name, to)
		}
	}
}

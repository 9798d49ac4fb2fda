package analytics

import (
	"math"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

// column is one question's answers: so many of each score.
type column struct {
	question string
	scores   string
}

// byColumn answers SKM column by column, 4 where none is named; "-" is no answer.
func byColumn(t *testing.T, form *survey.Form, n int, columns ...column) *Tally {
	t.Helper()
	rows := make([]string, n)
	for i := range rows {
		marks := []byte("444444444")
		for _, c := range columns {
			at, ok := form.Position(c.question)
			if !ok {
				t.Fatalf("there is no question %s", c.question)
			}
			marks[at] = c.scores[i%len(c.scores)]
		}
		rows[i] = string(marks)
	}
	return answersOf(t, form, rows...)
}

func lowest(t *testing.T, tally *Tally) []string {
	t.Helper()
	var out []string
	for _, a := range Weakest(tally, &tally.form.Indexes[0], by(t, tally, "exact")) {
		out = append(out, a.Code)
	}
	return out
}

func documentedLowest(t *testing.T, d *documented) {
	t.Helper()
	tally := byColumn(t, testForm(t, "skm-9@1"), 10, column{"waktu", "3333322222"}, column{"pengaduan", "3333332222"})
	x := by(t, tally, "exact")
	ends := AspectIntervals(tally, &tally.form.Indexes[0], x)
	at := func(code string) int {
		return slices.IndexFunc(x.Aspects, func(a AspectResult) bool { return a.Code == code })
	}
	waktu, pengaduan := at("waktu"), at("pengaduan")
	above, below := ends[waktu][1]-*x.Aspects[waktu].Mean, *x.Aspects[pengaduan].Mean-ends[pengaduan][0]
	d.says("ten answers to each unsur, waktu five of 3 and five of 2, pengaduan six of 3 and four of 2, all others 4: 0.10 is at most √(%.4f² + %.4f²) = %.4f; the lowest are %s.",
		above, below, math.Hypot(above, below), strings.Join(lowest(t, tally), ", "))
}

func TestTheLowestAspectsAreThoseThatCannotBeToldApart(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for name, tc := range map[string]struct {
		n       int
		columns []column
		want    string
	}{
		"all the same":             {20, nil, ""},
		"one":                      {20, []column{{"waktu", "2"}}, "waktu"},
		"one, of much spread":      {100, []column{{"waktu", "14"}, {"biaya", "34"}}, "waktu"},
		"the same of few is many":  {10, []column{{"waktu", "14"}, {"biaya", "34"}}, "waktu biaya"},
		"of two the lower first":   {100, []column{{"biaya", "2"}, {"waktu", "2222322322"}, {"produk", "3"}}, "biaya"},
		"close":                    {30, []column{{"sarana", "2323232324"}, {"waktu", "2323232323"}}, "waktu sarana"},
		"what nobody answered":     {20, []column{{"waktu", "-"}, {"biaya", "3"}}, "biaya"},
		"only one that was":        {20, []column{{"persyaratan", "-"}, {"prosedur", "-"}, {"waktu", "-"}, {"biaya", "2"}, {"produk", "-"}, {"kompetensi", "-"}, {"perilaku", "-"}, {"pengaduan", "-"}, {"sarana", "-"}}, ""},
		"one answer to an aspect":  {10, []column{{"waktu", "1---------"}}, "waktu persyaratan prosedur biaya produk kompetensi perilaku pengaduan sarana"},
		"all are as low as others": {10, []column{{"waktu", "4444444443"}}, "waktu persyaratan prosedur biaya produk kompetensi perilaku pengaduan sarana"},
	} {
		if got := strings.Join(lowest(t, byColumn(t, form, tc.n, tc.columns...)), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}

	// The questions of one aspect are one mean.
	two := *form
	two.Indexes = []survey.FormIndex{{
		Index:     survey.Index{Code: IPKP, Scale: 4, Aspects: []survey.Aspect{{Code: "a"}, {Code: "b"}}},
		Positions: [][]int{{0, 1}, {2}},
	}}
	if got := lowest(t, answersOf(t, &two, "143", "143", "413", "413")); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("of an aspect of two questions that go up and down: %q", got)
	}
	if got := lowest(t, answersOf(t, &two, many(40, "223")...)); !slices.Equal(got, []string{"a"}) {
		t.Errorf("of an aspect of two questions that are the same: %q", got)
	}
}

func TestAFormIsAboutTheIndexOfItsFirstInstrument(t *testing.T) {
	t.Parallel()
	lib := testLibrary(t)
	for refs, want := range map[string]string{
		"skm-9 spak-5": "ikm ipak", "spak-5 skm-9": "ipak ikm", "terpadu-16": "ikm ipkp ipak", "spak-5": "ipak", "ipk-10 spkp-8": "ipak ipkp",
	} {
		var full []string
		for _, name := range strings.Fields(refs) {
			full = append(full, name+"@1")
		}
		form, err := lib.Form(full...)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(Order(form), " "); got != want {
			t.Errorf("%s: %q, want %q", refs, got, want)
		}
	}
	// An instrument of a city's own may have the IKM behind another index.
	own := &survey.Instrument{Indexes: []survey.Index{{Code: "bersih"}, {Code: IKM}}}
	form := &survey.Form{Instruments: []*survey.Instrument{own}, Indexes: []survey.FormIndex{{Index: own.Indexes[0]}, {Index: own.Indexes[1]}}}
	if got := strings.Join(Order(form), " "); got != "ikm bersih" {
		t.Errorf("%q", got)
	}
}

func TestATableTellsItsLimits(t *testing.T) {
	t.Parallel()
	grades, err := LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{"permenpanrb-14-2017@1": "A 88.31 B 76.61 C 65.00", "kepmenpan-25-2004@1": "A 81.26 B 62.51 C 43.76"} {
		var got []string
		for _, g := range grades.ByRef(ref).Limits() {
			got = append(got, g.Mutu, Shown(g.From, 2))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", ref, got)
		}
	}
	if grades.ByRef("none@1") != nil {
		t.Error("there is a table that there isn't")
	}
}

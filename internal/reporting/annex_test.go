package reporting_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/document"
	"persepsi/internal/manuscript"
	"persepsi/internal/reporting"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Questionnaire and method as documents of their own, of other forms than the demonstration's.
func TestAnAnnexTellsOfTheFormThatItIsOf(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	own := &survey.Form{ID: "pasar@1", Instruments: []*survey.Instrument{{Code: "pasar", Version: 1, Title: survey.Text{"id": "Pasar"}}}}
	own.Questions = []survey.Question{{Code: "buka", Text: survey.Text{"id": "Jam buka?"}, Scored: true}}
	own.Indexes = []survey.FormIndex{{Index: survey.Index{Code: "bersih", Name: survey.Text{"id": "Kebersihan"}, Method: "exact@1"}}}
	shipped := func(ref string) *survey.Form {
		form, err := lib.Form(ref)
		if err != nil {
			t.Fatal(err)
		}
		return form
	}
	mixed := *own // one question may be declined and has no score, the last one has both
	mixed.Questions = append([]survey.Question{{Code: "arah", Declinable: true}}, own.Questions...)
	for name, tc := range map[string]struct {
		make          func(*wording.Speaker, *reporting.Input) (*document.Document, error)
		form          *survey.Form
		change        func(in *reporting.Input)
		says, saysNot []string
	}{
		"no question of its own kind": {
			reporting.MakeForm, own, nil,
			[]string{"## Pertanyaan seperti yang diajukan (lampiran-kuesioner)", "Pasar", "1 | buka | Jam buka?", "Kuesioner ini tidak menanyakan diri responden."},
			[]string{"boleh dijawab", "Yang tidak diberi nilai"},
		},
		"a question that may be declined": {
			reporting.MakeForm, &mixed, nil, []string{"boleh dijawab", "Yang tidak diberi nilai: arah."}, nil,
		},
		"an index of the city's own": {
			reporting.MakeMethods, own, nil,
			[]string{"Kebersihan | exact@1 | ", " | –\n"},
			[]string{"LKE", "Kuesioner pasar"},
		},
		"a method that the period chose": {
			reporting.MakeMethods, own, func(in *reporting.Input) {
				p := *in.Period
				p.Methods, in.Period = map[string]string{"bersih": "w0.33@1"}, &p
			},
			[]string{"Kebersihan | w0.33@1 | "},
			[]string{"exact@1"},
		},
		"without an index of the LKE":   {reporting.MakeMethods, shipped("skm-9@2"), nil, []string{"Kuesioner skm-9@2: "}, []string{"LKE"}},
		"with one":                      {reporting.MakeMethods, shipped("spak-5@2"), nil, []string{"Kuesioner spak-5@2: ", "minimum LKE, versi 1"}, nil},
		"with the other":                {reporting.MakeMethods, shipped("spkp-8@2"), nil, []string{"minimum LKE, versi 1"}, nil},
		"a figure without its account ": {reporting.MakeMethods, shipped("skm-9@2"), func(in *reporting.Input) { figure(in).Explanation = nil }, []string{"(IKM) | exact@1 | "}, nil},
	} {
		in := c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
		in.Form = tc.form
		if tc.change != nil {
			tc.change(in)
		}
		d, err := tc.make(speaker(t, "id"), in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := outline(d)
		for _, s := range tc.says {
			if !strings.Contains(got, s) {
				t.Errorf("%s does not say %q:\n%s", name, s, got)
			}
		}
		for _, s := range tc.saysNot {
			if strings.Contains(got, s) {
				t.Errorf("%s says %q:\n%s", name, s, got)
			}
		}
		for i, s := range d.Sections {
			if i > 0 && (s.Apart || s.Level != 2) {
				t.Errorf("%s: section %s is apart, of level %d", name, s.ID, s.Level)
			}
		}
	}
}

// What an outline leaves out: which row of a table stands out, and that steps are numbered.
func TestTheRowOfThePeriodStandsOutAndStepsAreNumbered(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	d := made(t, "id", c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket"))
	_, rows := tableOf(t, d, reporting.Trend, "Selisih")
	for _, r := range rows {
		if r.Strong != (r.Cells[0] == "Semester II 2025") {
			t.Errorf("%q stands out: %t", r.Cells, r.Strong)
		}
	}
	for _, s := range d.Sections {
		if chapter := s.Level == 1 && s.ID != reporting.Introduction; s.Apart != chapter {
			t.Errorf("section %s begins a page: %t", s.ID, s.Apart)
		}
		for _, b := range s.Blocks {
			if table, ok := b.(document.Table); ok && s.ID == reporting.Trend && (table.Columns[0].Align != document.Left || table.Columns[1].Align != document.Right) {
				t.Errorf("the columns of %s are %+v", table.Caption, table.Columns)
			}
		}
	}
	at := slices.IndexFunc(d.Sections, func(s document.Section) bool { return s.ID == reporting.Calculation })
	for _, b := range d.Sections[at].Blocks {
		if l, ok := b.(document.List); ok && !l.Numbered {
			t.Errorf("the steps of the calculation have no numbers: %v", l)
		}
	}
}

// A report says that questions may be declined where one of its form may be.
func TestAReportTellsWhetherQuestionsMayBeDeclined(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for _, may := range []bool{true, false} {
		in := c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
		form := *in.Form
		form.Questions, in.Form = slices.Clone(form.Questions), &form
		for i := range form.Questions {
			form.Questions[i].Declinable = may && i == 0
		}
		if strings.Contains(outline(made(t, "id", in)), "boleh dijawab \"Tidak tahu") != may {
			t.Errorf("one of them may be: %t", may)
		}
	}
}

// unread are comments that cannot be read.
type unread struct{}

func (unread) One(context.Context, comment.Place, comment.Key) (*comment.Item, error) {
	return nil, errAway
}

func TestAReportThatCannotBeMadeIsAnError(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	of := reporting.Subject{Kind: reporting.SKM, Period: "2025-s2", Unit: "dukcapil-loket"}
	store := &texts{list: []manuscript.Manuscript{{Place: manuscript.Place{Period: of.Period, Unit: of.Unit, Kind: "skm"}, Version: 1, Comments: []string{"1-2-9f0a11c2"}}}}
	r, err := reporting.NewReports(c.figures, unread{}, store, cache.New(1<<20), "", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Open(t.Context(), actor(access.Evaluator), c.desk, of); !errors.Is(err, errAway) {
		t.Errorf("without the comments that it quotes: %v", err)
	}
	now := func(write func() error) error { return write() }
	if _, err := r.File(c.input(t, of.Kind, of.Period, of.Unit), "id", reporting.Format{Ending: "odt"}, now); err == nil || !strings.Contains(err.Error(), `"odt"`) {
		t.Errorf("in another format: %v", err)
	}
	in := c.input(t, of.Kind, of.Period, of.Unit)
	if _, err := r.FileOnce(in, "id", reporting.Format{Ending: "odt"}, nil); err == nil {
		t.Error("one of many is written in another format")
	}
	figure(in).SampleFault = "unheard-of"
	_, doc := r.Document(in, "id")
	pdf, _ := reporting.FormatOf("pdf")
	_, file := r.File(in, "id", pdf, now)
	_, once := r.FileOnce(in, "id", pdf, nil)
	for name, err := range map[string]error{"document": doc, "file": file, "file of many": once} {
		if err == nil || !strings.Contains(err.Error(), "unheard-of") {
			t.Errorf("a %s without a word: %v", name, err)
		}
	}
}

// How often a report says that answers on people were removed: once, before the first table.
func TestARemovalIsToldOnce(t *testing.T) {
	t.Parallel()
	in := demonstration(t).input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
	day := survey.NewDate(2028, time.January, 1)
	in.Detail.Splits = slices.Clone(in.Detail.Splits)
	for i := range in.Detail.Splits {
		in.Detail.Splits[i].Removed = &day
	}
	if got := outline(made(t, "id", in)); strings.Count(got, "dihapus mulai 1 Januari 2028") != 1 || !strings.Contains(got, "(responden)\nIsian tentang diri responden, dan") {
		t.Errorf("it says so %d times", strings.Count(got, "dihapus mulai"))
	}
}

package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

func TestWhoToldNothingStandsLast(t *testing.T) {
	t.Parallel()
	l, p := survey.Text{"id": "Laki-laki"}, survey.Text{"id": "Perempuan"}
	people := People{Cells: []PeopleCell{{N: 8}, {Label: l, N: 56}, {Label: p, Suppressed: true}}}
	var got []string
	for _, c := range people.Listed() {
		got = append(got, c.Label.In("id"))
	}
	if want := []string{"Laki-laki", "Perempuan", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestManyUnitsAreFoldedUnlessTheyWereSearchedFor(t *testing.T) {
	t.Parallel()
	pages, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		units  int
		search string
		want   bool
	}{
		{"few", unfoldedUnits, "", true},
		{"many", unfoldedUnits + 1, "", false},
		{"many, searched for", 600, "gigi", true},
	} {
		home := &Home{Search: tt.search, Units: tt.units, Agencies: []HomeAgency{{Name: "Dinas Kesehatan", Units: []HomeUnit{{Unit: survey.Unit{Code: "pkm", Name: "Puskesmas"}}}}}}
		page, err := pages.Render("home", home)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(page), `<details class="agency" open>`); got != tt.want || !strings.Contains(string(page), `href="/hasil/pkm`) {
			t.Errorf("%s: unfolded %v, want %v", tt.name, got, tt.want)
		}
	}
}

// What is counted until midnight is counted through the day before it, in the
// city's own time.
func TestFiguresHoldTheDaysBeforeTheirMoment(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Makassar")
	if err != nil {
		t.Fatal(err)
	}
	for moment, want := range map[time.Time]string{
		time.Date(2026, 11, 24, 0, 0, 0, 0, zone):      "2026-11-23",
		time.Date(2026, 11, 24, 0, 0, 1, 0, zone):      "2026-11-24",
		time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC): "2026-11-23",
	} {
		r := Result{Unit: &report.UnitResult{AsOf: &moment}, Zone: zone}
		if got := r.Through().String(); got != want {
			t.Errorf("as of %s: through %s, want %s", moment, got, want)
		}
	}
}

// The summary counts verdicts, those that rest on too few people, and rows with an
// input missing, each by itself: a unit that fails may lack something too.
func TestTheSummaryCountsWhatLacksAndWhatIsProvisional(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	row := func(passed *bool, provisional bool, lacks ...string) *wording.LKERow {
		u := &report.UnitResult{}
		u.LKE.WBK = analytics.Verdict{Passed: passed, Provisional: provisional}
		return &wording.LKERow{UnitResult: u, Lacks: lacks}
	}
	var sheet LKE
	for _, r := range []*wording.LKERow{row(&yes, false), row(&yes, true), row(&yes, true), row(&no, true, "I.b"), row(&no, false, "pengungkit"), row(nil, false, "I.b")} {
		sheet.Count(r)
	}
	if sheet.Passed != 3 || sheet.Tentative != 2 || sheet.Failed != 2 || sheet.TentativeFails != 1 || sheet.Open != 1 || sheet.Unfilled != 3 {
		t.Errorf("counted %+v", sheet)
	}
}

// What "so far" means stands below the sheet wherever it stands in a row: of either level.
func TestWhatSoFarMeansIsToldWhereverItIsSaid(t *testing.T) {
	t.Parallel()
	no := false
	so := analytics.Verdict{Passed: &no, Provisional: true, Tests: []*analytics.Test{{Row: "II", Passed: &no, Provisional: true}}}
	for name, tt := range map[string]struct {
		wbk, wbbm analytics.Verdict
		want      bool
	}{"WBK": {wbk: so, want: true}, "WBBM": {wbbm: so, want: true}, "neither": {}} {
		u := &report.UnitResult{}
		u.LKE.WBK, u.LKE.WBBM = tt.wbk, tt.wbbm
		var sheet LKE
		if sheet.Count(&wording.LKERow{UnitResult: u}); sheet.SoFar != tt.want {
			t.Errorf("%s: told is %t", name, sheet.SoFar)
		}
	}
}

func TestChancesAreToldNearAMinimumAlone(t *testing.T) {
	t.Parallel()
	near := func(pass float64) *wording.Near {
		x := &analytics.Index{Shown: "3.55", N: 11, Answered: 120, Chances: &analytics.Chances{Minima: []analytics.ChanceOfMinimum{
			{Level: "wbk", Minimum: 3.6, Pass: pass, Short: analytics.ChanceWhenShort{Truth: 3.55, Passes: 0.305}}, {Level: "wbbm", Minimum: 3.6, Pass: 0.5},
		}}}
		u := &report.UnitResult{}
		u.LKE.WBK.Tests = []*analytics.Test{{Row: "I"}, {Row: "I.a"}}
		row := wording.LKERow{UnitResult: u, IPAK: x}
		told := row.WBK().Near("I.a")
		var sheet LKE
		if sheet.Count(&row); sheet.Close != (told != nil) {
			t.Errorf("%v: the sheet explains chances: %v", pass, sheet.Close)
		}
		return told
	}
	for pass, want := range map[float64]bool{0.001: false, 0.025: false, 0.03: true, 0.97: true, 0.975: false, 1: false} {
		if got := near(pass) != nil; got != want {
			t.Errorf("%v is told: %v", pass, got)
		}
	}
	n := near(0.3)
	if n.Pass != 0.3 || n.Index != "IPAK" || n.N != 120 || n.OfHundred(n.Short.Passes) != "31" {
		t.Errorf("told: %+v, %s", n, n.OfHundred(n.Short.Passes))
	}
	ipkp := wording.LKERow{UnitResult: &report.UnitResult{}, IPKP: &analytics.Index{Chances: &analytics.Chances{Minima: []analytics.ChanceOfMinimum{{Level: "wbbm", Pass: 0.5}}}}}
	if n := ipkp.WBBM().Near("II"); n == nil || n.Index != "IPKP" {
		t.Errorf("of row II: %+v", n)
	}
	for passes, want := range map[float64]bool{0: false, 0.009: false, 0.01: true, 0.31: true} {
		n.Short.Passes = passes
		if n.Misleads() != want {
			t.Errorf("that %v of surveys mislead is told: %v", passes, !want)
		}
	}
	if x := (wording.LKERow{UnitResult: &report.UnitResult{}, IPAK: &analytics.Index{}}).WBK(); x.Near("I.a") != nil || x.Near("II") != nil || x.Near("total") != nil {
		t.Error("there are chances of nothing")
	}
}

// What the form's instruments say first is said once, and one may say nothing.
func TestAFormsIntroductionsAreSaidOnce(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	for refs, want := range map[string]string{
		"skm-9@2": "Untuk pertanyaan tentang pelayanan, jawablah menurut kunjungan Anda kali ini.", "skm-9@2 spak-5@2": "Untuk pertanyaan tentang pelayanan, jawablah menurut kunjungan Anda kali ini.", "spak-5@2": "",
		"skm-9@1 spak-5@1": "Pilih jawaban yang paling sesuai dengan pengalaman Anda. Jawablah dari yang Anda alami atau lihat sendiri; nama Anda tidak ditanyakan.",
	} {
		form, err := lib.Form(strings.Fields(refs)...)
		if err != nil {
			t.Fatal(err)
		}
		twice := &survey.Form{Instruments: slices.Concat(form.Instruments, form.Instruments)}
		var said []string
		for _, intro := range (&Form{Survey: twice}).Intros() {
			said = append(said, intro.In("id"))
		}
		if got := strings.Join(said, " "); got != want {
			t.Errorf("%s: %q, want %q", refs, got, want)
		}
	}
}

// Every list of options runs from worst to best, that of arahan too: what is stored of
// an answer stays its value.
func TestTheUnscoredQuestionListsItsWorseAnswerFirst(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{"spak-5@2": "Ada=2 Tidak ada=1", "spak-5@1": "Tidak ada=1 Ada=2"} {
		form, err := lib.Form(ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range (&Form{Survey: form}).Groups() {
			for _, q := range g.Questions {
				var got []string
				for _, o := range q.Listed() {
					got = append(got, fmt.Sprintf("%s=%d", o.Label.In("id"), o.Value))
				}
				if list := strings.Join(got, " "); q.Code == "arahan" && list != want || q.Code != "arahan" && !strings.HasSuffix(list, "=4") {
					t.Errorf("%s lists %s of %s", ref, list, q.Code)
				}
			}
		}
		if o := form.Questions[len(form.Questions)-1].Options; o[0].Value != 1 {
			t.Errorf("%s: the form itself is turned: %v", ref, o)
		}
	}
}

// Twelve seconds a question, rounded up: a form of five questions does not ask for the
// time of one of seventeen.
func TestAFormSaysHowLongItTakesByItsQuestions(t *testing.T) {
	t.Parallel()
	for questions, want := range map[int]int{1: 1, 5: 1, 6: 2, 10: 2, 11: 3, 17: 4, 25: 5} {
		if got := (&Form{Survey: &survey.Form{Questions: make([]survey.Question, questions)}}).Minutes(); got != want {
			t.Errorf("%d questions take %d minutes, want %d", questions, got, want)
		}
	}
}

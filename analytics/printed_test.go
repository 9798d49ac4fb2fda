package analytics

import (
	"math"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

// printed computes the IKM of a period that chose a printed weight.
func printed(t *testing.T, form *survey.Form, method string, rows ...string) (*Index, *Explanation) {
	t.Helper()
	c := calculation(t, form, nil)
	m, err := c.Methods.For(&form.Indexes[0].Index, method)
	if err != nil {
		t.Fatal(err)
	}
	c.Chosen = []*survey.Method{m}
	c.Bases = testBases(t)
	x := c.Index(answersOf(t, form, rows...), 0, Population{})
	return x, c.Explanation(0, x)
}

func TestEightUnsurOfFoursAre100WhateverPrintedWeightWasChosen(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for _, method := range []string{"w0.11", "w0.111", "w0.1111"} {
		x, e := printed(t, form, method, "444-44444", "444-44444")
		if x.Shown != "100.00" || x.Method != "exact@1" || x.Chosen != method+"@1" || len(x.Reconciliation) > 0 {
			t.Errorf("%s: %s by %s, chosen %s, beside %v", method, x.Shown, x.Method, x.Chosen, x.Reconciliation)
		}
		if x.CI95[1] != 100 || x.Stability.Grade != "A" {
			t.Errorf("%s: interval %v, stability %+v", method, x.CI95, x.Stability)
		}
		if a := x.Aspects[0]; *a.Weighted != 0.5 {
			t.Errorf("%s: an aspect of 4 weighs %v, want 4/8", method, *a.Weighted)
		}
		if e.Weight != "1/8" || !slices.Contains(e.Steps, method+" is meant for 9 aspects: exact is used") || e.Chosen == nil || !strings.HasPrefix(e.Source, "weight = 1/") {
			t.Errorf("%s: explained as %+v", method, e)
		}
	}
}

func TestNineUnsurOfFoursKeepThePrintedWeight(t *testing.T) {
	t.Parallel()
	x, e := printed(t, testForm(t, "skm-9@1"), "w0.11", "444444444")
	if x.Shown != "99.00" || x.Method != "w0.11@1" || x.Chosen != "" || len(x.Reconciliation) != 3 || e.Weight != "0.1100" || e.Chosen != nil {
		t.Errorf("%s by %s, chosen %q, beside %v, explained as %+v", x.Shown, x.Method, x.Chosen, x.Reconciliation, e)
	}
	if got := x.Reconciliation[0]; got.Method != "exact@1" || got.ShownDifference != "1.00" {
		t.Errorf("beside it: %+v", got)
	}
}

func TestACellWithoutAnUnsurIsNotShortOfItsPrintedWeight(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, nil)
	m, err := c.Methods.For(&form.Indexes[0].Index, "w0.11")
	if err != nil {
		t.Fatal(err)
	}
	cells, err := answersOf(t, form, slices.Repeat([]string{"444-44444"}, 10)...).Breakdown("service", []*survey.Method{m})
	if err != nil || len(cells) != 1 || cells[0].Means[IKM] != 4 {
		t.Errorf("got %+v, %v", cells, err)
	}
}

func TestAnIndexNamesItsOwnRegulation(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ form, index, want string }{
		{"skm-9@1", IKM, "PermenPANRB 14/2017"},
		{"skm-14@1", IKM, "KepMenPAN 25/2004"},
		{"terpadu-16@1", IKM, "PermenPANRB 14/2017"},
		{"terpadu-16@1", IPKP, "PermenPANRB 90/2021"},
		{"spak-5@1", IPAK, "PermenPANRB 90/2021"},
		{"spak-5-s6@1", IPAK, "PermenPANRB 90/2021"},
	} {
		form := testForm(t, tc.form)
		c := calculation(t, form, nil)
		c.Bases = testBases(t)
		i := slices.IndexFunc(form.Indexes, func(x survey.FormIndex) bool { return x.Code == tc.index })
		x := c.Index(answersOf(t, form, strings.Repeat("4", len(form.Questions)-1)), i, Population{})
		e := c.Explanation(i, x)
		if x.Regulation != tc.want || x.Basis["en"] != tc.want || e.Basis != tc.want || strings.Contains(e.Source, "PermenPANRB") {
			t.Errorf("%s of %s rests on %q, explained as %q with the method %q", tc.index, tc.form, x.Regulation, e.Basis, e.Source)
		}
	}
}

func TestAnIndexOfACitysOwnRestsOnItsMethod(t *testing.T) {
	t.Parallel()
	own := *testForm(t, "skm-9@1")
	own.Indexes = slices.Clone(own.Indexes)
	own.Indexes[0].Code = "waktu_tunggu"
	c := calculation(t, &own, nil)
	c.Bases = testBases(t)
	if x := c.Index(answersOf(t, &own, "444444444"), 0, Population{}); x.Regulation != "bobot = 1/banyaknya unsur yang dijawab" {
		t.Errorf("it rests on %q", x.Regulation)
	}
}

// 677/200 is 3.385, and its float64 is less: formatted as a float it would be 3.38.
func TestATieIsShownHalfUpWhateverItsFloatSays(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{677.0 / 200: "3.39", 3.3849999999999993: "3.39", 3.38499999: "3.38", 1.005: "1.01", -1.005: "-1.01", 88.305: "88.31", 2.5: "2.50", 0: "0.00"} {
		if got := ShownFloat(x, 2); got != want {
			t.Errorf("%v is shown as %s, want %s", x, got, want)
		}
	}
	if got := ShownFloat(math.Inf(1), 2); got != "" {
		t.Errorf("infinity is shown as %q", got)
	}
	form := testForm(t, "spak-5@1")
	rows := append(slices.Repeat([]string{"33333"}, 123), slices.Repeat([]string{"44444"}, 77)...) // 677 in 200
	x := calculation(t, form, nil).Index(answersOf(t, form, rows...), 0, Population{})
	if x.Shown != "3.39" || x.Aspects[0].Shown != "3.39" {
		t.Errorf("the index is shown as %s, its first aspect as %s", x.Shown, x.Aspects[0].Shown)
	}
}

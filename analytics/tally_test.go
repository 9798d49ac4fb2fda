package analytics

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"persepsi/survey"
)

// forms that differ in what a tally has to keep: one index, three indexes that
// share questions, and a scale of six.
func tallyForms() []string { return []string{"skm-9@1", "terpadu-16@1", "spak-5-s6@1"} }

func forEachForm(t *testing.T, law func(t *rapid.T, form *survey.Form)) {
	t.Helper()
	for _, id := range tallyForms() {
		form := testForm(t, id)
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { law(t, form) })
		})
	}
}

func drawnTally(t *rapid.T, form *survey.Form, list []*survey.Response) *Tally {
	out := NewTally(form)
	for _, r := range list {
		if err := out.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func merged(t *rapid.T, list ...*Tally) *Tally {
	out := NewTally(list[0].form)
	for _, o := range list {
		if err := out.Merge(o); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestATallyIsTheSameForAnyOrderOfItsResponses(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		list := rapid.SliceOfN(drawn(form), 0, 20).Draw(t, "responses")
		shuffled := rapid.Permutation(list).Draw(t, "shuffled")
		if !bytes.Equal(drawnTally(t, form, list).Encode(), drawnTally(t, form, shuffled).Encode()) {
			t.Fatal("another order gives another tally")
		}
	})
}

func TestATallyIsTheSameForAnyGroupingOfItsResponses(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		list := rapid.SliceOfN(drawn(form), 0, 20).Draw(t, "responses")
		groups := make([]*Tally, rapid.IntRange(1, 5).Draw(t, "groups"))
		for g := range groups {
			groups[g] = NewTally(form)
		}
		for _, r := range list {
			g := rapid.IntRange(0, len(groups)-1).Draw(t, "group")
			if err := groups[g].Add(r); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(drawnTally(t, form, list).Encode(), merged(t, groups...).Encode()) {
			t.Fatal("another grouping gives another tally")
		}
	})
}

func TestMergeIsAssociativeAndCommutative(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		some := rapid.SliceOfN(drawn(form), 0, 6)
		a := drawnTally(t, form, some.Draw(t, "a"))
		b := drawnTally(t, form, some.Draw(t, "b"))
		c := drawnTally(t, form, some.Draw(t, "c"))
		if !bytes.Equal(merged(t, a, b).Encode(), merged(t, b, a).Encode()) {
			t.Fatal("a+b is not b+a")
		}
		left, right := merged(t, merged(t, a, b), c), merged(t, a, merged(t, b, c))
		if !bytes.Equal(left.Encode(), right.Encode()) {
			t.Fatal("(a+b)+c is not a+(b+c)")
		}
		if !left.Equal(right) {
			t.Fatal("tallies of equal bytes must be equal")
		}
		if !bytes.Equal(merged(t, a, NewTally(form)).Encode(), a.Encode()) {
			t.Fatal("an empty tally changes what it is merged into")
		}
	})
}

func TestATallyIsIndependentOfTheOnesItIsMergedInto(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	first := answersOf(t, form, "444444444")
	before := first.Encode()
	copied := NewTally(form)
	for range 2 {
		if err := copied.Merge(first); err != nil {
			t.Fatal(err)
		}
	}
	if err := copied.Add(response(form, "111111111")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, first.Encode()) {
		t.Error("a change of the sum shows in the original")
	}
	if first.Equal(copied) {
		t.Error("tallies of different answers must not be equal")
	}
}

func TestATallyCountsWhatCame(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	kiosk := response(form, "3-4444444")
	kiosk.Mode, kiosk.Hour, kiosk.Day = survey.ModeKiosk, 14, survey.NewDate(2026, time.March, 3) // a Tuesday
	kiosk.Service, kiosk.Point = "akta", "DK02"
	got := tallyOf(t, form, response(form, "144444444"), kiosk)

	if got.N != 2 || got.Modes[survey.ModePaper] != 1 || got.Modes[survey.ModeKiosk] != 1 {
		t.Errorf("got n %d, modes %v", got.N, got.Modes)
	}
	if sum, n := got.Question(0); sum != 4 || n != 2 {
		t.Errorf("first question: got %d of %d, want 4 of 2", sum, n)
	}
	if sum, n := got.Question(1); sum != 4 || n != 1 {
		t.Errorf("a missing answer must count in neither sum nor n: got %d of %d, want 4 of 1", sum, n)
	}
	if got.Count(1, 0) != 1 || got.Count(1, 4) != 1 || got.Count(0, 3) != 1 {
		t.Error("scores are counted wrongly")
	}
	cells := got.cells
	akta := cells.cell(cells.service.place[slices.Index(cells.service.names, "akta")])
	if sum, n := akta.Question(1); akta.responses() != 1 || sum != 0 || n != 0 {
		t.Errorf("the service's cell: got %d responses, %d of %d, want 1, 0 of 0", akta.responses(), sum, n)
	}
	if place := cells.slots()[2*24+14]; place == 0 || cells.cell(place).responses() != 1 {
		t.Error("the cell of Tuesday, two o'clock, is missing")
	}
	if cells.slots()[1*24+9] != 0 {
		t.Error("paper doesn't tell the hour of the visit and must not be counted by hour")
	}
}

func TestAnUnknownCategoryCountsAsNotTold(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	r := response(form, "444444444")
	marks := make([]int, len(form.Fields))
	marks[0] = len(form.Fields[0].Categories) + 1
	r.Respondent = survey.MakeMarks(marks)
	cells := tallyOf(t, form, r).cells
	if place := cells.field(0)[0]; place == 0 || cells.cell(place).responses() != 1 {
		t.Error("the answer is lost to the breakdown")
	}
}

func TestAddRefusesWhatIsNotOfTheFormAndCountsNothingOfIt(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	other := response(form, "444444444")
	other.Form = "spak-5@1"
	short := response(form, "444444444")
	short.Answers = "444"
	for name, r := range map[string]*survey.Response{
		"another form":            other,
		"too few answers":         short,
		"an answer off the scale": response(form, "444444445"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tally := NewTally(form)
			if err := tally.Add(r); err == nil {
				t.Error("got no error")
			}
			if !bytes.Equal(tally.Encode(), NewTally(form).Encode()) {
				t.Error("a refused response was counted by half")
			}
		})
	}
}

func TestMergeRefusesAnotherForm(t *testing.T) {
	t.Parallel()
	err := NewTally(testForm(t, "skm-9@1")).Merge(NewTally(testForm(t, "spak-5@1")))
	if !errors.Is(err, ErrOtherForm) {
		t.Errorf("got %v, want ErrOtherForm", err)
	}
}

func TestAMergeWithATallyWithoutBreakdownKeepsNone(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for name, pair := range map[string][2]*Tally{
		"into one with":    {NewTally(form), NewTotals(form)},
		"into one without": {NewTotals(form), NewTally(form)},
	} {
		if err := pair[0].Merge(pair[1]); err != nil {
			t.Fatal(err)
		}
		if pair[0].cells != nil {
			t.Errorf("%s: the breakdown would miss answers that the totals count", name)
		}
	}
}

func BenchmarkTallyAdd(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	r := response(form, "4344434443444344")
	r.Mode = survey.ModeQR
	tally := NewTally(form)
	b.ReportAllocs()
	for b.Loop() {
		if err := tally.Add(r); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAResetTallyCountsLikeANewOne(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		used := drawnTally(t, form, rapid.SliceOfN(drawn(form), 0, 20).Draw(t, "before"))
		if broken := used.Encode(); rapid.Bool().Draw(t, "broken") {
			_ = used.Decode(broken[:rapid.IntRange(0, len(broken)-1).Draw(t, "cut")]) // an error leaves it in any state
		}
		used.Reset()
		list := rapid.SliceOfN(drawn(form), 0, 20).Draw(t, "after")
		for _, r := range list {
			if err := used.Add(r); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(used.Encode(), drawnTally(t, form, list).Encode()) {
			t.Fatal("what was there before the reset shows")
		}
	})
}

// A tally that could not be read to its end is in any state; rapid found the
// first three cuts at which a reset left something of it behind.
func TestAResetTallyIsEmptyWhereverItsReadingBrokeOff(t *testing.T) {
	t.Parallel()
	for _, id := range tallyForms() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			form := testForm(t, id)
			empty := NewTally(form).Encode()
			full := tallyOf(t, form, response(form, strings.Repeat("1", len(form.Questions)))).Encode()
			for _, whole := range [][]byte{empty, full} {
				for cut := range whole {
					used := NewTally(form)
					if err := used.Decode(whole[:cut]); err == nil {
						t.Fatalf("%d of %d bytes were read as a whole tally", cut, len(whole))
					}
					used.Reset()
					if !bytes.Equal(used.Encode(), empty) {
						t.Fatalf("cut at %d of %d bytes: what was there before the reset shows", cut, len(whole))
					}
				}
			}
		})
	}
}

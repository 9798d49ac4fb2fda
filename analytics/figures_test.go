package analytics

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/survey"
)

func TestAnswersAreCountedByEveryMode(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	byKiosk := response(form, "444444444")
	byKiosk.Mode = survey.ModeKiosk
	for name, tc := range map[string]struct {
		tally *Tally
		want  Responses
	}{
		"none":             {nil, Responses{ByMode: map[string]int64{"qr": 0, "kiosk": 0, "assisted": 0, "paper": 0}}},
		"paper and kiosk":  {tallyOf(t, form, byKiosk, response(form, "444444444"), response(form, "111111111")), Responses{Valid: 3, ByMode: map[string]int64{"qr": 0, "kiosk": 1, "assisted": 0, "paper": 2}}},
		"an empty one too": {NewTally(form), Responses{ByMode: map[string]int64{"qr": 0, "kiosk": 0, "assisted": 0, "paper": 0}}},
	} {
		if diff := cmp.Diff(tc.want, CountResponses(tc.tally)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestASampleIsAdequateFromWhatIsNeededOn(t *testing.T) {
	t.Parallel()
	samples := testSamples(t)
	p := &survey.Period{Population: map[string]int{"loket": 703, "nobody": 0}}
	for _, tc := range []struct {
		unit string
		n    int64
		want bool
	}{{"loket", 248, false}, {"loket", 249, true}, {"loket", 250, true}, {"nobody", 0, false}, {"undeclared", 1000, false}} {
		got := samples.Of(p, tc.unit, tc.n, nil)
		if got.Adequate != tc.want || (got.Needed == nil) != (tc.unit != "loket") || (got.Population == nil) != (tc.unit == "undeclared") {
			t.Errorf("%d of %s: %+v, want adequate %v", tc.n, tc.unit, got, tc.want)
		}
	}
	// nil is an index that nobody answered.
	for want, indexes := range map[bool]map[string]*Index{
		true:  {IKM: {Adequate: true}, IPAK: nil, IPKP: {Adequate: true}},
		false: {IKM: {Adequate: true}, IPAK: {}, IPKP: {Adequate: true}},
	} {
		if got := samples.Of(p, "loket", 300, indexes); got.Adequate != want {
			t.Errorf("%+v: adequate is %v", indexes, got.Adequate)
		}
	}
	if got := samples.Of(p, "loket", 1, nil); *got.Population != 703 || *got.Needed != 249 {
		t.Errorf("of 703 people %d are needed, want 249", *got.Needed)
	}
}

func TestTheAspectToImproveFirstIsTheLowest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		means []string // by code a, b, c …; empty where nobody answered
		want  string
	}{
		{nil, ""},
		{[]string{"", ""}, ""},
		{[]string{"3", "3", "", "3"}, ""},
		{[]string{"", "3"}, ""},
		{[]string{"", "4", "2", "3"}, "c"},
		{[]string{"2", "4", "3"}, "a"},
		{[]string{"3", "2", "2", "4"}, "b"},
		{[]string{"4", "3", "7/3", "3"}, "c"},
	} {
		x := new(Index)
		for i, mean := range c.means {
			a := AspectResult{Code: string(rune('a' + i))}
			if mean != "" {
				a.Exact = exactly(t, mean)
			}
			x.Aspects = append(x.Aspects, a)
		}
		if got := x.Lowest(); got != c.want {
			t.Errorf("%v: got %q, want %q", c.means, got, c.want)
		}
	}
}

package projection

import (
	"testing"

	"persepsi/analytics"
)

func TestWhoCameAndWentBetweenTwoReleasesIsInNeither(t *testing.T) {
	t.Parallel()
	people := map[analytics.Passage]int{
		{In: 1}: 100, {In: 3}: 7, // stays, came
		{In: 1, Out: 2}: 1000, {In: 1, Out: 3}: 2, // had left, went
		{In: 2, Out: 4}: 3, {In: 3, Out: 4}: 10_000, // went, was in neither
	}
	if came, went := between(people, 2); came != 7 || went != 5 {
		t.Errorf("came %d, went %d, want 7, 5", came, went)
	}
}

func TestFewWhoStayAreToldOnlyWhereOthersOfTheirReleaseLeave(t *testing.T) {
	t.Parallel()
	few, many := analytics.LeastCell-1, analytics.LeastCell
	d := &decision{step: &step{form: newUnit(t, "terpadu-16@1").form}}
	for name, c := range map[string]struct {
		people map[analytics.Passage]int
		want   bool
	}{
		"few stay, nobody leaves":    {map[analytics.Passage]int{{In: 1}: few}, false},
		"few stay, others leave":     {map[analytics.Passage]int{{In: 1}: few, {In: 1, Out: 4}: many}, true},
		"few leave":                  {map[analytics.Passage]int{{In: 1}: many, {In: 1, Out: 4}: few}, true},
		"few left before":            {map[analytics.Passage]int{{In: 1}: many, {In: 1, Out: 3}: few}, false},
		"enough of both":             {map[analytics.Passage]int{{In: 1}: many, {In: 1, Out: 4}: many}, false},
		"others of another one left": {map[analytics.Passage]int{{In: 1}: few, {In: 2}: many, {In: 2, Out: 4}: many}, false},
	} {
		if got := d.fewApart(groups{{0}}, c.people, 4); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

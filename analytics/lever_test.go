package analytics

import (
	"math"
	"testing"
)

func leversOf(t *testing.T, form, method string, rows ...string) (*Index, map[string]Lever) {
	t.Helper()
	tally := answersOf(t, testForm(t, form), rows...)
	x := by(t, tally, method)
	out := map[string]Lever{}
	for _, l := range Levers(tally.form.Indexes[0].Code, x) {
		out[l.Aspect] = l
	}
	return x, out
}

func TestALeverIsWhatTheIndexGainsWhereTheAspectIsRaised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form, method string
		was, is      string // ten answers of which one is a score higher
		aspect       string
		// steps is how many times the lever's step raises the aspect by what one score of one
		// of ten people does.
		steps string
	}{
		{"skm-9@1", "exact", "333333333", "433333333", "persyaratan", "1"},
		{"skm-9@1", "w0.11", "333333333", "433333333", "persyaratan", "1"},
		{"skm-9@1", "w0.1111", "323334333", "423334333", "persyaratan", "1"},
		{"skm-9@1", "w0.11", "3-3333333", "4-3333333", "persyaratan", "1"}, // too few for the printed weight
		{"spak-5-s6@1", "ratio", "33333", "43333", "", "2/3"},
		{"spak-5-s6@1", "linear", "33333", "43333", "", "3/5"},
	} {
		x, levers := leversOf(t, c.form, c.method, many(10, c.was)...)
		raised, _ := leversOf(t, c.form, c.method, append(many(9, c.was), c.is)...)
		aspect := c.aspect
		if aspect == "" {
			aspect = x.Aspects[0].Code
		}
		l := levers[aspect]
		want := l.ExactGain.Mul(exactly(t, c.steps))
		if got := raised.ExactValue.Sub(x.ExactValue); got.Cmp(want) != 0 {
			t.Errorf("%s by %s: the index gains %v, foretold %v", c.form, c.method, got, want)
		}
		if got := l.Answers * exactly(t, c.steps).Float64(); math.Abs(got-0.1) > 1e-12 {
			t.Errorf("%s by %s: %v of the answers a score higher", c.form, c.method, l.Answers)
		}
		if l.Capped || l.Step != 0.1 {
			t.Errorf("%s by %s: %+v", c.form, c.method, l)
		}
	}
}

func TestALeverEndsAtTheTop(t *testing.T) {
	t.Parallel()
	x, levers := leversOf(t, "skm-9@1", "exact", append(many(24, "444444444"), "433333333")...)
	l := levers["prosedur"] // 3.96
	if !l.Capped || l.ExactStep.Cmp(exactly(t, "0.04")) != 0 || l.ShownGain != "0.11" || l.Step != 0.04 {
		t.Errorf("%+v", l)
	}
	if l := levers["persyaratan"]; !l.Capped || l.Gain != 0 || l.Step != 0 || l.ShownGain != "0.00" || l.Answers != 0 {
		t.Errorf("at the top: %+v", l)
	}
	all := x.ExactValue
	for _, l := range levers {
		all = all.Add(l.ExactGain)
	}
	if all.Cmp(whole(100)) != 0 {
		t.Errorf("all levers together lead to %v", all)
	}
	if _, levers = leversOf(t, "skm-9@1", "exact", many(10, "4-4444443")...); len(levers) != 8 {
		t.Errorf("%d levers of eight aspects with answers", len(levers))
	}
	if Levers(IKM, nil) != nil || Levers(IKM, &Index{}) != nil {
		t.Error("levers of nothing")
	}
}

func documentedLevers(t *testing.T, d *documented) {
	t.Helper()
	gain := func(method string) float64 {
		_, levers := leversOf(t, "skm-9@1", method, append(many(24, "344444444"), "333333333")...)
		return levers["persyaratan"].Gain
	}
	_, levers := leversOf(t, "skm-9@1", "exact", append(many(24, "344444444"), "333333333")...)
	d.says("+0.1 of one of nine unsur: IKM +%.4f exact, +%.4f by w0.11; where its mean is 3.96, +%.4f.", gain("exact"), gain("w0.11"), levers["prosedur"].Gain)
	_, six := leversOf(t, "spak-5-s6@1", "ratio", many(10, "33333")...)
	for _, l := range six {
		d.says("+0.1 of one of five aspects answered on 1-6, by ratio: IPAK +%.4f; %.0f of 100 answers one score higher.", l.Gain, 100*l.Answers)
		break
	}
}

package wording

import (
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// The fold of a verdict has what may be argued about: not what is passed for sure, nor
// what has no points yet.
func TestAVerdictShowsTheTestsThatDecide(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	verdict := analytics.Verdict{Tests: []*analytics.Test{
		{Row: "total", Missing: true},
		{Row: "pengungkit", Passed: &yes},
		{Row: "I.a", Passed: &yes},
		{Row: "I.b", Passed: &no},
		{Row: "II", Passed: &yes},
	}}
	chance := func(level string, pass float64) *analytics.Index {
		return &analytics.Index{Chances: &analytics.Chances{Minima: []analytics.ChanceOfMinimum{{Level: level, Pass: pass}}}}
	}
	row := LKERow{UnitResult: &report.UnitResult{}, IPAK: chance("wbk", 0.6), IPKP: chance("wbbm", 0.6)}
	row.LKE = analytics.LKE{WBK: verdict, WBBM: verdict}
	for _, tt := range []struct {
		judged ShownVerdict
		want   []string
	}{{row.WBK(), []string{"I.a", "I.b"}}, {row.WBBM(), []string{"I.b", "II"}}} {
		var got []string
		for _, test := range tt.judged.Deciding() {
			got = append(got, test.Row)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q decide, want %q", tt.judged.level, got, tt.want)
		}
	}
}

package wording

import "testing"

func TestAForecastIsNeverCertain(t *testing.T) {
	t.Parallel()
	s := speaker(t, "id")
	for chance, want := range map[float64]string{1: "lebih dari 99", 0.995: "lebih dari 99", 0.994: "99", 0.5: "50", 0.006: "1", 0.0049: "kurang dari 1", 0: "kurang dari 1"} {
		if got, err := s.Chance(GradeChance{Chance: chance}); got != want || err != nil {
			t.Errorf("%v: %q, %v, want %q", chance, got, err, want)
		}
	}
}

// An IKM of 100 is nowhere told as 4, nor an IPAK of 4 as 100.
func TestAGroupsMeanIsOnTheScaleOfItsIndex(t *testing.T) {
	t.Parallel()
	s, of := speaker(t, "id"), map[string]float64{"ikm": 3.651, "ipak": 3.651}
	for code, want := range map[string]string{"ikm": "91,28", "ipak": "3,65", "ipkp": ""} {
		if got := s.Mean(of, code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

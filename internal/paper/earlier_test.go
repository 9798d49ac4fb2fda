package paper

import (
	"strconv"
	"strings"
	"testing"

	"persepsi/survey"
)

// Offices go on with the sheets that they printed: what an option was called in an earlier
// version of an instrument names it in the later one, where it does not name another there.
func TestLabelsOfEarlierVersionsAreUnderstood(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, in := range lib.Instruments() { // the newest version of each
		for version := 1; version < in.Version; version++ {
			earlier := formOf(t, in.Code+"@"+strconv.Itoa(version))
			for i := range earlier.Questions {
				old, now := &earlier.Questions[i], question(in, earlier.Questions[i].Code)
				if now == nil || len(now.Options) != len(old.Options) {
					continue
				}
				tried += understood(t, in.Ref(), old, now)
			}
		}
	}
	if tried < 150 {
		t.Errorf("%d labels were tried", tried)
	}
}

// understood fails where a question does not understand what an earlier one called its
// options, and returns how many these are.
func understood(t *testing.T, ref string, old, now *survey.Question) int {
	t.Helper()
	for _, o := range old.Options {
		label, want := o.Label["id"], o.Value
		for _, other := range now.Options {
			if key(other.Label["id"]) == key(label) {
				want = other.Value // it is called so now
			}
		}
		for _, text := range []string{label, strings.ToUpper(label)} {
			if got := answer(now, text); got.answer != want || got.fault != "" {
				t.Errorf("%s %s: %q of an earlier version is %+v, want %d", ref, now.Code, text, got, want)
			}
		}
	}
	return len(old.Options)
}

func question(in *survey.Instrument, code string) *survey.Question {
	for i := range in.Questions {
		if in.Questions[i].Code == code {
			return &in.Questions[i]
		}
	}
	return nil
}

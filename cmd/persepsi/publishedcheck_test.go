package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	out := map[string]any{}
	if err := dec.Decode(&out); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out
}

// at walks into a JSON value by names and positions; nil where it ends.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func checkPublished(t *testing.T, c *publishedCase, report map[string]any) {
	t.Helper()
	unit := at(report, "units", 0)
	indexes, _ := at(unit, "indexes").(map[string]any)
	if len(indexes) != len(c.Indexes) {
		t.Errorf("%s: %d indexes, want %d", c.Code, len(indexes), len(c.Indexes))
	}
	for code, want := range c.Indexes {
		got := indexes[code]
		near(t, c.Code+" "+code+" value", at(got, "value"), want.Value)
		near(t, c.Code+" "+code+" mean", at(got, "mean"), want.Mean)
		told := fmt.Sprint(at(got, "shown"), at(got, "mutu"), at(got, "n"), at(got, "method"))
		if wanted := fmt.Sprint(any(want.Shown), any(want.Mutu), any(want.N), any(want.Method)); told != wanted {
			t.Errorf("%s %s: got %s, want %s", c.Code, code, told, wanted)
		}
		aspects, _ := at(got, "aspects").([]any)
		if len(aspects) != len(want.Sums) {
			t.Errorf("%s %s: %d aspects, want %d", c.Code, code, len(aspects), len(want.Sums))
		}
		for _, a := range aspects {
			sum := want.Sums[fmt.Sprint(at(a, "code"))]
			if fmt.Sprintf("[%v %v]", at(a, "sum"), at(a, "n")) != fmt.Sprint(sum) {
				t.Errorf("%s %s %v: sum and n are %v and %v, want %v", c.Code, code, at(a, "code"), at(a, "sum"), at(a, "n"), sum)
			}
		}
	}
	for _, row := range []string{"I.a", "I.b", "I", "II", "pengungkit", "total"} {
		if want, ok := c.Points[row]; ok {
			near(t, c.Code+" "+row, at(unit, "lke", row, "points"), want)
		} else if got := at(unit, "lke", row); got != nil {
			t.Errorf("%s: %s has points, but something of it is missing: %v", c.Code, row, got)
		}
	}
	for name, want := range map[string]*wantedVerdict{"wbk": c.WBK, "wbbm": c.WBBM} {
		checkVerdict(t, c.Code+" "+name, at(unit, "lke", name), want)
	}
}

// checkVerdict: without a wanted verdict no test fails and some input is
// missing.
func checkVerdict(t *testing.T, what string, got any, want *wantedVerdict) {
	t.Helper()
	var passed any
	failing := []string{}
	if want != nil {
		passed, failing = want.Passed, want.Failing
	}
	if at(got, "passed") != passed {
		t.Errorf("%s: passed is %v, want %v", what, at(got, "passed"), passed)
	}
	failed, missing := []string{}, 0
	tests, _ := at(got, "tests").([]any)
	for _, test := range tests {
		switch at(test, "passed") {
		case false:
			failed = append(failed, fmt.Sprint(at(test, "row")))
		case nil:
			missing++
			if at(test, "missing") != true {
				t.Errorf("%s: %v is neither passed nor failed nor missing", what, at(test, "row"))
			}
		}
	}
	if !slices.Equal(failed, failing) {
		t.Errorf("%s: %v fail, want %v", what, failed, failing)
	}
	if want == nil && missing == 0 {
		t.Errorf("%s: nothing is missing", what)
	}
}

// near compares a JSON number with an exact fraction: they must agree to twelve
// digits, which is what the number of a JSON document can carry.
func near(t *testing.T, what string, got any, want string) {
	t.Helper()
	wanted, ok := new(big.Rat).SetString(want)
	if !ok {
		t.Fatalf("%s: %q is no fraction", what, want)
	}
	number, _ := got.(json.Number)
	x, ok := new(big.Rat).SetString(number.String())
	if !ok {
		t.Errorf("%s: got %v, want %s", what, got, wanted.FloatString(9))
		return
	}
	off := new(big.Rat).Sub(x, wanted)
	if bound := new(big.Rat).Mul(wanted, big.NewRat(1, 1e12)); off.Abs(off).Cmp(bound) > 0 {
		t.Errorf("%s: got %s, want %s", what, number, wanted.FloatString(12))
	}
}

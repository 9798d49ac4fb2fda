package survey

import (
	"slices"
	"strings"
	"testing"
)

func TestWhichMethodsFitAnIndex(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	for _, tc := range []struct {
		form, index, method string
		want                string // the method's reference, or a part of the error
		others              []string
	}{
		{"skm-9@1", "ikm", "exact", "exact@1", []string{"w0.11", "w0.111", "w0.1111"}},
		{"skm-9@1", "ikm", "w0.111", "w0.111@1", []string{"exact", "w0.11", "w0.1111"}},
		{"skm-9@1", "ikm", "w0.11@1", "w0.11@1", []string{"exact", "w0.111", "w0.1111"}},
		{"skm-9@1", "ikm", "ratio", "(known: exact, w0.11, w0.111, w0.1111)", nil},
		{"skm-14@1", "ikm", "w0.071", "w0.071@1", []string{"exact"}},
		{"skm-14@1", "ikm", "w0.11", "is for 9 aspects, index ikm has 14", nil},
		{"spak-5@1", "ipak", "exact", "exact@1", nil},
		{"spak-5@1", "ipak", "w0.11", "is for 9 aspects, index ipak has 5", nil},
		{"spak-5@1", "ipak", "w0.11@1", "is for 9 aspects, index ipak has 5", nil},
		{"skm-9@1", "ikm", "w0.071", "is for 14 aspects, index ikm has 9", nil},
		{"spak-5@1", "ipak", "best", "(known: exact)", nil},
		{"spak-5-s6@1", "ipak", "linear", "linear@1", []string{"ratio"}},
	} {
		form, err := lib.Form(tc.form)
		if err != nil {
			t.Fatal(err)
		}
		x := &form.Index(tc.index).Index
		m, err := methods.For(x, tc.method)
		if err != nil {
			if reference := !strings.Contains(tc.want, " "); reference || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s of %s: error %q, want %q", tc.method, tc.form, err, tc.want)
			}
			continue
		}
		if m.Ref() != tc.want {
			t.Errorf("%s of %s is %s, want %s", tc.method, tc.form, m.Ref(), tc.want)
		}
		var others []string
		for _, o := range methods.Alternatives(x, len(x.Aspects), m) {
			others = append(others, o.Name)
		}
		if !slices.Equal(others, tc.others) {
			t.Errorf("beside %s of %s: %v, want %v", tc.method, tc.form, others, tc.others)
		}
	}
}

func TestAWrongMethodCannotBeShipped(t *testing.T) {
	t.Parallel()
	const good = `- {name: exact, version: 1, scale: 4, slope: "1", offset: "0", valid_from: 2017-06-06}`
	if _, err := parseMethods([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ old, with, want string }{
		{good, "name: [", "read methods"},
		{"2017-06-06", "2017-06-31", "method exact"},
		{`slope: "1"`, `slope: "one"`, "no number"},
		{`slope: "1", `, "", "slope and offset are required"},
		{`slope: "1"`, `weight: "0.2", slope: "1"`, "for no number of aspects"},
		{`slope: "1"`, `weight: "0.2", aspects: 5, slope: "1"`, "no method takes its place"},
		{`, offset: "0"`, "", "slope and offset are required"},
	} {
		if _, err := parseMethods([]byte(strings.Replace(good, tc.old, tc.with, 1))); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q instead of %q: error %v, want %q", tc.with, tc.old, err, tc.want)
		}
	}
}

func TestAPrintedWeightHoldsForItsNumberOfAspectsAlone(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	form, err := lib.Form("skm-9@1")
	if err != nil {
		t.Fatal(err)
	}
	x := &form.Index("ikm").Index
	printed, err := methods.For(x, "w0.11")
	if err != nil {
		t.Fatal(err)
	}
	if m := methods.Used(printed, 9); m != printed {
		t.Errorf("nine of nine are computed by %s", m.Ref())
	}
	for k := 1; k < 9; k++ {
		m := methods.Used(printed, k)
		if m.Ref() != "exact@1" {
			t.Errorf("%d of nine are computed by %s", k, m.Ref())
		}
		if others := methods.Alternatives(x, k, m); len(others) > 0 {
			t.Errorf("%d of nine have %d lines of other methods", k, len(others))
		}
	}
}

package survey

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestAFaultHidesThoseWithinItsPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		path, other string
		want        bool
	}{
		{"answers", "answers", true},
		{"answers.biaya", "answers", true},
		{"units[3]", "units", true},
		{"units[3].code", "units[3]", true},
		{"answers", "answers.biaya", false},
		{"answers.biayaku", "answers.biaya", false},
	} {
		if got := within(tc.path, tc.other); got != tc.want {
			t.Errorf("%s within %s: %v, want %v", tc.path, tc.other, got, tc.want)
		}
	}
	shape := []Fault{{Field: "units[3].code"}, {Field: "city"}}
	meaning := []Fault{{Field: "units[3]"}, {Field: "city.name"}, {Field: "units[4]"}}
	got := withoutConsequences(shape, meaning)
	if len(got) != 3 || got[2].Field != "units[4]" {
		t.Errorf("faults %v, want those of the shape and units[4]", got)
	}
}

func TestMoreFaultsAreToldOnlyWhereThereAreMore(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, maxFaults: maxFaults, maxFaults + 1: maxFaults + 1, 2 * maxFaults: maxFaults + 1} {
		got := capFaults(slices.Repeat([]Fault{{Code: "required"}}, n))
		if len(got) != want || (n > maxFaults) != slices.ContainsFunc(got, func(f Fault) bool { return f.Code == "more_faults" }) {
			t.Errorf("of %d faults %d are told, want %d", n, len(got), want)
		}
	}
}

func TestAnErrorTellsItsMessageFaultsAndCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	e := &Error{Code: Unavailable, Message: "the store is full", Faults: []Fault{{Field: "lang", Message: "must be id or en"}}, Cause: cause}
	if got, want := e.Error(), "the store is full\n  lang: must be id or en: disk full"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	if got := Errorf(NotFound, "no point %s", "DK01").Error(); got != "no point DK01" {
		t.Errorf("error %q, want the message alone", got)
	}
	if !errors.Is(e, cause) {
		t.Error("the cause is not found")
	}
}

func TestANameInAFaultIsShortAndPrintable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"biaya": "biaya", "a\x1b[1m": "a?[1m", "a\xffb": "a?b", "a\nb": "a?b",
		strings.Repeat("é", 40): strings.Repeat("é", 40),
		strings.Repeat("é", 41): strings.Repeat("é", 40) + "…",
	} {
		if got := Printable(s); got != want {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
}

func TestAPastedTextIsOfSignsThatPeopleSee(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ text, want string }{
		{"Loket\u00a01", "Loket 1"}, {"pe\u00adlayanan", "pelayanan"}, {"\ufeffSK\u200b Tim\u2003baru", "SK Tim baru"}, {"a\nb\tc é", "a\nb\tc é"}, {"a\x00b", "a\x00b"}, {"a\u202eb", "a\u202eb"},
	} {
		if got := Plain(one.text); got != one.want {
			t.Errorf("%q is %q, want %q", one.text, got, one.want)
		}
	}
}

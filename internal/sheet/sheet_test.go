package sheet_test

import (
	"testing"

	"persepsi/analytics"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

func TestAMarkIsThatOfTheNewestReleaseOrOutdoneOrOfNoPrint(t *testing.T) {
	t.Parallel()
	begun := []*survey.Period{{Code: "v2.new", From: 200}, {Code: "old", From: 100}}
	newest := &analytics.ReleasedTally{Serial: 3}
	for _, tc := range []struct {
		mark   string
		shown  *survey.Period
		newest *analytics.ReleasedTally
		want   sheet.Age
	}{
		{sheet.Mark("v2.new", newest), begun[0], newest, sheet.Newest},
		{"v2.new.2", begun[0], newest, sheet.Outdone},
		{"old.9", begun[0], newest, sheet.Outdone},
		{"v2.new.4", begun[0], newest, sheet.Unknown},
		{"v2.new.1", begun[1], newest, sheet.Unknown},
		{"v2.new.0", begun[0], newest, sheet.Unknown},
		{"v2.new", begun[0], newest, sheet.Unknown},
		{"old.99999999999999999999", begun[0], newest, sheet.Unknown},
		{"never.1", begun[0], newest, sheet.Unknown},
		{"3", begun[0], newest, sheet.Unknown},
		{"old.1", begun[0], nil, sheet.Unknown},
		{"old.1", nil, newest, sheet.Unknown},
	} {
		if got := sheet.AgeOf(tc.mark, begun, tc.shown, tc.newest); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.mark, got, tc.want)
		}
	}
}

func TestAPrintLeadsToTheNewestFiguresAndNamesItsRelease(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, want string
		printed    *analytics.ReleasedTally
	}{
		{"of a release", "https://kota.example/hasil/pkm?terbit=v2.new.3", &analytics.ReleasedTally{Serial: 3}},
		{"without one", "https://kota.example/hasil/pkm?period=v2.new", nil},
	} {
		if got := sheet.LeadsTo("https://kota.example", "pkm", "v2.new", tc.printed); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

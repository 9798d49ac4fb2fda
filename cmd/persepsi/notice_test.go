package main

import (
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

func TestApplyTellsWhatTheNoticeLacksAndWhatItsChangeMeans(t *testing.T) {
	t.Parallel()
	city := func(n survey.Notice) *survey.Catalogue {
		return &survey.Catalogue{Version: 1, City: survey.City{Name: "Kota", Notice: n}, Periods: []survey.Period{
			{Code: "old", To: survey.NewDate(2024, 6, 30)}, {Code: "empty", To: survey.NewDate(2024, 6, 30)}, {Code: "now", To: survey.NewDate(2026, 6, 30)},
		}}
	}
	of := func(basis survey.Basis, months int) survey.Notice {
		return survey.Notice{Basis: basis, RetentionMonths: months, Phone: "112233"}
	}
	for _, tc := range []struct {
		name          string
		before, after survey.Notice
		answered      bool
		want          []string
	}{
		{"nothing changes", of("", 24), of("", 24), true, nil},
		{"neither contact nor limit", of("", 0), survey.Notice{}, true, []string{"contact: there is none", "retention_months: there is none"}},
		{"no contact", of("", 240), survey.Notice{RetentionMonths: 240}, true, []string{"contact: there is none"}},
		{"an e-mail address alone", of("", 240), survey.Notice{Email: "a@b.id", RetentionMonths: 240}, true, nil},
		{"consent, no answers", of("", 24), of(survey.Consent, 24), false, []string{"basis: consent can be withdrawn"}},
		{"consent", of("", 24), of(survey.Consent, 24), true, []string{"basis: consent can be withdrawn", "basis: what is stored rests on public_task and what comes on consent"}},
		{"the task again", of(survey.Consent, 24), of(survey.PublicTask, 24), true, []string{"basis: what is stored rests on consent and what comes on public_task"}},
		{"the default by its name", of("", 24), of(survey.PublicTask, 24), true, nil},
		{"a first limit", of("", 0), of("", 12), true, []string{"retention_months: it is over for old:"}},
		{"a limit that no period has reached", of("", 0), of("", 240), true, nil},
		{"a limit without answers", of("", 0), of("", 12), false, nil},
		{"longer", of("", 12), of("", 240), true, []string{"retention_months: citizens who answered until now were told 12 months"}},
		{"no limit any more", of("", 12), of("", 0), true, []string{"retention_months: there is none", "retention_months: citizens who answered until now were told 12 months"}},
	} {
		got, err := noticeNotes(city(tc.before), city(tc.after), survey.NewDate(2026, 3, 1), func(period string) (bool, error) { return tc.answered && period != "empty", nil })
		if err != nil {
			t.Fatal(err)
		}
		same := slices.EqualFunc(got, tc.want, func(line, want string) bool { return strings.HasPrefix(line, "city.notice."+want) })
		if !same {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
}

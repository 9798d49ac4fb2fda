package citizen

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

func TestAFormsIDTellsInWholeSecondsWhenItWasOpened(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	at := func(opened time.Time) string {
		id := uuid.Must(uuid.NewV7())
		for i, ms := 5, opened.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
			id[i] = byte(ms)
		}
		return id.String()
	}
	for _, tc := range []struct {
		name, id string
		want     time.Time
	}{
		{"a minute ago", at(now.Add(-time.Minute + 999*time.Millisecond)), now.Add(-time.Minute)},
		{"now", at(now), now},
		{"by a clock that was set back since", at(now.Add(time.Millisecond)), time.Time{}},
		{"an id made at random", uuid.NewString(), time.Time{}},
		{"no id", "", time.Time{}},
	} {
		if got := startedAt(tc.id, now); !got.Equal(tc.want) {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestEachFieldOfAFormIsReadAsWhatItIs(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]func(d *survey.Draft){
		"id=x":                func(d *survey.Draft) { d.ID = "x" },
		"service=ktp":         func(d *survey.Draft) { d.Service = "ktp" },
		"lang=en":             func(d *survey.Draft) { d.Lang = "en" },
		"mode=kiosk":          func(d *survey.Draft) { d.Mode = "kiosk" },
		"period=p":            func(d *survey.Draft) { d.Period = "p" },
		"comment=baik":        func(d *survey.Draft) { d.Comment = "baik" },
		"notice=1":            func(d *survey.Draft) { d.Notice = "1" },
		"consent=1":           func(d *survey.Draft) { d.Consent = true },
		"consent=true":        func(d *survey.Draft) { d.Consent = true },
		"consent=on":          func(d *survey.Draft) { d.Consent = true },
		"consent=read":        func(d *survey.Draft) { d.Consent, d.Implied = true, true },
		"consent=0":           func(*survey.Draft) {},
		"t=visit":             func(*survey.Draft) {},
		"switch=en":           func(*survey.Draft) {},
		"nik=1":               func(d *survey.Draft) { d.AddFault("nik", "unknown_field", "is not known here") },
		"answers.a=4":         func(d *survey.Draft) { d.Answers = []survey.Answer{{Question: "a", Value: 4}} },
		"answers.a=null":      func(d *survey.Draft) { d.Answers = []survey.Answer{{Question: "a", Declined: true}} },
		"answers.a=":          func(*survey.Draft) {},
		"answers.a=empat":     func(d *survey.Draft) { d.AddFault("answers.a", "wrong_type", "must be a whole number") },
		"respondent.sex=P":    func(d *survey.Draft) { d.Respondent = []survey.Characteristic{{Field: "sex", Category: "P"}} },
		"respondent.sex=":     func(*survey.Draft) {},
		"respondent.x=answer": func(d *survey.Draft) { d.Respondent = []survey.Characteristic{{Field: "x", Category: "answer"}} },
	} {
		name, value, _ := strings.Cut(field, "=")
		got, wanted := new(survey.Draft), new(survey.Draft)
		readField(got, name, []byte(value))
		if want(wanted); !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s: %+v, want %+v", field, got, wanted)
		}
	}
}

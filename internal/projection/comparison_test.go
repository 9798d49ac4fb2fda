package projection

import (
	"context"
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

// listed is a scan of a unit's documents and answers.
type listed struct {
	docs  map[analytics.Key][]byte
	parts []Part
	rows  map[survey.Date]*survey.Response
}

func (l *listed) Scope() analytics.TallyFilter                     { return analytics.TallyFilter{Period: "p"} }
func (l *listed) Parts(context.Context) ([]Part, error)            { return l.parts, nil }
func (l *listed) Unchanged(context.Context) (bool, error)          { return true, nil }
func (l *listed) Discard(context.Context) ([]analytics.Key, error) { return nil, nil }

func (l *listed) Starts(context.Context) (out []Start, err error) {
	for k := range l.docs {
		out = append(out, Start{k.Level, k.Start})
	}
	return out, nil
}

func (l *listed) Docs(_ context.Context, s Selection, fn func(analytics.Key, Doc) error) error {
	for k, data := range l.docs {
		if k.Level != s.Level || k.Start < s.From || k.Start >= s.Before {
			continue
		}
		if err := fn(k, Doc{Tally: data}); err != nil {
			return err
		}
	}
	return nil
}

func (l *listed) Count(_ context.Context, p Part, to Sink) error {
	for day, row := range l.rows {
		if day < p.From || day >= p.Before {
			continue
		}
		t, err := to(analytics.KeyOf(row))
		if err != nil {
			return err
		}
		if err := t.Add(row); err != nil {
			return err
		}
	}
	return nil
}

// A document that no answer stands for is found wherever it begins: where nothing is counted,
// right beside what is, and where no document of its level can begin.
func TestEveryDocumentOfNothingIsFound(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	day := survey.NewDate(2026, 3, 10)
	row := func(day survey.Date) *survey.Response {
		u.answer(survey.ModeQR, u.all(3)...)
		r := u.answers[len(u.answers)-1].Response
		r.Day = day
		return r
	}
	scan := &listed{docs: map[analytics.Key][]byte{}, parts: []Part{{day, day + 5}, {day + 7, day + 9}}, rows: map[survey.Date]*survey.Response{day: row(day), day + 7: row(day + 7)}}
	p := &pool{forms: u.forms, spare: map[string][]*analytics.Tally{}}
	for _, r := range scan.rows {
		k := analytics.KeyOf(r)
		for _, k := range append(k.Rollups(), k) {
			t := analytics.NewTally(u.form)
			for _, r := range scan.rows {
				if k.Level != analytics.LevelDay || r.Day == k.Start {
					_ = t.Add(r)
				}
			}
			scan.docs[k] = t.Encode()
		}
	}
	compared := func() []analytics.Key {
		t.Helper()
		c := newComparison(p, scan, nil)
		if err := c.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c.buckets != 2 || c.responses != 2 || len(c.unseen) != 0 {
			t.Errorf("%d buckets with %d answers are counted, and %v were not seen", c.buckets, c.responses, c.unseen)
		}
		slices.SortFunc(c.differing, analytics.Key.Compare)
		return c.differing
	}
	if got := compared(); len(got) != 0 {
		t.Fatalf("differing are %v", got)
	}
	var nothing []analytics.Key
	for level, starts := range map[analytics.Level][]survey.Date{
		analytics.LevelDay:    {0, day - 1, day + 1, day + 5, day + 6, day + 9, day.Month() - 1, day + 60},
		analytics.LevelMonth:  {0, day, day + 5, day + 7, day.Month() + 1, day.Month() - 28, (day + 31).Month()},
		analytics.LevelPeriod: {1, day, day + 5, day.Month()},
	} {
		for _, start := range starts {
			k := analytics.Key{Period: "p", Unit: "u", Form: u.form.ID, Level: level, Start: start}
			nothing, scan.docs[k] = append(nothing, k), []byte{1}
		}
	}
	slices.SortFunc(nothing, analytics.Key.Compare)
	if got := compared(); !slices.Equal(got, nothing) {
		t.Errorf("differing are %v, want %v", got, nothing)
	}
}

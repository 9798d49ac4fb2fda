package storetest

import (
	"context"
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// scanRecorder is a store that notes what was counted anew.
type scanRecorder struct {
	Store
	of []analytics.TallyFilter
}

func (s *scanRecorder) Scans(ctx context.Context, f analytics.TallyFilter, fn func(projection.Scan) error) error {
	s.of = append(s.of, f)
	return s.Store.Scans(ctx, f, fn)
}

// mendedAlone damages tallies of one unit and of two: one unit's are counted anew alone, for
// beside some stores a period takes an hour. Where there is more, all of the period is.
func mendedAlone(t *testing.T, e Engine) {
	s := &scanRecorder{Store: e.New(t)()}
	t.Cleanup(func() { _ = s.Close() })
	p := projection.New(s, Library(t))
	o := &OpenStore{s, p}
	m := NewMaker(t, 31)
	list := m.Batch(60)
	mustAppend(t, o, list)
	mustSettle(t, o)
	want := Count(t, m.form, list)
	var totals []analytics.Key
	for k := range want {
		if k.Level == analytics.LevelPeriod && k.Period == list[0].Period {
			totals = append(totals, k)
		}
	}
	slices.SortFunc(totals, analytics.Key.Compare)
	first, second := totals[0], totals[1]
	alone := func(k analytics.Key) analytics.TallyFilter {
		return analytics.TallyFilter{Period: k.Period, Unit: k.Unit}
	}
	two := []analytics.TallyFilter{alone(first), {Period: first.Period}}
	if e.Alone { // such a store reads a period in one go, and has both by the first
		two = two[:1]
	}
	day := func(k analytics.Key) analytics.Key {
		i := slices.IndexFunc(list, func(r *survey.Response) bool { return r.Period == k.Period && r.Unit == k.Unit })
		return analytics.KeyOf(list[i])
	}
	refresh := func() error { return p.Refresh(t.Context()) }
	for _, c := range []struct {
		what  string
		spoil []analytics.Key
		do    func() error
		want  []analytics.TallyFilter
	}{
		{"totals that a refresh reads", []analytics.Key{first}, refresh, []analytics.TallyFilter{alone(first)}},
		{"totals of two units", []analytics.Key{first, second}, refresh, two},
		{"totals that somebody asked for as they are saved", []analytics.Key{second}, func() error {
			if _, err := p.Saved(t.Context(), second); survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("what can't be read is told as %v", err)
			}
			return refresh()
		}, []analytics.TallyFilter{alone(second)}},
		{"a tally that is asked for", []analytics.Key{second}, func() error {
			_, err := p.Tally(t.Context(), second)
			return err
		}, []analytics.TallyFilter{alone(second)}},
		{"a day", []analytics.Key{day(second)}, func() error {
			_, err := p.Days(t.Context(), analytics.DaysOf{Period: second.Period, Form: second.Form, Before: 1 << 20})
			return err
		}, []analytics.TallyFilter{alone(second)}},
	} {
		for _, k := range c.spoil {
			e.Spoil(t, s.Store, k, damage())
		}
		p = projection.New(s, Library(t))
		s.of = nil
		if err := c.do(); err != nil || !slices.Equal(s.of, c.want) {
			t.Errorf("%s: err = %v; counted anew are %+v, want %+v", c.what, err, s.of, c.want)
		}
		CheckTallies(t, o, want)
	}
}

package reporting_test

import (
	"context"
	"fmt"
	"testing"

	"persepsi/internal/comment"
	"persepsi/internal/manuscript"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// shownComments shows every comment but that of serial 1, and counts how often it is asked.
type shownComments struct{ asked int }

func (s *shownComments) One(_ context.Context, at comment.Place, k comment.Key) (*comment.Item, error) {
	s.asked++
	if k.Serial == 1 {
		return nil, survey.Errorf(survey.NotFound, "there is no such comment")
	}
	return &comment.Item{Period: at.Period, Unit: at.Unit, Key: k}, nil
}

func TestAQuoteThatMayNotBeShownAnyMoreIsLeftOut(t *testing.T) {
	t.Parallel()
	text := &manuscript.Manuscript{Place: manuscript.Place{Period: "p", Unit: "u"}, Comments: []string{"2-0-9f0a11c2", "1-0-9f0a11c2", "no key", "2-0-9f0a11c2", "2-1-9f0a11c2"}}
	s := &shownComments{}
	got, err := reporting.Quoted(t.Context(), s, text)
	if err != nil || len(got) != 2 || got[0].Key.Place != 0 || got[1].Key.Place != 1 || got[0].Unit != "u" || s.asked != 3 {
		t.Errorf("quoted %v, err = %v, asked %d times; want two of the unit, each once", got, err, s.asked)
	}
}

func TestAFormCannotAskForMoreQuotesThanAReportHolds(t *testing.T) {
	t.Parallel()
	text := &manuscript.Manuscript{}
	for i := range 1000 {
		text.Comments = append(text.Comments, fmt.Sprintf("2-%d-9f0a11c2", i))
	}
	s := &shownComments{}
	if _, err := reporting.Quoted(t.Context(), s, text); err != nil || s.asked != manuscript.MostComments {
		t.Errorf("asked for %d, err = %v; want %d", s.asked, err, manuscript.MostComments)
	}
}

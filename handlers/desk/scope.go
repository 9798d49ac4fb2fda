package desk

import (
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
	"persepsi/internal/report"
	"persepsi/survey"
)

// What isn't there and what is somebody else's are refused in the same words: who asks
// learns nothing of what exists.
var (
	errNoUnit   = survey.Errorf(survey.NotFound, "there is no such unit on this desk")
	errNoAgency = survey.Errorf(survey.NotFound, "there is no such agency on this desk")
	errNoPeriod = survey.Errorf(survey.NotFound, "there is no such period on this desk")
)

// layout is what every page of the desk has: the desk of who asks, and the bar above it.
type layout struct {
	site  *web.Site
	desks *desk.Builder
}

// deskOf returns somebody's desk, with each unit in a period, or in its main one where
// that is empty. Errors: NotFound for a period that no unit on it takes part in;
// report.ErrNotLoaded.
func (l *layout) deskOf(who access.Actor, period string) (*desk.Desk, error) {
	d := l.desks.Desk().For(who)
	if d.Late != nil && d.Late.Since.IsZero() {
		return nil, report.ErrNotLoaded
	}
	if period == "" {
		return d, nil
	}
	in, ok := d.In(period)
	if !ok {
		return nil, errNoPeriod
	}
	return in, nil
}

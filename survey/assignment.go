package survey

import "time"

// Assignment is what an answer belongs to: a place, the period and its form. A
// scan leads to one with a point; paper is entered for a unit, without one.
type Assignment struct {
	Place
	Period *Period
	Form   *Form

	late bool  // the period is over; the form was opened before
	city *City // whose notice is read; nil where it was, as with an answer that is stored
}

// Resolve finds the form that is open at a point. period chooses one of several
// running periods; empty takes the one that began last. Errors: NotFound for an
// unknown period, Closed where the point or the period isn't open.
func (d *Directory) Resolve(point Place, period string, now time.Time) (Assignment, error) {
	if point.Closed() {
		return Assignment{Place: point}, Errorf(Closed, "this service point is closed")
	}
	return d.open(point, period, now)
}

// open is Resolve for a place that is not closed, or was not.
func (d *Directory) open(point Place, period string, now time.Time) (Assignment, error) {
	a := Assignment{Place: point, city: d.City()}
	if _, ok := d.Period(period); !ok && period != "" {
		return a, Errorf(NotFound, "there is no such survey period")
	}
	today := d.Today(now)
	for i := range d.catalogue.Periods {
		p := &d.catalogue.Periods[i]
		if (period == "" || p.Code == period) && p.Contains(today) && p.Covers(point.Unit.Code) && (a.Period == nil || p.From > a.Period.From) {
			a.Period = p
		}
	}
	if a.Period == nil {
		return a, Errorf(Closed, "no survey is open at this service point today")
	}
	a.Form = d.forms[a.Period.Code]
	return a, nil
}

// ResolveDraft finds the form that an arriving draft answers: the one that is
// open now, or the one that was open when the draft's form was opened, if its
// period ended less than Grace ago. Such an answer belongs to that period, and
// counts on its last day. Errors are those of Resolve.
func (d *Directory) ResolveDraft(draft *Draft, point Place, now time.Time) (Assignment, error) {
	if point.Closed() {
		return d.Resolve(point, draft.Period, now)
	}
	if opened := draft.OpenedAt(); !opened.IsZero() {
		// The unit that it was at until now may be closed since: that is no reason
		// to turn away who had begun.
		point = d.placeAt(opened, now, point)
		a, err := d.open(point, draft.Period, opened)
		if err == nil {
			if end := a.Period.End(d.zone); !now.Before(end) && now.Before(end.Add(Grace)) {
				a.late = true
				return a, nil
			}
		}
	}
	return d.open(point, draft.Period, now)
}

// IsRetry reports whether a draft is a stored answer sent again from its point,
// whatever has changed since: the period may be over, a newer one running, a
// service added, the point moved to another unit. The first reply was lost, and the answer must not be.
func (d *Directory) IsRetry(draft *Draft, point Place, stored *Response) bool {
	period, ok := d.Period(stored.Period)
	if !ok {
		return false
	}
	form, err := d.library.FormByID(stored.Form)
	if err != nil {
		return false
	}
	again := *draft
	again.faults = nil // what could not be read was not stored either
	if again.Service == "" {
		again.Service = stored.Service
	}
	a := Assignment{Place: d.placeOf(stored, point), Period: period, Form: form}
	r, faults := a.Check(&again, d.zone, stored.ReceivedAt)
	return len(faults) == 0 && r.Same(stored)
}

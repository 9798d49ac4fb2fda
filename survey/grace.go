package survey

import (
	"time"

	"github.com/google/uuid"
)

// Grace is how long after a period's end an answer is still taken whose form
// was opened before it: who began in time is not turned away for having
// thought about the last question. What is final of a period waits as long.
const Grace = 30 * time.Minute

// End returns the instant at which the period is over in a time zone: the
// midnight after its last day.
func (p *Period) End(zone *time.Location) time.Time { return (p.To + 1).In(zone) }

// OpenedAt returns when a draft's form was opened, as far as the draft tells:
// the time within its id (a UUIDv7, made with the form or, by some clients, when
// it is sent) or StartedAt, whichever is earlier. Zero where neither tells. It is
// what a client says: nothing but Grace leans on it.
func (d *Draft) OpenedAt() time.Time {
	opened, ok := OpenedWith(d.ID)
	if !ok || !d.StartedAt.IsZero() && d.StartedAt.Before(opened) {
		return d.StartedAt
	}
	return opened
}

// OpenedWith returns the time within an id, in UTC with millisecond precision;
// false where the id is no UUIDv7.
func OpenedWith(id string) (time.Time, bool) {
	u, err := uuid.Parse(id)
	if err != nil || u.Version() != 7 {
		return time.Time{}, false
	}
	ms := int64(0)
	for _, b := range u[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC(), true
}

// SitFor finds the form that an arriving draft answers: the one that is open
// now, or the one that was open when the draft's form was opened, if its period
// ended less than Grace ago. Such an answer belongs to that period, and counts
// on its last day. Errors are those of Sit.
func (d *Directory) SitFor(draft *Draft, code, period string, now time.Time) (Sitting, error) {
	if opened := draft.OpenedAt(); !opened.IsZero() {
		s, err := d.Sit(code, period, opened)
		if err == nil {
			if end := s.Period.End(d.zone); !now.Before(end) && now.Before(end.Add(Grace)) {
				s.late = true
				return s, nil
			}
		}
	}
	return d.Sit(code, period, now)
}

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
	opened, ok := TimeOfID(d.ID)
	if !ok || !d.StartedAt.IsZero() && d.StartedAt.Before(opened) {
		return d.StartedAt
	}
	return opened
}

// TimeOfID returns the time within an id, in UTC with millisecond precision;
// false where the id is no UUIDv7.
func TimeOfID(id string) (time.Time, bool) {
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

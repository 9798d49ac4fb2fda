package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/survey"
)

// Finder finds stored responses by their ids.
type Finder interface {
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
}

// taken is what became of a submission.
type taken struct {
	at       survey.Sitting // for the form that comes back; its place may be all there is
	response *survey.Response
	outcome  survey.Outcome
	held     bool // not taken, and another answer is stored under its id
}

// take stores a submission of a point, by whichever way it came. Its shape's
// faults are told with those of its meaning. What is refused but was stored
// before (a retry after the period's end, say) is a duplicate and no error.
func (s *server) take(c *fiber.Ctx, d *survey.Directory, in *submission, faults []survey.Fault) (taken, error) {
	t, err := s.takeNew(c, d, in, faults)
	if err == nil {
		return t, nil
	}
	prior := s.prior(c, in)
	point, ok := d.Point(c.Params("point"))
	if prior != nil && ok && d.Repeats(in.draft(), point, prior) {
		t.response, t.outcome = prior, survey.Outcome{Result: survey.Duplicate, ReceivedAt: prior.ReceivedAt}
		return t, nil
	}
	t.held = prior != nil
	return t, err
}

// prior returns what is stored under a submission's id, nil where that is
// nothing or nobody can tell now.
func (s *server) prior(c *fiber.Ctx, in *submission) *survey.Response {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil
	}
	stored, err := s.held(c, id)
	if err != nil {
		return nil
	}
	return stored
}

func (s *server) takeNew(c *fiber.Ctx, d *survey.Directory, in *submission, faults []survey.Fault) (t taken, err error) {
	now, draft := s.Now(), in.draft()
	if t.at, err = d.SitFor(draft, c.Params("point"), in.Period, now); err != nil {
		return t, err
	}
	response, meaning := t.at.Check(draft, d.Zone(), now)
	if faults = merged(faults, s.shapes.check(in), meaning); len(faults) > 0 {
		return t, survey.Faulty("the response has faults; nothing was stored", faults)
	}
	if err := s.limiter.allow(c, s.peers.of(c), t.at.Point.Code); err != nil {
		return t, err
	}
	t.response = response
	t.outcome, err = s.Submit.Submit(c.UserContext(), response)
	return t, err
}

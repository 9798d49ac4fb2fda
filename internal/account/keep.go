package account

import (
	"context"
	"math"
	"slices"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// reduce is change for what may take an administrator away from the city. The last one
// stays: whoever is open and has the role on the city for the longest. It looks before
// and after the change is stored: two who take each other's right away at the same time
// each see one administrator left, and who finds none afterwards takes the own change
// back.
func (a *Service) reduce(ctx context.Context, by, id string, fn func(*access.Person) ([]audit.Entry, error)) (*access.Person, error) {
	var was access.Person
	p, err := a.change(ctx, id, func(p *access.Person) ([]audit.Entry, error) {
		was = *p
		was.Grants = slices.Clone(p.Grants)
		said, err := fn(p)
		if err != nil {
			return nil, err
		}
		return said, a.keepsAdmin(ctx, &was, p)
	})
	if err != nil || p.Version == was.Version {
		return p, err
	}
	refused := a.keepsAdmin(ctx, &was, p)
	if survey.CodeOf(refused) != survey.Conflict {
		return p, refused
	}
	if _, err := a.change(ctx, id, func(p *access.Person) ([]audit.Entry, error) {
		action := audit.Grant
		if !p.Open() {
			action = audit.EnablePerson
		}
		said := a.entry(by, action, p)
		said.Detail += ": the city had no administrator any more"
		said.Changes = changesOf(p.Grants, was.Grants)
		p.Disabled, p.Grants = was.Disabled, was.Grants
		return []audit.Entry{said}, nil
	}); err != nil {
		return nil, err
	}
	return nil, refused
}

// keepsAdmin refuses a change of a person after which the city would be without an
// administrator, or earlier than it would be without the change.
func (a *Service) keepsAdmin(ctx context.Context, before, after *access.Person) error {
	now := a.moment()
	was, is := adminUntil(before, now), adminUntil(after, now)
	if is >= was {
		return nil
	}
	people, err := a.store.People(ctx)
	if err != nil {
		return err
	}
	for i := range people {
		if people[i].ID != before.ID && adminUntil(&people[i], now) >= was {
			return nil
		}
	}
	return survey.Errorf(survey.Conflict, "%s is the city's last administrator, or the one for the longest; make somebody else an administrator of the city first, for as long", before.Email)
}

// adminUntil returns until when somebody can be an administrator of the city, in
// milliseconds since 1970: 0 where they are none now. The place that is kept for a first
// administrator who never came is none.
func adminUntil(p *access.Person, now time.Time) int64 {
	until := int64(0)
	if !p.Open() || isPlace(p) {
		return 0
	}
	for _, g := range p.Grants {
		switch {
		case g.Role != access.Admin || !g.Scope.IsCity() || !g.InForce(now):
		case g.Until.IsZero():
			return math.MaxInt64
		default:
			until = max(until, g.Until.UnixMilli())
		}
	}
	return until
}

// changesOf tells which grants came, went or got another end.
func changesOf(before, after []access.Grant) []audit.Change {
	var out []audit.Change
	for _, g := range before {
		if !slices.ContainsFunc(after, func(o access.Grant) bool { return same(o, g) }) {
			out = append(out, audit.Change{What: "granted", Before: g.String()})
		}
	}
	for _, g := range after {
		if !slices.ContainsFunc(before, func(o access.Grant) bool { return same(o, g) }) {
			out = append(out, audit.Change{What: "granted", After: g.String()})
		}
	}
	return out
}

func same(a, b access.Grant) bool {
	return a.Role == b.Role && a.Scope == b.Scope && a.Until.Equal(b.Until)
}

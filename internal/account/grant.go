package account

import (
	"context"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Grant gives a person a role on a scope; where they have it already, it ends when the
// new one does. NotFound: nobody has the address. Conflict: the account is closed, or the
// end would leave the city without an administrator earlier than it would be otherwise.
func (a *Service) Grant(ctx context.Context, by, email string, g access.Grant) (access.Person, error) {
	p, err := a.byEmail(ctx, email)
	if err != nil {
		return access.Person{}, err
	}
	p, err = a.reduce(ctx, by, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		if !p.Open() {
			return nil, closed(p)
		}
		after, before := access.WithGrant(p.Grants, g)
		said, change := a.entry(by, audit.Grant, p), audit.Change{What: "granted", After: g.String()}
		if before != nil {
			change.Before = before.String()
		}
		said.Changes, p.Grants = []audit.Change{change}, after
		return []audit.Entry{said}, nil
	})
	if err != nil {
		return access.Person{}, err
	}
	return *p, nil
}

// Withdraw takes a role on a scope from a person, with effect on their next request.
// NotFound: nobody has the address, or they have no such role. Conflict: they are the
// city's last administrator.
func (a *Service) Withdraw(ctx context.Context, by, email string, role access.Role, on access.Scope) (access.Person, error) {
	p, err := a.byEmail(ctx, email)
	if err != nil {
		return access.Person{}, err
	}
	p, err = a.reduce(ctx, by, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		after, gone := access.WithoutGrant(p.Grants, role, on)
		if gone == nil {
			return nil, survey.Errorf(survey.NotFound, "%s was not granted the role %s on %s", p.Email, role, on)
		}
		said := a.entry(by, audit.Withdraw, p)
		said.Changes = []audit.Change{{What: "granted", Before: gone.String()}}
		p.Grants = after
		return []audit.Entry{said}, nil
	})
	if err != nil {
		return access.Person{}, err
	}
	return *p, nil
}

func closed(p *access.Person) error {
	return survey.Errorf(survey.Conflict, "the account of %s is closed", p.Email)
}

package main

import (
	"cmp"
	"context"
	"time"

	"persepsi/internal/access"
	"persepsi/survey"
)

type userList struct{ listFlags }

// listedPerson is a person as they are listed: nothing of it opens anything.
type listedPerson struct {
	ID           string              `json:"id"`
	Email        string              `json:"email"`
	Name         string              `json:"name"`
	Grants       []listedGrant       `json:"grants"`
	State        access.AccountState `json:"state"` // invited, active or disabled
	SecondFactor bool                `json:"second_factor"`
	Added        time.Time           `json:"added"`
	Disabled     *time.Time          `json:"disabled"` // null: the account is open
}

// Run lists everybody who was ever invited, in that order.
func (l *userList) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	people, err := s.People(ctx)
	if err != nil {
		return err
	}
	return writeList(e, l.listFlags, people, listed, "ID\tE-MAIL\tNAME\tGRANTED\tSECOND FACTOR\tSTATE", func(p *access.Person) []string {
		second := "no"
		if p.TwoFactors() {
			second = "yes"
		}
		return []string{p.ID, p.Email, survey.Printable(p.Name), cmp.Or(granted(p.Grants, d), "-"), second, string(p.State())}
	})
}

func listed(p *access.Person) listedPerson {
	out := listedPerson{
		ID: p.ID, Email: p.Email, Name: p.Name, Grants: listedGrants(p.Grants), State: p.State(), SecondFactor: p.TwoFactors(), Added: p.At,
	}
	if !p.Open() {
		out.Disabled = &p.Disabled
	}
	return out
}

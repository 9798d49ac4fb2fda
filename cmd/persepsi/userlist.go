package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"persepsi/internal/access"
	"persepsi/survey"
)

type userList struct {
	Format string `help:"table or json (${enum})." enum:"table,json" default:"table"`
}

// listedPerson is a person as they are listed: nothing of it opens anything.
type listedPerson struct {
	ID           string          `json:"id"`
	Email        string          `json:"email"`
	Name         string          `json:"name"`
	Grants       []listedGrant   `json:"grants"`
	State        access.Standing `json:"state"` // invited, active or disabled
	SecondFactor bool            `json:"second_factor"`
	Added        time.Time       `json:"added"`
	Disabled     *time.Time      `json:"disabled"` // null: the account is open
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
	if l.Format == "json" {
		return e.peopleAsJSON(people)
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tE-MAIL\tNAME\tGRANTED\tSECOND FACTOR\tSTATE")
	for i := range people {
		p := &people[i]
		second, grants := "no", granted(p.Grants, d)
		if p.TwoFactors() {
			second = "yes"
		}
		if grants == "" {
			grants = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", p.ID, p.Email, survey.Printable(p.Name), grants, second, p.Standing())
	}
	return w.Flush()
}

func (e *environment) peopleAsJSON(people []access.Person) error {
	list := make([]listedPerson, len(people))
	for i := range people {
		p := &people[i]
		list[i] = listedPerson{
			ID: p.ID, Email: p.Email, Name: p.Name, Grants: listedGrants(p.Grants), State: p.Standing(), SecondFactor: p.TwoFactors(), Added: p.At,
		}
		if !p.Open() {
			list[i].Disabled = &p.Disabled
		}
	}
	enc := json.NewEncoder(e.Out)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}

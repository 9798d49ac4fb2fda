package account

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// firstName is the name of whoever will be the city's first administrator, until they
// give their own.
const firstName = "Administrator"

var firstEmail = regexp.MustCompile(`^admin(-[2-9])?@localhost$`)

// isPlace reports whether a person is but the place that is kept for the first
// administrator.
func isPlace(p *access.Person) bool { return firstEmail.MatchString(p.Email) && !p.Proves() }

// placeEmail returns the address of the nth place; further ones are for cities where
// somebody kept the address of an earlier one.
func placeEmail(n int) string {
	if n == 1 {
		return "admin@localhost"
	}
	return fmt.Sprintf("admin-%d@localhost", n)
}

// FirstAdmin returns the token of a new link by which somebody becomes administrator of
// the city, while there is none who could sign in; else an empty one, and the links of
// before are closed. Servers that start at the same time get a link each, and none takes
// another one's away.
func (a *Service) FirstAdmin(ctx context.Context, by string) (string, error) {
	for n, try := 1, 1; n < 10 && try < 10; try++ {
		people, err := a.store.People(ctx)
		if err != nil {
			return "", err
		}
		if a.governed(people) {
			return "", a.closePlaces(ctx, by, people)
		}
		i := slices.IndexFunc(people, func(p access.Person) bool { return p.Email == placeEmail(n) })
		if i >= 0 && people[i].Proves() {
			n++
			continue
		}
		if i >= 0 {
			return a.renewPlace(ctx, by, people[i].ID)
		}
		p, token, err := a.makePlace(placeEmail(n))
		if err != nil {
			return "", err
		}
		err = a.store.RecordPerson(ctx, p, a.entry(by, audit.FirstAdmin, &p))
		if survey.CodeOf(err) != survey.Conflict { // else another server made it at the same time
			return token, err
		}
	}
	return "", survey.Errorf(survey.Conflict, "the first administrator's link could not be made")
}

// governed reports whether somebody is administrator of the city and could sign in.
func (a *Service) governed(people []access.Person) bool {
	return slices.ContainsFunc(people, func(p access.Person) bool { return p.Proves() && adminUntil(&p, a.moment()) > 0 })
}

func (a *Service) makePlace(email string) (access.Person, string, error) {
	p, err := access.NewPerson(email, firstName, []access.Grant{{Role: access.Admin, Scope: access.City()}}, a.moment())
	return p, a.addLink(&p, access.FirstAdmin), err
}

// renewPlace adds a link to the place that is there. It opens nothing but the form, so
// that whoever closed it before is no reason to leave a city without an administrator.
func (a *Service) renewPlace(ctx context.Context, by, id string) (token string, err error) {
	_, err = a.change(ctx, id, func(p *access.Person) ([]audit.Entry, error) {
		if p.Proves() || !firstEmail.MatchString(p.Email) {
			return nil, survey.Errorf(survey.Conflict, "somebody became the city's first administrator at this moment")
		}
		said := a.entry(by, audit.FirstAdmin, p)
		p.Disabled, p.Grants = time.Time{}, []access.Grant{{Role: access.Admin, Scope: access.City()}}
		token = a.addLink(p, access.FirstAdmin)
		return []audit.Entry{said}, nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// closePlaces closes the places that nobody took, with their links.
func (a *Service) closePlaces(ctx context.Context, by string, people []access.Person) error {
	for i := range people {
		if !isPlace(&people[i]) || !people[i].Open() {
			continue
		}
		if _, err := a.change(ctx, people[i].ID, func(p *access.Person) ([]audit.Entry, error) {
			if !isPlace(p) || !p.Open() {
				return nil, nil
			}
			p.Disabled, p.Links = a.moment(), nil
			return []audit.Entry{a.stateEntry(by, audit.DisablePerson, p, "open", "closed")}, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

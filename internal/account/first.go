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
func (o *Office) FirstAdmin(ctx context.Context, by string) (string, error) {
	for n, try := 1, 1; n < 10 && try < 10; try++ {
		people, err := o.store.People(ctx)
		if err != nil {
			return "", err
		}
		if o.governed(people) {
			return "", o.closePlaces(ctx, by, people)
		}
		i := slices.IndexFunc(people, func(p access.Person) bool { return p.Email == placeEmail(n) })
		if i >= 0 && people[i].Proves() {
			n++
			continue
		}
		if i >= 0 {
			return o.renewPlace(ctx, by, people[i].ID)
		}
		p, token, err := o.makePlace(placeEmail(n))
		if err != nil {
			return "", err
		}
		err = o.store.RecordPerson(ctx, p, o.entry(by, audit.FirstAdmin, &p))
		if survey.CodeOf(err) != survey.Conflict { // else another server made it at the same time
			return token, err
		}
	}
	return "", survey.Errorf(survey.Conflict, "the first administrator's link could not be made")
}

// governed reports whether somebody is administrator of the city and could sign in.
func (o *Office) governed(people []access.Person) bool {
	return slices.ContainsFunc(people, func(p access.Person) bool { return p.Proves() && adminUntil(&p, o.moment()) > 0 })
}

func (o *Office) makePlace(email string) (access.Person, string, error) {
	p, err := access.NewPerson(email, firstName, []access.Grant{{Role: access.Admin, Scope: access.City()}}, o.moment())
	return p, o.addLink(&p, access.FirstAdmin), err
}

// renewPlace adds a link to the place that is there. It opens nothing but the form, so
// that whoever closed it before is no reason to leave a city without an administrator.
func (o *Office) renewPlace(ctx context.Context, by, id string) (token string, err error) {
	_, err = o.change(ctx, id, func(p *access.Person) ([]audit.Entry, error) {
		if p.Proves() || !firstEmail.MatchString(p.Email) {
			return nil, survey.Errorf(survey.Conflict, "somebody became the city's first administrator at this moment")
		}
		said := o.entry(by, audit.FirstAdmin, p)
		p.Disabled, p.Grants = time.Time{}, []access.Grant{{Role: access.Admin, Scope: access.City()}}
		token = o.addLink(p, access.FirstAdmin)
		return []audit.Entry{said}, nil
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// closePlaces closes the places that nobody took, with their links.
func (o *Office) closePlaces(ctx context.Context, by string, people []access.Person) error {
	for i := range people {
		if !isPlace(&people[i]) || !people[i].Open() {
			continue
		}
		if _, err := o.change(ctx, people[i].ID, func(p *access.Person) ([]audit.Entry, error) {
			if !isPlace(p) || !p.Open() {
				return nil, nil
			}
			p.Disabled, p.Links = o.moment(), nil
			return []audit.Entry{o.stateEntry(by, audit.DisablePerson, p, "open", "closed")}, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

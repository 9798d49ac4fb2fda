package account

import (
	"context"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// maxLinks is how many links of a person may be open: who asks for another one again
// and again closes the oldest.
const maxLinks = 5

// Invite adds a person and returns the token of their one-time link. Errors: Invalid
// names email or name; Conflict where the address is somebody's already.
func (a *Service) Invite(ctx context.Context, by, email, name string, grants []access.Grant) (access.Person, string, error) {
	return a.invite(ctx, by, email, name, grants, "")
}

// invite is Invite, with what else the audit tells of it.
func (a *Service) invite(ctx context.Context, by, email, name string, grants []access.Grant, more string) (access.Person, string, error) {
	p, err := access.NewPerson(email, name, grants, a.moment())
	if err != nil {
		return p, "", survey.Errorf(survey.Invalid, "%s", err.Error())
	}
	link, token := access.NewLink(access.Invitation, a.moment())
	p.Links = []access.Link{link}
	said := a.entry(by, audit.AddPerson, &p)
	said.Detail += more
	for _, g := range p.Grants {
		said.Changes = append(said.Changes, audit.Change{What: "granted", After: g.String()})
	}
	return p, token, a.store.RecordPerson(ctx, p, said)
}

// Reset returns the token of a new one-time link for a person who is there already. The
// password stays good until the link is used. NotFound: nobody has the address; Conflict:
// the account is closed.
func (a *Service) Reset(ctx context.Context, by, email string) (access.Person, string, error) {
	p, err := a.byEmail(ctx, email)
	if err != nil {
		return access.Person{}, "", err
	}
	token := ""
	p, err = a.change(ctx, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		if !p.Open() {
			return nil, closed(p)
		}
		token = a.addLink(p, access.Reset)
		return []audit.Entry{a.entry(by, audit.ResetPerson, p)}, nil
	})
	if err != nil {
		return access.Person{}, "", err
	}
	return *p, token, nil
}

// addLink opens one more link of a person and returns its token.
func (a *Service) addLink(p *access.Person, purpose access.Purpose) string {
	link, token := access.NewLink(purpose, a.moment())
	p.Links = append(p.Links, link)
	p.Links = p.Links[max(0, len(p.Links)-maxLinks):]
	return token
}

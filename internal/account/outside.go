package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Outsider is who the city's own sign-in says somebody is.
type Outsider struct {
	Subject  string // names them for ever
	Email    string
	Verified bool // the address is theirs
	Name     string
	// Claimed says that the city's sign-in also says what they may do: Grants.
	Claimed bool
	Grants  []access.Grant
}

// cityDoor is who does what the claims of the city's sign-in say.
const cityDoor = "city sign-in"

// rolePrefix may stand before a role in a claim, which other services read too.
const rolePrefix = "persepsi-"

// EveryAgency is what a claim of agencies says for the whole city.
const EveryAgency = "*"

// Claims returns the grants that roles and codes of agencies in claims stand for, each
// role on each agency; agencies that are nil, where no claim of them is configured, are
// the city. A claim of them that is missing or holds none grants nothing. What names no
// role, no agency that agencyKey knows, or can't be granted so, is left out: claims are
// for other services too.
func Claims(roles, agencies []string, agencyKey func(code string) (string, bool)) []access.Grant {
	var scopes []access.Scope
	if agencies == nil {
		scopes = append(scopes, access.City())
	}
	for _, code := range agencies {
		if key, ok := agencyKey(code); ok {
			scopes = append(scopes, access.Agency(key))
		} else if code == EveryAgency {
			scopes = append(scopes, access.City())
		}
	}
	var out []access.Grant
	for _, role := range roles {
		for _, on := range scopes {
			g, err := access.NewGrant(access.Role(strings.TrimPrefix(role, rolePrefix)), on, time.Time{})
			if g.Outside = true; err == nil && !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// Outside returns the person that an outsider is: known by subject, or by an address
// that is theirs, or added where the claims grant them something. What the claims
// granted before and don't grant now ends. Forbidden: nobody invited them, or their
// account is closed.
func (a *Service) Outside(ctx context.Context, e Outsider) (*access.Person, error) {
	p, err := a.find(ctx, func(p *access.Person) bool { return p.External == e.Subject })
	if err == nil && p == nil && e.Verified {
		address, _ := access.CleanEmail(e.Email) // what is none is nobody's
		if p, err = a.store.PersonByEmail(ctx, address); p != nil && p.External != "" {
			p = nil
		}
	}
	switch {
	case err != nil:
		return nil, err
	case p == nil && len(e.Grants) > 0 && e.Verified:
		return a.addOutsider(ctx, e)
	case p == nil:
		return nil, survey.Errorf(survey.Forbidden, "nobody has invited you; ask the administrator of the city")
	}
	return a.change(ctx, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		if !p.Open() {
			return nil, survey.Errorf(survey.Forbidden, "your account is closed; ask the administrator of the city")
		}
		said := a.entry(cityDoor, audit.LinkPerson, p)
		if p.External == "" {
			p.External = e.Subject
			said.Changes = append(said.Changes, audit.Change{What: "external", After: e.Subject})
		}
		if e.Claimed {
			said.Changes = append(said.Changes, claim(p, e.Grants)...)
		}
		return []audit.Entry{said}, nil
	})
}

// Enter lets an outsider in, whose factors the city's own sign-in asked for, and ends the
// session that their browser had. Errors: those of Outside.
func (a *Service) Enter(ctx context.Context, e Outsider, b Browser) (SignInResult, error) {
	p, err := a.Outside(ctx, e)
	if err != nil {
		return SignInResult{}, err
	}
	return a.open(ctx, p, b, true)
}

// claim gives a person what claims grant, and takes back what they don't any more.
func claim(p *access.Person, grants []access.Grant) (changes []audit.Change) {
	kept := make([]access.Grant, 0, len(p.Grants))
	for _, g := range p.Grants {
		if g.Outside && !slices.Contains(grants, g) {
			changes = append(changes, audit.Change{What: "granted", Before: g.String()})
			continue
		}
		kept = append(kept, g)
	}
	for _, g := range grants {
		if !slices.Contains(kept, g) {
			changes = append(changes, audit.Change{What: "granted", After: g.String()})
			kept = append(kept, g)
		}
	}
	p.Grants = kept
	return changes
}

func (a *Service) addOutsider(ctx context.Context, e Outsider) (*access.Person, error) {
	p, err := access.NewPerson(e.Email, e.Name, e.Grants, a.moment())
	if err != nil {
		return nil, survey.Errorf(survey.Forbidden, "the city's sign-in does not say who you are: %s", err.Error())
	}
	p.External = e.Subject
	said := a.entry(cityDoor, audit.AddPerson, &p)
	said.Changes = append(said.Changes, audit.Change{What: "external", After: e.Subject})
	for _, g := range p.Grants {
		said.Changes = append(said.Changes, audit.Change{What: "granted", After: g.String()})
	}
	return &p, a.store.RecordPerson(ctx, p, said)
}

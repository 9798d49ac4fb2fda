package evaluation

import (
	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// door is what a demonstration's entries count as where too many requests of an
// address are held back: a point that no city has.
const door = "/lke"

// bound returns what an actor sees of the sheet: the widest scope that they were
// granted to read it on.
func bound(a access.Actor) access.Scope {
	scopes := a.Scopes(access.ReadLKE)
	if len(scopes) == 0 {
		return access.Scope{}
	}
	return scopes[0]
}

// reader returns an actor as the sheet tells of them: by the role that shows them most
// of what they see.
func reader(d *survey.Directory, a access.Actor) view.Reader {
	out, on := view.Reader{}, bound(a)
	for _, g := range a.Grants {
		one := access.Actor{Grants: []access.Grant{g}}
		if out.Role == "" && access.Allow(one, access.ReadLKE, on) || access.Allow(one, access.ReadLive, on) {
			out.Role = string(g.Role)
		}
	}
	if code, _ := on.Codes(); code != "" {
		out.Agency = code
		if agency, ok := d.Agency(code); ok {
			out.Agency = agency.Name
		}
	}
	return out
}

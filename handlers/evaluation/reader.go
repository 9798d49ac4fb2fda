package evaluation

import (
	"cmp"
	"slices"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/survey"
)

// door is what a demonstration's entries count as where too many requests of an
// address are held back: a point that no city has.
const door = "/lke"

// part is the parameter that chooses what the sheet is of, where somebody was granted to
// read it on several agencies or units.
const part = "bagian"

// bound returns what an actor sees of the sheet: of the scopes that they were granted to
// read it on the one that is chosen, else the widest.
func bound(a access.Actor, chosen string) access.Scope {
	scopes := a.Scopes(access.ReadLKE)
	if i := slices.IndexFunc(scopes, func(s access.Scope) bool { return s.String() == chosen }); i >= 0 {
		return scopes[i]
	}
	if len(scopes) == 0 {
		return access.Scope{}
	}
	return scopes[0]
}

// parts returns what else an actor may choose beside what they see, and that itself;
// none where there is no choice.
func parts(d *survey.Directory, a access.Actor, on access.Scope) []view.Part {
	scopes := a.Scopes(access.ReadLKE)
	if len(scopes) < 2 {
		return nil
	}
	out := make([]view.Part, len(scopes))
	for i, s := range scopes {
		agency, unit := web.ScopeNames(d, s)
		out[i] = view.Part{Code: s.String(), Name: cmp.Or(unit, agency), Here: s == on}
	}
	return out
}

// reader returns an actor as the sheet tells of them: by the role that shows them most
// of what they see.
func reader(d *survey.Directory, a access.Actor, on access.Scope) view.Reader {
	out := view.Reader{}
	for _, g := range a.Grants {
		one := access.Actor{Grants: []access.Grant{g}}
		if out.Role == "" && access.Allow(one, access.ReadLKE, on) || access.Allow(one, access.ReadLive, on) {
			out.Role = string(g.Role)
		}
	}
	agency, unit := web.ScopeNames(d, on)
	out.Agency = cmp.Or(unit, agency)
	return out
}

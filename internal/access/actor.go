package access

import (
	"slices"
	"time"
)

// Actor is who acts: a person, a key or the public, and what they were granted. The
// zero Actor is nobody, who may do what the public may.
type Actor struct {
	Name   string  // the person's or the key's; empty for the public
	Email  string  // the person's; empty for keys and the public
	Person string  // the person's id; empty for keys and the public
	Grants []Grant // those in force
	// Held are roles that were granted and allow nothing before a second factor is given.
	Held []Role
}

// AgencyOf returns the agency that a unit belongs to now; empty where the unit is
// not known.
type AgencyOf func(unit string) string

// Anybody is who sends no credentials.
func Anybody() Actor { return Actor{} }

// Actor returns the actor that a key stands for at an instant.
func (k *Key) Actor(now time.Time, agencyOf AgencyOf) Actor {
	return Actor{Name: k.Name, Grants: inForce(k.Grants, now, agencyOf)}
}

// Actor returns the actor that a person is at an instant.
func (p *Person) Actor(now time.Time, agencyOf AgencyOf) Actor {
	return Actor{Name: p.Name, Email: p.Email, Person: p.ID, Grants: inForce(p.Grants, now, agencyOf)}
}

// Holding returns the actor without the grants of some roles, which wait for a second
// factor.
func (a Actor) Holding(back []Role) Actor {
	kept := make([]Grant, 0, len(a.Grants))
	for _, g := range a.Grants {
		switch {
		case !slices.Contains(back, g.Role):
			kept = append(kept, g)
		case !slices.Contains(a.Held, g.Role):
			a.Held = append(slices.Clone(a.Held), g.Role)
		}
	}
	a.Grants = kept
	return a
}

// Anonymous reports whether nobody knows who acts.
func (a Actor) Anonymous() bool { return a.Name == "" }

// By returns the actor as the audit names them: people share names, and so the
// address is there too.
func (a Actor) By() string {
	if a.Email == "" {
		return a.Name
	}
	return a.Name + " (" + a.Email + ")"
}

// Scopes returns the scopes on which the actor was granted a role that has an action,
// the widest first and none that another one covers.
func (a Actor) Scopes(action Action) []Scope {
	var out []Scope
	for _, g := range a.Grants {
		covered := func(o Scope) bool { return o.Covers(g.Scope) }
		if !g.Role.may(action) || g.Scope == (Scope{}) || slices.ContainsFunc(out, covered) {
			continue
		}
		out = slices.DeleteFunc(out, g.Scope.Covers)
		out = append(out, g.Scope)
	}
	slices.SortStableFunc(out, func(x, y Scope) int { return int(x.level) - int(y.level) })
	return out
}

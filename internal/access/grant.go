package access

import (
	"fmt"
	"slices"
	"time"
)

// Grant is a role that a person or a key has on a scope.
type Grant struct {
	Role  Role  `json:"role"`
	Scope Scope `json:"on"`
	// Outside says that the claims of the city's own sign-in grant it: they may take it
	// back at the next one.
	Outside bool `json:"outside,omitempty"`
	// Until is the instant from which on it allows nothing; zero: it has no end.
	Until time.Time `json:"until,omitzero"`
}

// NewGrant makes a grant. It refuses a role that nobody can be granted, a scope of
// nothing, and a manager or officer of the whole city: their work is an office's.
func NewGrant(role Role, on Scope, until time.Time) (Grant, error) {
	switch {
	case !slices.Contains(Roles(), role):
		return Grant{}, fmt.Errorf("unknown role %q (known: %s)", role, list(Roles()))
	case on == Scope{}:
		return Grant{}, fmt.Errorf("role %s is granted on nothing", role)
	case on == City() && (role == Manager || role == Officer):
		return Grant{}, fmt.Errorf("role %s needs an agency or a unit", role)
	}
	return Grant{Role: role, Scope: on, Until: until}, nil
}

func list(roles []Role) string {
	out := ""
	for i, r := range roles {
		if i > 0 {
			out += ", "
		}
		out += string(r)
	}
	return out
}

// String returns the grant as lists and the audit show it: `manager agency:dinkes`,
// `viewer city until 2026-12-31T16:00:00Z`.
func (g Grant) String() string {
	out := string(g.Role) + " " + g.Scope.String()
	if !g.Until.IsZero() {
		out += " until " + g.Until.UTC().Format(time.RFC3339)
	}
	return out
}

// InForce reports whether the grant allows anything at an instant.
func (g Grant) InForce(now time.Time) bool { return g.Until.IsZero() || now.Before(g.Until) }

// inForce returns the grants that allow anything at an instant, each on the unit's
// agency of now: a unit may have moved since it was granted.
func inForce(grants []Grant, now time.Time, agencyOf AgencyOf) []Grant {
	out := make([]Grant, 0, len(grants))
	for _, g := range grants {
		if g.InForce(now) {
			g.Scope = g.Scope.Now(agencyOf)
			out = append(out, g)
		}
	}
	return out
}

// WithGrant returns grants with one more; it takes the place of one of the same role on
// the same scope, which is returned too.
func WithGrant(grants []Grant, g Grant) (after []Grant, before *Grant) {
	after = slices.Clone(grants)
	if i := indexOf(after, g.Role, g.Scope); i >= 0 {
		before = &grants[i]
		after[i] = g
		return after, before
	}
	return append(after, g), nil
}

// WithoutGrant returns grants without that of a role on a scope, and the one that is
// gone; nil: there was none.
func WithoutGrant(grants []Grant, role Role, on Scope) (after []Grant, gone *Grant) {
	i := indexOf(grants, role, on)
	if i < 0 {
		return grants, nil
	}
	return slices.Delete(slices.Clone(grants), i, i+1), &grants[i]
}

// SameGrants reports whether two lists hold the same grants in the same order.
func SameGrants(a, b []Grant) bool {
	return slices.EqualFunc(a, b, func(g, o Grant) bool {
		same := g.Until.Equal(o.Until)
		g.Until, o.Until = time.Time{}, time.Time{}
		return same && g == o
	})
}

func indexOf(grants []Grant, role Role, on Scope) int {
	return slices.IndexFunc(grants, func(g Grant) bool { return g.Role == role && g.Scope.Same(on) })
}

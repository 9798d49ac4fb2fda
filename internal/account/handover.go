package account

import (
	"context"
	"slices"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Handover is an office that passes to a successor.
type Handover struct {
	From, To string // e-mail addresses
	// Name is the successor's, who is invited if nobody has the address yet; else it
	// is not looked at.
	Name string
	// On bounds which grants pass: those on it and within; the city: all.
	On access.Scope
	// AgencyOf tells which agency a unit belongs to now; nil: that of the grant.
	AgencyOf access.AgencyOf
	// KeepOpen leaves the predecessor's account open even where no grant is left.
	KeepOpen bool
}

// HandedOver is what a handover did.
type HandedOver struct {
	From, To access.Person
	Passed   []access.Grant // that passed now; none where it had been done before
	Token    string         // of the successor's link, where they never signed in yet
}

// HandOver gives a successor what the predecessor was granted and has in force, each
// until the same end or the later one where the successor has it already, and takes it
// from the predecessor, whose account is closed where nothing is left. First the
// successor is granted, so that at no time nobody holds the office; broken off in
// between, the same handover again completes it.
//
// Errors: Invalid where both are the same, or the successor is new and name or address
// is no good; NotFound for addresses; Conflict where the successor's account is closed,
// or there is nothing to pass.
func (a *Service) HandOver(ctx context.Context, by string, h Handover) (HandedOver, error) {
	from, err := a.byEmail(ctx, h.From)
	if err != nil {
		return HandedOver{}, err
	}
	passing := a.passing(from, &h)
	to, err := a.byEmail(ctx, h.To)
	switch {
	case survey.CodeOf(err) == survey.NotFound && h.Name != "" && len(passing) > 0:
		return a.handOverToNew(ctx, by, from, passing, &h)
	case survey.CodeOf(err) == survey.NotFound && h.Name == "":
		return HandedOver{}, survey.Errorf(survey.NotFound, "nobody has the e-mail address %q; with a name they are invited", survey.Printable(h.To))
	case err != nil && survey.CodeOf(err) != survey.NotFound:
		return HandedOver{}, err
	case to != nil && to.ID == from.ID:
		return HandedOver{}, survey.Errorf(survey.Invalid, "an office can't be handed over to whoever holds it")
	case to != nil && !to.Open():
		return HandedOver{}, closed(to)
	case len(passing) == 0 && (to == nil || from.Open()):
		return HandedOver{}, survey.Errorf(survey.Conflict, "%s holds nothing in force that could be handed over", from.Email)
	case len(passing) == 0: // it was done, but for the sessions perhaps
		return HandedOver{From: *from, To: *to}, a.store.EndSessions(ctx, from.ID, access.Digest{})
	}
	done := HandedOver{Passed: passing}
	to, err = a.change(ctx, to.ID, func(p *access.Person) ([]audit.Entry, error) {
		if !p.Open() {
			return nil, closed(p)
		}
		before := slices.Clone(p.Grants)
		for _, g := range passing {
			p.Grants = withLonger(p.Grants, g)
		}
		if !p.Proves() { // the link of a first try may have been lost with it
			done.Token = a.addLink(p, access.Invitation)
		}
		return []audit.Entry{a.handoverEntry(by, p, before, "from "+from.Email)}, nil
	})
	if err != nil {
		return HandedOver{}, err
	}
	done.To = *to
	return a.leave(ctx, by, from, &h, done)
}

func (a *Service) handOverToNew(ctx context.Context, by string, from *access.Person, passing []access.Grant, h *Handover) (HandedOver, error) {
	to, token, err := a.invite(ctx, by, h.To, h.Name, passing, ": from "+from.Email)
	if err != nil {
		return HandedOver{}, err
	}
	return a.leave(ctx, by, from, h, HandedOver{To: to, Passed: passing, Token: token})
}

// leave takes from the predecessor what has passed.
func (a *Service) leave(ctx context.Context, by string, from *access.Person, h *Handover, done HandedOver) (HandedOver, error) {
	now := a.moment()
	p, err := a.reduce(ctx, by, from.ID, func(p *access.Person) ([]audit.Entry, error) {
		before := slices.Clone(p.Grants)
		for _, g := range done.Passed {
			// One that got another end meanwhile is not what was handed over.
			p.Grants = slices.DeleteFunc(p.Grants, func(x access.Grant) bool { return same(x, g) })
		}
		said := a.handoverEntry(by, p, before, "to "+done.To.Email)
		if p.Open() && !h.KeepOpen && !slices.ContainsFunc(p.Grants, func(g access.Grant) bool { return g.InForce(now) }) {
			p.Disabled, p.Links = now, nil
			said.Changes = append(said.Changes, audit.Change{What: "account", Before: "open", After: "closed"})
		}
		return []audit.Entry{said}, nil
	})
	if err != nil {
		return done, err
	}
	done.From = *p
	if p.Open() {
		return done, nil
	}
	return done, a.store.EndSessions(ctx, p.ID, access.Digest{})
}

// passing returns the grants in force that a handover is about.
func (a *Service) passing(from *access.Person, h *Handover) []access.Grant {
	var out []access.Grant
	for _, g := range from.Grants {
		if g.InForce(a.moment()) && h.On.Covers(g.Scope.Now(h.AgencyOf)) {
			g.Outside = false // no claim of the city's sign-in speaks of the successor
			out = append(out, g)
		}
	}
	return out
}

// withLonger returns grants with one more, unless there is one like it that lasts longer.
func withLonger(grants []access.Grant, g access.Grant) []access.Grant {
	after, before := access.WithGrant(grants, g)
	if before != nil && (before.Until.IsZero() || !g.Until.IsZero() && before.Until.After(g.Until)) {
		return grants
	}
	return after
}

func (a *Service) handoverEntry(by string, p *access.Person, before []access.Grant, whence string) audit.Entry {
	said := a.entry(by, audit.Handover, p)
	said.Detail += ": " + whence
	said.Changes = changesOf(before, p.Grants)
	return said
}

package web

import (
	"context"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/access"
	"persepsi/survey"
)

// SessionCookie holds a session's token. It opens the pages of signed-in people and
// nothing else: the API takes keys alone, so no other site's form can use it there.
const SessionCookie = "persepsi_session"

// SignInPath is where people sign in; Next is the parameter with the address that they
// wanted.
const (
	SignInPath = "/masuk"
	// DeskPath is where the work of signed-in people begins.
	DeskPath = "/meja"
	Next     = "ke"
	// Ended tells that somebody sent a form after their session was over.
	Ended = "habis"
)

// RenewsHeader tells that a page of ours renews itself and nobody asked for it: such a
// request keeps no session open whose person has left.
const RenewsHeader = "Persepsi-Renews"

// Sessions finds the open session of a token, nil where there is none. Session counts as
// something that its person did, Peek doesn't.
type Sessions interface {
	Session(ctx context.Context, token string) (*access.Session, error)
	Peek(ctx context.Context, token string) (*access.Session, error)
}

// People tells who a session's request is from. The session is read each time: whoever
// leaves has left on every instance. The people are remembered for a moment: see
// rememberFor.
type People struct {
	sessions Sessions
	people   *readCache[map[string]*access.Person]
	set      *Settings
}

func newPeople(set *Settings) *People {
	return &People{sessions: set.Sessions, set: set, people: newReadCache(set.Now, func(ctx context.Context) (map[string]*access.Person, error) {
		list, err := set.PersonStore.People(ctx)
		out := make(map[string]*access.Person, len(list))
		for i := range list {
			out[list[i].ID] = &list[i]
		}
		return out, err
	})}
}

// Actor returns the person whose session a request belongs to; the public where it
// belongs to none, to one that has ended, or to somebody whose account is closed.
func (p *People) Actor(c *fiber.Ctx) (access.Actor, error) {
	if c.Get(RenewsHeader) != "" {
		return p.Watcher(c)
	}
	session, err := p.sessions.Session(c.UserContext(), c.Cookies(SessionCookie))
	return p.of(c.UserContext(), session, err)
}

// Watcher is Actor for what a page asks for by itself.
func (p *People) Watcher(c *fiber.Ctx) (access.Actor, error) {
	return p.Watch(c.UserContext(), c.Cookies(SessionCookie))
}

// Watch is Watcher by the session's token, for what goes on after its request.
func (p *People) Watch(ctx context.Context, token string) (access.Actor, error) {
	session, err := p.sessions.Peek(ctx, token)
	return p.of(ctx, session, err)
}

// of returns the person of a session that was looked for.
func (p *People) of(ctx context.Context, session *access.Session, err error) (access.Actor, error) {
	if err != nil || session == nil {
		return access.Anybody(), err
	}
	known, err := p.people.get(ctx)
	if err == nil && known[session.Person] == nil { // they may have been added a moment ago
		known, err = p.people.read(ctx)
	}
	if err != nil {
		return access.Anybody(), err
	}
	person := known[session.Person]
	switch {
	case person == nil || !person.Open():
		return access.Anybody(), nil
	case person.TwoFactors() && !session.Second: // the password was right, and a code is asked for
		return access.Anybody(), nil
	case access.IsDemo(person.ID) && !p.set.Directories.Directory().City().Demo:
		return access.Anybody(), nil
	}
	actor := person.Actor(p.set.Now(), p.set.agencyOf)
	if !session.Second {
		actor = actor.Holding(p.set.SecondFactor)
	}
	return actor, nil
}

// Administrators returns the names of those who grant rights in the whole city, whom
// somebody asks who lacks one.
func (p *People) Administrators(ctx context.Context) ([]string, error) {
	known, err := p.set.PersonStore.People(ctx)
	var out []string
	for i := range known {
		if who := known[i].Actor(p.set.Now(), p.set.agencyOf); known[i].Open() && known[i].Proves() && slices.ContainsFunc(who.Grants, forAll) {
			out = append(out, who.Name)
		}
	}
	return out, err
}

// forAll reports whether a grant makes an administrator of the whole city: those of an
// agency can't help whoever is of another one.
func forAll(g access.Grant) bool { return g.Role == access.Admin && g.Scope.IsCity() }

// agencyOf returns the agency that a unit belongs to, empty where there is no such unit.
func (set *Settings) agencyOf(unit string) string {
	if place, ok := set.Directories.Directory().Unit(unit); ok {
		return place.Agency.Key()
	}
	return ""
}

// PeopleArea is FormArea for the pages of signed-in people. Whoever is not signed in is
// led to sign in and back; whoever is and may not do a route's action reads what they
// lack and whom to ask.
func (s *Site) PeopleArea(router fiber.Router) *Area {
	a := s.FormArea(router, s.People.Actor)
	a.Refused = toDoor
	return a
}

// WatchArea is for what a page asks for by itself: it keeps no session open, and whoever
// has none is refused with nothing, 401, since no page is to be shown.
func (s *Site) WatchArea(router fiber.Router) *Area {
	a := s.Area(router, s.People.Watcher)
	a.Refused = func(c *fiber.Ctx, _ error) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		if ActorOf(c).Anonymous() {
			return c.SendStatus(fiber.StatusUnauthorized)
		}
		return c.SendStatus(fiber.StatusForbidden)
	}
	return a
}

// toDoor leads whoever is not signed in to sign in and back, and refuses others.
func toDoor(c *fiber.Ctx, refusal error) error {
	if !ActorOf(c).Anonymous() {
		return refusal
	}
	to := url.Values{Next: {c.OriginalURL()}}
	if !safe(c.Method()) {
		to.Set(Ended, "1")
	}
	if lang := Asked(c, "lang"); lang != "" {
		to.Set("lang", lang)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(SignInPath+"?"+to.Encode(), fiber.StatusSeeOther)
}

// accessDeniedError is the error of a signed-in person without the right to an action.
type accessDeniedError struct{ needs access.Action }

func (e accessDeniedError) Error() string { return "the person may not " + string(e.needs) }

// lacking returns the Forbidden error of an action.
func lacking(needs access.Action) error {
	return &survey.Error{Code: survey.Forbidden, Message: "this needs a right that the person does not have", Cause: accessDeniedError{needs}}
}

package web

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/internal/access"
	"persepsi/survey"
)

// Credentials returns who a request is from, by what an area accepts: no
// credentials at all (Anonymous), an API key (Keyring.Actor), a session.
type Credentials func(*fiber.Ctx) (access.Actor, error)

// Anonymous accepts no credentials, and so reads none: who sends a request is
// the public, whatever comes along with it.
func Anonymous(*fiber.Ctx) (access.Actor, error) { return access.Anybody(), nil }

// Area registers the routes of an area. Each names the action that it needs, and
// is reached only by an actor who may do that somewhere; where it depends on the
// request, the handler narrows it down with Require. A route bears its action as
// its name, so that a test can tell which have none.
type Area struct {
	// Refused replies to who may not do a route's action; nil: an error page.
	Refused func(c *fiber.Ctx, refusal error) error

	site        *Site
	router      fiber.Router
	credentials Credentials
	forms       bool // what is posted needs a form's token: see FormArea
}

// Area makes an area on a router.
func (s *Site) Area(router fiber.Router, accepts Credentials) *Area {
	return &Area{site: s, router: router, credentials: accepts}
}

// Get adds a route for GET and HEAD.
func (a *Area) Get(path string, needs access.Action, handler fiber.Handler) {
	a.router.Get(path, a.admit(needs), handler).Name(string(needs))
}

// Post adds a route for POST.
func (a *Area) Post(path string, needs access.Action, handler fiber.Handler) {
	a.router.Post(path, a.admit(needs), handler).Name(string(needs))
}

// Put adds a route for PUT.
func (a *Area) Put(path string, needs access.Action, handler fiber.Handler) {
	a.router.Put(path, a.admit(needs), handler).Name(string(needs))
}

// admit finds out once who a request is from, keeps it in the request, and
// refuses whoever may do the action nowhere.
func (a *Area) admit(needs access.Action) fiber.Handler {
	public := &admission{access.Anybody(), needs} // shared: most requests are the public's
	return func(c *fiber.Ctx) error {
		actor, err := a.credentials(c)
		if err != nil {
			return err
		}
		in := public
		if !actor.Anonymous() {
			in = &admission{actor, needs}
		}
		c.Locals(admissionKey{}, in)
		switch {
		case access.Somewhere(actor, needs) && a.forms && !safe(c.Method()):
			if err := a.site.ownForm(c); err != nil {
				c.Set(fiber.HeaderReferrerPolicy, "no-referrer") // the address may be a secret
				return err
			}
			return c.Next()
		case access.Somewhere(actor, needs):
			return c.Next()
		case a.Refused != nil:
			return a.Refused(c, in.refusal())
		default:
			return in.refusal()
		}
	}
}

// admission is what a request carries from its route to its handler.
type admission struct {
	actor access.Actor
	needs access.Action
}

type admissionKey struct{}

func admissionOf(c *fiber.Ctx) admission {
	if in, ok := c.Locals(admissionKey{}).(*admission); ok {
		return *in
	}
	return admission{}
}

// ActorOf returns who a request is from: outside of an area's routes the zero
// Actor.
func ActorOf(c *fiber.Ctx) access.Actor { return admissionOf(c).actor }

// May reports whether a request's actor may do an action on all that a scope
// holds.
func (s *Site) May(c *fiber.Ctx, action access.Action, on access.Scope) bool {
	return access.Allow(ActorOf(c), action, on)
}

// Require returns nil where a request's actor may do the action of its route on
// all that a scope holds, else Unauthorized for the public, which a key would
// help, and Forbidden for others.
func (s *Site) Require(c *fiber.Ctx, on access.Scope) error {
	in := admissionOf(c)
	if s.May(c, in.needs, on) {
		return nil
	}
	return in.refusal()
}

// refusal returns why an admission does not suffice.
func (in admission) refusal() error {
	if in.actor.Person != "" {
		return lacking(in.needs)
	}
	if in.actor.Anonymous() {
		return survey.Errorf(survey.Unauthorized, "this needs an API key")
	}
	return survey.Errorf(survey.Forbidden, "this key's role or agency does not allow it")
}

package evaluation

import (
	"context"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/survey"
)

// Sessions keeps the sessions of browsers that a key was typed in.
type Sessions interface {
	AddSession(ctx context.Context, s access.Session) error
	SessionByHash(ctx context.Context, hash access.Digest) (*access.Session, error)
	EndSession(ctx context.Context, hash access.Digest) error
}

// signIn is POST /lke: a right key, sent by a form, opens a session that the
// sheet's links work with. The key itself is kept nowhere. In a demonstration the
// name of a role does the same.
func (s *sheets) signIn(c *fiber.Ctx) error {
	key, err := s.demoKey(c)
	if err != nil {
		return err
	}
	if key == nil {
		key, err = s.Keys.Find(c, string(c.Request().PostArgs().Peek("key")))
	}
	switch survey.CodeOf(err) {
	case survey.Unauthorized, survey.RateLimited:
		return s.askKey(c, err)
	}
	if err != nil {
		return err
	}
	session, token := access.NewKeySession(key, s.Now().UTC())
	if err := s.sessions.AddSession(c.UserContext(), session); err != nil {
		return err
	}
	if err := s.endSession(c); err != nil { // who comes in as somebody else was somebody before
		return err
	}
	s.setSession(c, token)
	return s.toSheet(c)
}

// signOut is POST /keluar.
func (s *sheets) signOut(c *fiber.Ctx) error {
	if err := s.endSession(c); err != nil {
		return err
	}
	s.setSession(c, "")
	return s.toSheet(c)
}

// endSession ends the session that a request belongs to, if any.
func (s *sheets) endSession(c *fiber.Ctx) error {
	token := c.Cookies(web.SessionCookie)
	if !access.IsToken(token) {
		return nil
	}
	return s.sessions.EndSession(c.UserContext(), access.HashToken(token))
}

// setSession gives the browser a session's token, or takes it away. It goes
// when the browser is closed, and the server ends it earlier.
func (s *sheets) setSession(c *fiber.Ctx, token string) {
	cookie := &fiber.Cookie{
		Name: web.SessionCookie, Value: token, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: token != "",
		Secure: c.Context().IsTLS() || strings.HasPrefix(s.PublicURL, "https://") || strings.HasPrefix(s.Peers.Address(c), "https://"),
	}
	if token == "" {
		cookie.MaxAge = -1
	}
	c.Cookie(cookie)
}

// toSheet leads to the sheet as it was asked for. After a form this is another
// request, so that reloading the sheet sends no key again.
func (s *sheets) toSheet(c *fiber.Ctx) error {
	kept := url.Values{}
	for _, name := range []string{"period", "sort"} {
		if v := c.Query(name); v != "" {
			kept.Set(name, v)
		}
	}
	kept.Set("lang", view.Language(c.Query("lang")))
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect("/lke?"+kept.Encode(), fiber.StatusSeeOther)
}

// sessionActor returns the actor of the key whose session the request belongs to;
// the public where it belongs to none, or to one that has ended or whose key has.
func (s *sheets) sessionActor(c *fiber.Ctx) (access.Actor, error) {
	token := c.Cookies(web.SessionCookie)
	if !access.IsToken(token) {
		return access.Anybody(), nil
	}
	// It is read each time: whoever leaves has left on every instance.
	session, err := s.sessions.SessionByHash(c.UserContext(), access.HashToken(token))
	if err != nil || session == nil || !session.Open(s.Now()) {
		return access.Anybody(), err
	}
	key, err := s.Keys.ByID(c.UserContext(), session.Key)
	if err != nil || key == nil {
		return access.Anybody(), err
	}
	return s.Keys.ActorOf(key), nil
}

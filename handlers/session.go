package handlers

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// sessionCookie holds a session's token. It opens the pages of the evaluation
// sheet and nothing else: the API takes keys alone, so no other site's form can
// use it there.
const sessionCookie = "persepsi_session"

// signIn is POST /lke: a right key, sent by a form, opens a session that the
// sheet's links work with. The key itself is kept nowhere.
func (s *server) signIn(c *fiber.Ctx) error {
	if s.Directories.Directory().City().Demo { // there is nothing to open
		return s.toSheet(c)
	}
	key, err := s.keys.find(c, string(c.Request().PostArgs().Peek("key")))
	switch survey.CodeOf(err) {
	case survey.Unauthorized, survey.RateLimited:
		return s.askKey(c, err)
	}
	if err != nil {
		return err
	}
	session, token, err := access.NewSession(key, s.Now().UTC())
	if err != nil {
		return err
	}
	if err := s.Sessions.AddSession(c.UserContext(), session); err != nil {
		return err
	}
	s.setSession(c, token)
	return s.toSheet(c)
}

// signOut is POST /keluar.
func (s *server) signOut(c *fiber.Ctx) error {
	if token := c.Cookies(sessionCookie); access.IsToken(token) {
		if err := s.Sessions.EndSession(c.UserContext(), access.HashToken(token)); err != nil {
			return err
		}
	}
	s.setSession(c, "")
	return s.toSheet(c)
}

// setSession gives the browser a session's token, or takes it away. It goes
// when the browser is closed, and the server ends it earlier.
func (s *server) setSession(c *fiber.Ctx, token string) {
	cookie := &fiber.Cookie{
		Name: sessionCookie, Value: token, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: token != "",
		Secure: c.Context().IsTLS() || strings.HasPrefix(s.PublicURL, "https://"),
	}
	if token == "" {
		cookie.MaxAge = -1
	}
	c.Cookie(cookie)
}

// toSheet leads to the sheet as it was asked for. After a form this is another
// request, so that reloading the sheet sends no key again.
func (s *server) toSheet(c *fiber.Ctx) error {
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

// visitor returns the key whose session the request belongs to; nil where it
// belongs to none, or to one that has ended or whose key has.
func (s *server) visitor(c *fiber.Ctx) (*access.Key, error) {
	token := c.Cookies(sessionCookie)
	if !access.IsToken(token) {
		return nil, nil //nolint:nilnil // no session, and that is no error
	}
	// It is read each time: whoever leaves has left on every instance.
	session, err := s.Sessions.SessionByHash(c.UserContext(), access.HashToken(token))
	if err != nil || session == nil || !s.Now().Before(session.Expires) {
		return nil, err
	}
	return s.keys.byID(c.UserContext(), session.Key)
}

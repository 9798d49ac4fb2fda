package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// A browser sends its cookies along with whatever makes it ask, so a cookie does not
// tell that a person sent a form from one of our pages. The form's token does: it is
// made of the cookie, which no other site can read, and stands in every form of the
// pages of people who sign in or are signed in. Nothing is stored for it.
//
// How to use it: mount the pages by Site.FormArea, which checks whatever is posted
// there; make their frame by Site.FormFrame; write {{template "csrf" .}} into each
// form with method post (what is handed in has the frame's FormToken). A page without
// a token fails to render such a form.
//
// The token is bound to the session's cookie. Before there is a session, at sign-in,
// it is bound to FormCookie, which FormFrame gives the browser then. A request that
// has neither cookie is refused: a page elsewhere, to which a browser sends none of our
// cookies, could else sign it in as somebody else. A form that was open while the
// person signed in or out elsewhere is refused too, and the page says so.

// FormField is the name of the hidden field that holds a form's token.
const FormField = view.FormField

// FormCookie binds the forms of a browser that has no session. It is chance, says
// nothing about anybody and goes when the browser is closed.
const FormCookie = "persepsi_form"

// errForeignForm refuses a form that is not from a page of this browser's session.
var errForeignForm = &survey.Error{Code: survey.Forbidden, Message: "the form is not from a page that this browser has open now; open the page again"}

// FormArea is Area for pages with forms of people who sign in or are signed in:
// whatever is posted there needs the form's token.
func (s *Site) FormArea(router fiber.Router, accepts Credentials) *Area {
	a := s.Area(router, accepts)
	a.forms = true
	return a
}

// FormFrame returns what a page with such forms has: a Frame with their token. The
// reply is for this browser alone and kept by no cache.
func (s *Site) FormFrame(c *fiber.Ctx, title string) view.Frame {
	c.Set(fiber.HeaderCacheControl, "no-store")
	out := s.Frame(c, title)
	if who := ActorOf(c); who.Person != "" {
		out.Me = &view.Me{Name: who.Name, Desk: access.Somewhere(who, access.ReadDesk)}
		for _, g := range who.Grants {
			if role := string(g.Role); !slices.Contains(out.Me.Roles, role) {
				out.Me.Roles = append(out.Me.Roles, role)
			}
		}
	}
	bound := binding(c)
	if bound == "" {
		bound = rand.Text() // never fails: without chance the program ends
		c.Cookie(&fiber.Cookie{
			Name: FormCookie, Value: bound, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true, Secure: s.Secure(c),
		})
	}
	out.FormToken = formToken(bound)
	return out
}

// Secure reports whether a browser may be told to send a cookie by TLS alone: where
// the service, or the proxy before it, is reached so.
func (s *Site) Secure(c *fiber.Ctx) bool {
	return c.Context().IsTLS() || strings.HasPrefix(s.PublicURL, "https://") || strings.HasPrefix(s.Peers.Address(c), "https://")
}

// ownForm returns errForeignForm for a form that another page sent than one of this
// browser as it is now, and Malformed for one with a file that can't be read.
func (s *Site) ownForm(c *fiber.Ctx) error {
	bound, token := binding(c), c.Request().PostArgs().Peek(FormField)
	if s.takesFile(c) {
		form, err := readUpload(c)
		if err != nil {
			return err
		}
		token = []byte(form.Values[FormField])
	}
	if bound != "" && hmac.Equal(token, []byte(formToken(bound))) {
		return nil
	}
	return errForeignForm
}

// binding returns the cookie that a browser's forms are bound to, empty where it has
// none.
func binding(c *fiber.Ctx) string {
	if v := c.Cookies(SessionCookie); access.IsToken(v) {
		return v
	}
	return c.Cookies(FormCookie)
}

// formToken returns the token of the forms that are bound to a cookie. It tells
// nothing of the cookie, and is not the hash that a session is stored under.
func formToken(bound string) string {
	mac := hmac.New(sha256.New, []byte(bound))
	mac.Write([]byte("persepsi form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

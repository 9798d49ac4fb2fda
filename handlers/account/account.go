package account

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// Deps is what the area needs.
type Deps struct {
	Accounts *account.Service
	City     CitySignIn // the city's own sign-in; nil: it has none
}

// accounts is what both kinds of pages need.
type accounts struct {
	site    *web.Site
	service *account.Service
	keys    *account.Passkeys // nil: browsers have none for the service's address
}

// entrance are the pages of signing in.
type entrance struct {
	accounts
	city CitySignIn // nil: the city has none of its own here
}

// self are the pages of one's own account.
type self struct {
	accounts
}

// ownPath is where somebody sees their own account.
const ownPath = "/akun"

// Mount adds the pages.
func Mount(app *fiber.App, edge *web.Site, of Deps) {
	s := accounts{edge, of.Accounts, newPasskeys(edge.PublicURL)}
	d, own := &entrance{s, of.City}, &self{s}
	area := edge.PeopleArea(app)
	area.Get(web.SignInPath, access.SignIn, d.door)
	area.Post(web.SignInPath, access.SignIn, d.signIn)
	area.Get(codePath, access.SignIn, d.code)
	area.Post(codePath, access.SignIn, d.giveCode)
	area.Get(cityPath, access.SignIn, d.toCity)
	area.Get(BackPath, access.SignIn, d.fromCity)
	area.Post(keyPath, access.SignIn, d.signInByKey)
	area.Post("/keluar", access.SignIn, d.signOut)
	area.Get(permalink.Start(":token"), access.SignIn, d.start)
	area.Post(permalink.Start(":token"), access.SignIn, d.setPassword)
	area.Get(ownPath, access.OwnAccount, own.own)
	area.Post(ownPath, access.OwnAccount, own.change)
	area.Get(appPath, access.OwnAccount, own.app)
	area.Post(appPath, access.OwnAccount, own.changeApp)
	area.Get(ownKeysPath, access.OwnAccount, own.ownKeys)
	area.Post(ownKeysPath, access.OwnAccount, own.changeKeys)
	area.Get(symbolPath, access.OwnAccount, own.symbol)
}

// DeviceCookie holds the marks of the accounts that a browser signed in to: see
// account.SignInResult. It opens nothing, and tells nothing of anybody.
const DeviceCookie = "persepsi_device"

// deviceFor is how long a browser keeps it: as long as browsers keep any.
const deviceFor = 400 * 24 * time.Hour

// browser returns what a request's browser brings along.
func browser(c *fiber.Ctx) account.Browser {
	return account.Browser{Name: Device(c.Get(fiber.HeaderUserAgent)), Marks: c.Cookies(DeviceCookie), Session: c.Cookies(web.SessionCookie)}
}

// admit gives a browser what whoever signed in keeps, and leads on.
func (d *accounts) admit(c *fiber.Ctx, in account.SignInResult, to string) error {
	d.keep(c, web.SessionCookie, in.Token, 0)
	d.keepMarks(c, in.Marks)
	return d.lead(c, to)
}

func (d *accounts) keepMarks(c *fiber.Ctx, marks string) {
	if marks != "" {
		d.keep(c, DeviceCookie, marks, deviceFor)
	}
}

// keep gives a browser a cookie, or takes it away where value is empty; without a time
// it goes when the browser is closed.
func (d *accounts) keep(c *fiber.Ctx, name, value string, lasts time.Duration) {
	cookie := &fiber.Cookie{
		Name: name, Value: value, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: d.site.Secure(c),
		SessionOnly: value != "" && lasts == 0, MaxAge: int(lasts / time.Second),
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.Cookie(cookie)
}

// lead leads to a page by another request, so that reloading it sends nothing again.
func (d *accounts) lead(c *fiber.Ctx, to string) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(to, fiber.StatusSeeOther)
}

// field returns what a form says in a field.
func field(c *fiber.Ctx, name string) string { return string(c.Request().PostArgs().Peek(name)) }

// refusal returns the error that a page is to tell of, nil where err is none such: then
// it is told as every other error is.
func refusal(c *fiber.Ctx, err error, codes ...survey.Code) *survey.Error {
	var e *survey.Error
	if !errors.As(err, &e) {
		return nil
	}
	for _, code := range codes {
		if e.Code == code {
			c.Status(web.Status(code))
			web.SetRetryAfter(c, e)
			return e
		}
	}
	return nil
}

// faults returns the codes of what is wrong, by field.
func faults(e *survey.Error) map[string]string {
	out := map[string]string{}
	for _, f := range e.Faults {
		if out[f.Field] == "" {
			out[f.Field] = f.Code
		}
	}
	return out
}

// minutes returns in how many whole minutes somebody may try again, at least one.
func minutes(wait time.Duration) int { return int((wait + time.Minute - 1) / time.Minute) }

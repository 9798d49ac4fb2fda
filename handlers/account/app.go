package account

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/qr"
	"persepsi/survey"
)

// The paths of the app that shows codes: the page, and the symbol that it is set up by.
const (
	appPath    = "/akun/aplikasi"
	symbolPath = "/akun/aplikasi.svg"
)

// app is GET /akun/aplikasi.
func (d *self) app(c *fiber.Ctx) error {
	page, err := d.newApp(c)
	if err != nil {
		return err
	}
	return d.site.Page(c, "app", page)
}

func (d *self) newApp(c *fiber.Ctx) (*view.App, error) {
	has, err := d.service.Factors(c.UserContext(), web.ActorOf(c).Person, d.site.Directories.Directory().City().Name)
	if err != nil {
		return nil, err
	}
	page := &view.App{Frame: d.site.FormFrame(c, "app.title"), Secret: has.Secret, Left: has.Recovery, Needed: len(web.ActorOf(c).Held) > 0, Ask: has.Password}
	if !has.Since.IsZero() {
		page.Since = d.site.Directories.Directory().Today(has.Since)
	}
	return page, nil
}

// symbol is GET /akun/aplikasi.svg: what an app's camera reads while it is set up.
func (d *self) symbol(c *fiber.Ctx) error {
	has, err := d.service.Factors(c.UserContext(), web.ActorOf(c).Person, d.site.Directories.Directory().City().Name)
	if err != nil {
		return err
	}
	if has.Address == "" {
		return survey.Errorf(survey.NotFound, "no app is being set up")
	}
	svg, err := qr.SVG(has.Address)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	return c.Send(svg)
}

// changeApp is POST /akun/aplikasi: begin, confirm or remove.
func (d *self) changeApp(c *fiber.Ctx) error {
	who, ctx := web.ActorOf(c), c.UserContext()
	if access.IsDemo(who.Person) {
		return survey.Errorf(survey.Forbidden, "the demonstration's people are everybody's")
	}
	var recovery []string
	var in account.SignInResult
	var err error
	switch field(c, "do") {
	case "mulai":
		_, _, err = d.service.BeginTOTP(ctx, who.Person, field(c, "old"), d.site.Directories.Directory().City().Name)
	case "pasang":
		recovery, in, err = d.service.ConfirmTOTP(ctx, who.Person, field(c, "totp"), browser(c))
	case "lepas":
		in, err = d.service.RemoveTOTP(ctx, who.Person, field(c, "totp"), browser(c))
	default:
		return survey.Errorf(survey.Malformed, "the form says not what to do")
	}
	if err == nil && in.Token != "" {
		d.keep(c, web.SessionCookie, in.Token, 0)
	}
	switch {
	case err == nil && recovery == nil, survey.CodeOf(err) == survey.Conflict: // another tab was faster
		return d.lead(c, appPath+"?lang="+language(c))
	case err == nil:
		return d.site.Page(c, "recovery", &view.Recovery{Frame: d.site.FormFrame(c, "recovery.title"), Codes: recovery})
	}
	e := refusal(c, err, survey.Invalid, survey.Unauthorized, survey.RateLimited)
	if e == nil {
		return err
	}
	page, err := d.newApp(c)
	if err != nil {
		return err
	}
	switch page.BadOld = faults(e)["old"] != ""; {
	case e.Code == survey.RateLimited:
		page.Wait = minutes(e.RetryAfter)
	case !page.BadOld:
		page.Refused = true
	}
	return d.site.Page(c, "app", page)
}

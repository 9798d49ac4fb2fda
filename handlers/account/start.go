package account

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/survey"
)

// start is GET /mulai/{token}: the form that a one-time link opens. To look at it uses
// nothing up.
func (d *entrance) start(c *fiber.Ctx) error {
	p, link, err := d.byLink(c)
	if err != nil || p == nil {
		return err
	}
	return d.site.Page(c, "start", d.newStart(c, p, link))
}

// byLink returns the person and link of a request's address. Where it opens nothing, it
// sends the page that says what to do, and returns nil.
func (d *entrance) byLink(c *fiber.Ctx) (*access.Person, *access.Link, error) {
	// The address is a secret: no page behind a link of this one learns it.
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	p, link, err := d.service.ByLink(c.UserContext(), c.Params("token"))
	if err == nil {
		return p, link, nil
	}
	return nil, nil, d.noLink(c, err)
}

func (d *entrance) noLink(c *fiber.Ctx, err error) error {
	e := refusal(c, err, survey.NotFound, survey.Closed)
	if e == nil {
		return err
	}
	page := &view.NoLink{Frame: d.site.FormFrame(c, "nolink.title"), Expired: e.Code == survey.Closed}
	page.Path, page.Query = "/masuk", nil // nothing repeats the address
	return d.site.Page(c, "nolink", page)
}

func (d *entrance) newStart(c *fiber.Ctx, p *access.Person, link *access.Link) *view.Start {
	page := &view.Start{
		Frame: d.site.FormFrame(c, "start.title"), Purpose: string(link.Purpose), Action: c.Path(), Email: p.Email, Name: p.Name,
		First: link.Purpose == access.FirstAdmin,
	}
	page.Me = nil // whoever is signed in here is not whom the link is for
	return page
}

// setPassword is POST /mulai/{token}. Of the form only what is named here is read.
func (d *entrance) setPassword(c *fiber.Ctx) error {
	p, link, err := d.byLink(c)
	if err != nil || p == nil {
		return err
	}
	form := account.NewPassword{Password: field(c, "password"), Again: field(c, "password2"), Email: field(c, "email"), Name: field(c, "name")}
	in, err := d.service.SetPassword(c.UserContext(), c.Params("token"), form, browser(c))
	if err == nil {
		return d.goOn(c, in, "")
	}
	e := refusal(c, err, survey.Invalid, survey.RateLimited)
	if e == nil {
		return d.noLink(c, err)
	}
	page := d.newStart(c, p, link)
	if page.Faults = faults(e); e.Code == survey.RateLimited {
		page.Wait = minutes(e.RetryAfter)
	}
	if page.First && form.Email != "" {
		page.Email = view.Retyped(form.Email)
	}
	if page.First && form.Name != "" {
		page.Name = view.Retyped(form.Name)
	}
	return d.site.Page(c, "start", page)
}

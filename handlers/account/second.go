package account

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/account"
	"persepsi/survey"
)

// codePath asks for the second factor of whoever gave a right password.
const codePath = "/masuk/kode"

// goOn lets in whoever signed in, or asks them for the second factor that their account
// has; the sign-in form may have sent it along.
func (d *entrance) goOn(c *fiber.Ctx, in account.SignInResult, wanted string) error {
	if !in.Half && !in.Second && len(in.Person.Actor(d.site.Now(), nil).Holding(d.site.SecondFactor).Held) > 0 {
		return d.admit(c, in, appPath+"?lang="+language(c)) // what their role needs first
	}
	if !in.Half {
		return d.admit(c, in, onward(c, in.Person.Actor(d.site.Now(), nil), wanted))
	}
	if code := field(c, "totp"); code != "" {
		whole, err := d.service.SecondFactor(c.UserContext(), in.Token, code, browser(c))
		if err == nil {
			return d.admit(c, whole, onward(c, whole.Person.Actor(d.site.Now(), nil), wanted))
		}
		if e := refusal(c, err, survey.Unauthorized, survey.RateLimited); e == nil {
			return err
		}
	}
	to := codePath + "?lang=" + language(c)
	if next := Local(wanted); next != "" {
		to += "&" + url.Values{web.Next: {next}}.Encode()
	}
	return d.admit(c, in, to)
}

// code is GET /masuk/kode.
func (d *entrance) code(c *fiber.Ctx) error {
	half, err := d.service.Half(c.UserContext(), c.Cookies(web.SessionCookie))
	if err != nil {
		return err
	}
	if !half {
		return d.lead(c, web.SignInPath+"?lang="+language(c))
	}
	return d.site.Page(c, "second", d.newCode(c))
}

func (d *entrance) newCode(c *fiber.Ctx) *view.Second {
	page := &view.Second{Frame: d.site.FormFrame(c, "second.title"), Next: Local(web.Asked(c, web.Next))}
	page.Query = map[string]string{web.Next: page.Next}
	return page
}

// giveCode is POST /masuk/kode.
func (d *entrance) giveCode(c *fiber.Ctx) error {
	token := c.Cookies(web.SessionCookie)
	half, err := d.service.Half(c.UserContext(), token)
	if err != nil {
		return err
	}
	if !half { // it took too long, or somebody ended it
		return d.lead(c, web.SignInPath+"?lang="+language(c))
	}
	in, err := d.service.SecondFactor(c.UserContext(), token, field(c, "totp"), browser(c))
	if err == nil {
		return d.admit(c, in, onward(c, in.Person.Actor(d.site.Now(), nil), web.Asked(c, web.Next)))
	}
	e := refusal(c, err, survey.Unauthorized, survey.RateLimited)
	if e == nil {
		return err
	}
	page := d.newCode(c)
	page.Refused = true
	if e.Code == survey.RateLimited {
		page.Refused, page.Wait = false, minutes(e.RetryAfter)
	}
	return d.site.Page(c, "second", page)
}

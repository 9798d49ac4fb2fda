package account

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/survey"
)

// own is GET /akun: who somebody is here, what they are granted and until when, and
// where they are signed in.
func (d *self) own(c *fiber.Ctx) error {
	page, err := d.newOwn(c)
	if err != nil {
		return err
	}
	if done := c.Query("selesai"); done == "sandi" || done == "sesi" {
		page.Done = done
	}
	return d.site.Page(c, "own", page)
}

func (d *self) newOwn(c *fiber.Ctx) (*view.AccountPage, error) {
	who, directory := web.ActorOf(c), d.site.Directories.Directory()
	page := &view.AccountPage{Frame: d.site.FormFrame(c, "own.title"), Name: who.Name, Email: who.Email}
	for _, g := range who.Grants {
		grant := view.Grant{Role: string(g.Role)}
		grant.Agency, grant.Unit = web.ScopeNames(directory, g.Scope)
		if !g.Until.IsZero() {
			// It ends at midnight: its last day is the one before.
			grant.Until = directory.Today(g.Until.Add(-1))
		}
		page.Grants = append(page.Grants, grant)
	}
	if page.Shared = access.IsDemo(who.Person); page.Shared {
		return page, nil
	}
	has, err := d.service.Factors(c.UserContext(), who.Person, directory.City().Name)
	if err != nil {
		return nil, err
	}
	page.App, page.ByKey = !has.Since.IsZero(), d.keys != nil
	sessions, err := d.service.Sessions(c.UserContext(), who.Person)
	if err != nil {
		return nil, err
	}
	here := access.HashToken(c.Cookies(web.SessionCookie))
	for i := range sessions {
		s := &sessions[i]
		shown := view.Session{ID: s.ID(), Device: s.Device, Here: s.Hash == here}
		shown.Day, shown.Clock = directory.Today(s.At), clock(s.At.In(directory.Zone()), page.Lang)
		shown.SeenDay, shown.SeenClock = directory.Today(s.Seen), clock(s.Seen.In(directory.Zone()), page.Lang)
		page.Sessions = append(page.Sessions, shown)
	}
	return page, nil
}

// clock returns a time of day as people write it.
func clock(t time.Time, lang string) string {
	if lang == survey.Languages()[0] {
		return t.Format("15.04")
	}
	return t.Format("15:04")
}

// change is POST /akun: it ends sessions, or sets another password. In a demonstration,
// whose people are anybody, it does neither.
func (d *self) change(c *fiber.Ctx) error {
	if access.IsDemo(web.ActorOf(c).Person) {
		return survey.Errorf(survey.Forbidden, "the demonstration's people are everybody's")
	}
	if id := field(c, "sesi"); id != "" {
		return d.endSessions(c, id)
	}
	return d.changePassword(c)
}

func (d *self) changePassword(c *fiber.Ctx) error {
	form := account.NewPassword{Password: field(c, "password"), Again: field(c, "password2")}
	in, err := d.service.ChangePassword(c.UserContext(), web.ActorOf(c).Person, field(c, "old"), form, browser(c))
	if err == nil {
		return d.admit(c, in, ownPath+"?selesai=sandi&lang="+language(c))
	}
	e := refusal(c, err, survey.Invalid, survey.RateLimited)
	if e == nil {
		return err
	}
	page, err := d.newOwn(c)
	if err != nil {
		return err
	}
	if page.Faults = faults(e); e.Code == survey.RateLimited {
		page.Wait = minutes(e.RetryAfter)
	}
	return d.site.Page(c, "own", page)
}

// endSessions ends one of the person's own sessions, or all but this one.
func (d *self) endSessions(c *fiber.Ctx, id string) error {
	who := web.ActorOf(c)
	var err error
	if id == "lain" {
		err = d.service.EndOthers(c.UserContext(), who, c.Cookies(web.SessionCookie))
	} else {
		err = d.service.EndSession(c.UserContext(), who, id)
	}
	if err != nil && survey.CodeOf(err) != survey.NotFound { // what has ended already has ended
		return err
	}
	return d.lead(c, ownPath+"?selesai=sesi&lang="+language(c))
}

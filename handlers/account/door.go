package account

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/survey"
)

// door is GET /masuk.
func (d *entrance) door(c *fiber.Ctx) error {
	page, err := d.newDoor(c)
	if err != nil {
		return err
	}
	if c.Query(web.Ended) != "" {
		page.Refused, page.Query[web.Ended] = "door.ended", "1"
	}
	return d.site.Page(c, "door", page)
}

func (d *entrance) newDoor(c *fiber.Ctx) (*view.Door, error) {
	if d.keys != nil {
		web.AllowFetch(c)
	}
	ways, err := d.ways(c.UserContext())
	page := &view.Door{Frame: d.site.FormFrame(c, "door.title"), Ways: ways, ByCity: d.city != nil, ByKey: d.keys != nil}
	leadOn(page, web.Asked(c, web.Next))
	return page, err
}

// leadOn tells a door where it leads on to, if that may be led to. Its link to the other
// language repeats that alone.
func leadOn(page *view.Door, wanted string) {
	page.Next = Local(wanted)
	page.Path, page.Query = web.SignInPath, map[string]string{web.Next: page.Next}
}

// signIn is POST /masuk: by e-mail and password, or in a demonstration by the name of a
// role.
func (d *entrance) signIn(c *fiber.Ctx) error {
	in, err := d.enter(c)
	if err == nil {
		return d.goOn(c, in, web.Asked(c, web.Next))
	}
	e := refusal(c, err, survey.Unauthorized, survey.RateLimited)
	if e == nil {
		return err
	}
	page, err := d.newDoor(c)
	if err != nil {
		return err
	}
	page.Email, page.Refused = view.Retyped(field(c, "email")), "door.wrong"
	if e.Code == survey.RateLimited {
		page.Refused, page.Wait = "", minutes(e.RetryAfter)
	}
	return d.site.Page(c, "door", page)
}

func (d *entrance) enter(c *fiber.Ctx) (account.SignInResult, error) {
	if role := access.Role(field(c, "role")); d.site.Directories.Directory().City().Demo && slices.Contains(access.Roles(), role) {
		// Each session is stored, and no password holds anybody back from opening more.
		if err := d.site.Passing(c)(web.SignInPath); err != nil {
			return account.SignInResult{}, err
		}
		return d.service.EnterDemo(c.UserContext(), access.DemoID(role), browser(c))
	}
	return d.service.SignIn(c.UserContext(), account.Attempt{Email: field(c, "email"), Password: field(c, "password"), From: d.site.From(c), Browser: browser(c)})
}

// ways returns the roles that a demonstration lets anybody in as; none in a real city,
// whatever people it has, and not as somebody who was given a password.
func (d *entrance) ways(ctx context.Context) ([]view.Way, error) {
	directory := d.site.Directories.Directory()
	if !directory.City().Demo {
		return nil, nil
	}
	people, err := d.site.PersonStore.People(ctx)
	if err != nil {
		return nil, err
	}
	var out []view.Way
	for _, role := range access.Roles() {
		i := slices.IndexFunc(people, func(p access.Person) bool { return p.ID == access.DemoID(role) && p.Open() && !p.Proves() })
		if i < 0 {
			continue
		}
		way := view.Way{Role: string(role)}
		for _, g := range people[i].Grants {
			way.Agency, _ = web.ScopeNames(directory, g.Scope)
		}
		out = append(out, way)
	}
	return out, nil
}

// signOut is POST /keluar.
func (d *entrance) signOut(c *fiber.Ctx) error {
	if err := d.service.SignOut(c.UserContext(), c.Cookies(web.SessionCookie)); err != nil {
		return err
	}
	d.keep(c, web.SessionCookie, "", 0)
	return d.lead(c, web.SignInPath+"?lang="+language(c))
}

package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/account"
	"persepsi/internal/oidc"
	"persepsi/survey"
)

// The paths of the city's own sign-in: there, and back.
const (
	cityPath = "/masuk/oidc"
	BackPath = "/masuk/oidc/kembali"
)

// cityCookie holds an attempt to sign in by the city's own sign-in, on its way.
const cityCookie = "persepsi_oidc"

// cityWithin is how long such an attempt may take.
const cityWithin = 10 * time.Minute

// CitySignIn asks the city's own sign-in who somebody is.
type CitySignIn interface {
	Begin(ctx context.Context, back string) (string, oidc.Attempt, error)
	Finish(ctx context.Context, a oidc.Attempt, state, code string) (oidc.Identity, error)
}

// toCity is GET /masuk/oidc.
func (d *entrance) toCity(c *fiber.Ctx) error {
	if d.city == nil {
		return survey.Errorf(survey.NotFound, "this city has no sign-in of its own here")
	}
	wanted := Local(web.Asked(c, web.Next))
	address, attempt, err := d.city.Begin(c.UserContext(), wanted)
	if err != nil {
		return d.cityFault(c, err, wanted)
	}
	text, err := json.Marshal(attempt)
	if err != nil {
		return err
	}
	d.keep(c, cityCookie, base64.RawURLEncoding.EncodeToString(text), cityWithin)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	return c.Redirect(address, fiber.StatusSeeOther)
}

// fromCity is GET /masuk/oidc/kembali. Who comes from there gave their factors there:
// no second one is asked for.
func (d *entrance) fromCity(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer") // the address holds a code
	if d.city == nil {
		return survey.Errorf(survey.NotFound, "this city has no sign-in of its own here")
	}
	var attempt oidc.Attempt
	if text, err := base64.RawURLEncoding.DecodeString(c.Cookies(cityCookie)); err == nil {
		_ = json.Unmarshal(text, &attempt) // what can't be read is no attempt
	}
	d.keep(c, cityCookie, "", 0)
	if c.Query("error") != "" { // they thought better of it, or the provider did
		return d.cityFault(c, survey.Errorf(survey.Unauthorized, "the city's sign-in let nobody in"), attempt.Back)
	}
	who, err := d.city.Finish(c.UserContext(), attempt, c.Query("state"), c.Query("code"))
	if err != nil {
		return d.cityFault(c, err, attempt.Back)
	}
	directory := d.site.Directories.Directory()
	in, err := d.service.Enter(c.UserContext(), account.Outsider{
		Subject: who.Subject, Email: who.Email, Verified: who.Verified, Name: who.Name, Claimed: who.Roles != nil,
		Grants: account.Claims(who.Roles, who.Agencies, func(code string) (string, bool) {
			a, ok := directory.Agency(code)
			if !ok {
				return "", false
			}
			return a.Key(), true
		}),
	}, browser(c))
	if err != nil {
		return d.cityFault(c, err, attempt.Back)
	}
	return d.admit(c, in, onward(c, in.Person.Actor(d.site.Now(), nil), attempt.Back))
}

// cityFault shows the door with why the city's own sign-in let nobody in, and leads on
// from there to what was wanted. Nothing of the provider's answer is repeated.
func (d *entrance) cityFault(c *fiber.Ctx, err error, wanted string) error {
	e := refusal(c, err, survey.Unauthorized, survey.Forbidden, survey.Unavailable)
	if e == nil {
		return err
	}
	if e.Cause != nil {
		d.site.LogTrouble(c, e.Cause)
	}
	page, err := d.newDoor(c)
	if err != nil {
		return err
	}
	leadOn(page, wanted)
	page.Refused = map[survey.Code]string{survey.Unauthorized: "door.city.refused", survey.Forbidden: "door.city.stranger", survey.Unavailable: "door.city.away"}[e.Code]
	return d.site.Page(c, "door", page)
}

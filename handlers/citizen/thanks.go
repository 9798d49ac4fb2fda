package citizen

import (
	"net/url"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// expireHistory makes the browser forget the pages before this one. Browsers keep
// them for "back" as they were left, a form with its answers and their id, but
// not pages of no-store after a cookie has changed: hence a cookie that says
// nothing, and changes each time. It works without a script; form.js does the
// same where cookies are refused.
func expireHistory(c *fiber.Ctx) {
	value := "1"
	if c.Cookies(forgetCookie) == value {
		value = "0"
	}
	c.Cookie(&fiber.Cookie{Name: forgetCookie, Value: value, Path: permalink.Form(""), MaxAge: forgetFor, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode})
}

const (
	forgetCookie = "persepsi_forget"
	forgetFor    = 600 // seconds; browsers keep a page for "back" no longer
)

// thanksAddress is where a stored answer leads.
func thanksAddress(r *survey.Response, draft *survey.Draft) string {
	address := permalink.Form(r.Point) + "/terima-kasih?r=" + r.Receipt() + "&id=" + r.ID.String() + "&lang=" + r.Lang
	for _, p := range [][2]string{{"mode", draft.Mode}, {"period", draft.Period}} {
		if p[1] != "" {
			address += "&" + p[0] + "=" + url.QueryEscape(p[1])
		}
	}
	return address
}

// thanks is the page after sending. It vouches only for an answer of this point
// that is stored, and whose id and receipt the address has.
func (s *pages) thanks(c *fiber.Ctx, d *survey.Directory, place survey.Place) error {
	data := &view.Thanks{Frame: s.site.Frame(c, "thanks.title"), Place: place}
	if id, err := uuid.Parse(c.Query("id")); err == nil {
		switch stored, err := s.receiver.Find(c.UserContext(), id); {
		case err != nil:
			data.Unsure = true
			s.site.LogTrouble(c, err)
			c.Status(fiber.StatusServiceUnavailable)
		case stored != nil && stored.Point == place.Point.Key() && stored.Receipt() == c.Query("r"):
			data.Receipt, data.ID = stored.Receipt(), stored.ID.String()
		}
	}
	period := c.Query("period")
	if _, ok := d.Period(period); !ok {
		period = ""
	}
	switch mode, _ := screenMode(c.Query("mode")); mode { // one that there is not is none
	case "":
	case survey.ModeKiosk.String():
		kiosk(&data.Frame, place.Point.Code, period)
	default:
		data.Again = formAddress(place.Point.Code, mode, period, data.Lang)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	// The address names an answer: a log that keeps where a request came from must
	// not get it with the style sheet or the page that is opened next.
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	web.Scripted(c)
	return s.site.Page(c, "thanks", data)
}

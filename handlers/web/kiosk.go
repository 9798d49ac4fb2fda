package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/survey"
)

// FormAddress returns the address of an empty form of a point, in the default
// language where lang is empty. mode and period may be empty.
func FormAddress(point, mode, period, lang string) string {
	q := url.Values{}
	for name, value := range map[string]string{"mode": mode, "period": period, "lang": lang} {
		if value != "" {
			q.Set(name, value)
		}
	}
	address := "/s/" + url.PathEscape(point)
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// Kiosk turns a page into one for a screen that the next person finds as the
// last one left it: no links that lead away, and back to an empty form in the
// default language by itself.
func Kiosk(f *view.Frame, point, period string) {
	f.Kiosk = true
	f.Return = FormAddress(point, survey.ModeKiosk.String(), period, "")
}

// onKiosk reports whether a page of a point is shown on a kiosk.
func onKiosk(c *fiber.Ctx) bool {
	_, ok := pointOf(c)
	return ok && Asked(c, "mode") == survey.ModeKiosk.String()
}

// ScreenMode reads the mode of a form on a screen; empty is the citizen's own
// phone.
func ScreenMode(s string) (string, error) {
	modes := survey.ScreenModes()
	switch {
	case s == "" || s == modes[0]:
		return "", nil
	case slices.Contains(modes, s):
		return s, nil
	default:
		return "", survey.Faulty("the address cannot be read", []survey.Fault{{Field: "mode", Code: "unknown_value", Message: "must be one of " + strings.Join(modes, " ")}})
	}
}

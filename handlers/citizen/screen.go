package citizen

import (
	"net/url"
	"slices"
	"strings"

	"persepsi/handlers/view"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// formAddress returns the address of an empty form of a point, in the default
// language where lang is empty. mode and period may be empty.
func formAddress(point, mode, period, lang string) string {
	q := url.Values{}
	for name, value := range map[string]string{"mode": mode, "period": period, "lang": lang} {
		if value != "" {
			q.Set(name, value)
		}
	}
	address := permalink.Form(point)
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// kiosk turns a page into one for a screen that the next person finds as the
// last one left it: no links that lead away, and back to an empty form in the
// default language by itself.
func kiosk(f *view.Frame, point, period string) {
	f.Kiosk = true
	f.Return = formAddress(point, survey.ModeKiosk.String(), period, "")
}

// screenMode reads the mode of a form on a screen; empty is the citizen's own
// phone.
func screenMode(s string) (string, error) {
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

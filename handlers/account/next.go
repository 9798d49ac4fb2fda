package account

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
)

// maxNext is the longest address that somebody is led back to, in bytes.
const maxNext = 500

// Local returns an address of this service that may be led to, as path and query;
// empty for all else: another site's, which two slashes begin, in whatever spelling,
// the pages of signing in themselves, and one with a step that a browser takes back (a
// segment "." or ".."), which could lead to either.
func Local(address string) string {
	if len(address) > maxNext || !strings.HasPrefix(address, "/") || strings.ContainsAny(address, " \\") {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host != "" {
		return ""
	}
	steps := strings.Split(strings.ToLower(u.Path), "/")
	if slices.Contains(steps, ".") || slices.Contains(steps, "..") {
		return ""
	}
	first := "/" + steps[1]
	if strings.Contains(u.Path, "//") || strings.ContainsAny(u.Path, "\\\r\n\t") || slices.Contains([]string{web.SignInPath, "/keluar", "/mulai"}, first) {
		return ""
	}
	out := u.EscapedPath()
	if u.RawQuery != "" {
		out += "?" + u.RawQuery
	}
	return out
}

// onward returns where somebody goes who signed in: where they wanted, else where their
// work is.
func onward(c *fiber.Ctx, who access.Actor, wanted string) string {
	if to := Local(wanted); to != "" {
		return to
	}
	to := ownPath
	if access.Somewhere(who, access.ReadDesk) {
		to = web.DeskPath
	}
	return to + "?lang=" + language(c)
}

func language(c *fiber.Ctx) string { return view.Language(web.Asked(c, "lang")) }

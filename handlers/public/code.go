package public

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// maxSearch is how many characters of a search or code are looked at: more
// than a point's address has, with whatever was added to it on its way.
const maxSearch = 200

// typed returns what somebody typed into a search or code field.
func typed(s string) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > maxSearch {
		s = string(r[:maxSearch])
	}
	return s
}

// pointNamed finds the point whose code somebody typed, with any case, spaces
// and hyphens, or whose form's address they pasted. The host doesn't matter:
// the code is looked up here, and where it leads is ours.
func pointNamed(d *survey.Directory, text string) (survey.Place, bool) {
	form := permalink.Form("")
	if i := strings.LastIndex(text, form); i >= 0 {
		text, _, _ = strings.Cut(text[i+len(form):], "?")
		text, _, _ = strings.Cut(text, "#")
		text = strings.TrimSuffix(text, "/")
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	return d.Point(text)
}

// toForm leads to a point's form.
func toForm(c *fiber.Ctx, place survey.Place) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(permalink.Form(place.Point.Code)+"?lang="+view.Language(c.Query("lang")), fiber.StatusSeeOther)
}

// code is GET /s: it takes a point's code that is typed, for phones that can't
// read the symbol. An unknown one comes back with what was typed; codes are
// never suggested, since knowing one is the sign of having been there.
func (s *pages) code(c *fiber.Ctx) error {
	asked := typed(c.Query("code", c.Query("q")))
	data := &view.Code{Frame: s.site.Frame(c, "code.title"), Typed: asked}
	if asked != "" {
		if place, ok := pointNamed(s.site.Directories.Directory(), asked); ok {
			return toForm(c, place)
		}
		data.Unknown = true
		c.Status(fiber.StatusNotFound)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.site.Page(c, "code", data)
}

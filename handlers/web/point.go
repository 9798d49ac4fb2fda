package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// AtPoint makes the handler of a route with :point: the point is looked up once,
// and handed on with the catalogue that it is from. NotFound: there is none.
func (s *Site) AtPoint(handle func(*fiber.Ctx, *survey.Directory, survey.Place) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		d := s.Directories.Directory()
		point, ok := d.Point(c.Params("point"))
		if !ok {
			return survey.Errorf(survey.NotFound, "there is no service point with this code")
		}
		return handle(c, d, point)
	}
}

// pointOf reads a point's code out of an address under /s/. A request that
// could not be read has no route and so no parameters.
func pointOf(c *fiber.Ctx) (code string, ok bool) {
	rest, ok := strings.CutPrefix(c.Path(), "/s/")
	code, _, _ = strings.Cut(rest, "/")
	return code, ok && code != ""
}

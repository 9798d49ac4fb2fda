package web

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// AtPoint makes the handler of a route with :point, of a page or of the API: the point is
// looked up once, and handed on with the catalogue that it is from. NotFound: there is none.
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

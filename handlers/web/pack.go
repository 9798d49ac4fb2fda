package web

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// PackOf returns the link to a unit's evidence package of a period; nil: it is not for who
// asks.
func (s *Site) PackOf(c *fiber.Ctx, place survey.Place, period, lang string) *view.Pack {
	on := access.Unit(place.Agency.Key(), place.Unit.Key())
	if !s.May(c, access.TakeEvidence, on) {
		return nil
	}
	return &view.Pack{Path: view.PackAddress(place.Unit.Code, period, lang), Rows: s.May(c, access.ReadRows, on)}
}

package web

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/internal/access"
)

// assetRoutes are the files that pages load.
func (s *Site) assetRoutes(app *fiber.App) {
	s.Area(app, Anonymous).Get("/assets/:file", access.Browse, func(c *fiber.Ctx) error {
		a, same := s.Pages.Asset(c.Params("file"))
		if a == nil {
			return c.Next()
		}
		c.Set(fiber.HeaderContentType, a.ContentType)
		c.Set(fiber.HeaderCacheControl, "no-store")
		if same {
			c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		}
		c.Vary(fiber.HeaderAcceptEncoding)
		if !TakesGzip(c) {
			return c.Send(a.Body)
		}
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(a.Gzip)
	})
}

// Scripted lets a page load scripts of our own: the citizen's form and its
// thank-you page, an evaluator's form, and those of AllowFetch, and no other.
func Scripted(c *fiber.Ctx) {
	c.Response().Header.SetCanonical(policyName, scriptedPolicy)
}

// AllowFetch is Scripted for the pages of passkeys, whose script asks this service for
// what a browser has to sign.
func AllowFetch(c *fiber.Ctx) {
	c.Response().Header.SetCanonical(policyName, fetchingPolicy)
}

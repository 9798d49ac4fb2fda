package web

import "github.com/gofiber/fiber/v2"

// assetRoutes are the files that pages load.
func (s *Site) assetRoutes(app *fiber.App) {
	script := s.Pages.Script()
	app.Get(script.Path, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		return c.Send(script.Body)
	})
}

// Scripted lets a page load scripts of our own: the citizen's form and its
// thank-you page, and no other.
func Scripted(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy+"; script-src 'self'")
}

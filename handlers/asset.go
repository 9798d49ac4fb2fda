package handlers

import "github.com/gofiber/fiber/v2"

// assetRoutes are the files that pages load.
func (s *server) assetRoutes(app *fiber.App) {
	script := s.pages.Script()
	app.Get(script.Path, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		return c.Send(script.Body)
	})
}

// scripted lets a page load scripts of our own: the citizen's form and its
// thank-you page, and no other.
func scripted(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy+"; script-src 'self'")
}

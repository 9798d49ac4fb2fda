package web

import "github.com/gofiber/fiber/v2"

// Framed lets pages of any site frame this one: a result card, which takes no input and reads
// no cookie.
func Framed(c *fiber.Ctx) { c.Response().Header.SetCanonical(policyName, framedPolicy) }

// Anywhere lets any site show this picture, one too that asks each picture for leave
// (Cross-Origin-Embedder-Policy).
func Anywhere(c *fiber.Ctx) { c.Set("Cross-Origin-Resource-Policy", "cross-origin") }

// Address returns where citizens reach the service: the configured address, which is fixed,
// or in a demonstration the one that this request came to. That one is whatever the client
// says, so nothing made of it may be cached for others. ok is false where there is neither.
func (s *Site) Address(c *fiber.Ctx) (address string, fixed, ok bool) {
	if s.PublicURL != "" {
		return s.PublicURL, true, true
	}
	if !s.Directories.Directory().City().Demo {
		return "", false, false
	}
	return s.Peers.Address(c), false, true
}

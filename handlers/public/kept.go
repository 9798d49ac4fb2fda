package public

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/cache"
)

// kept sends a page that is rendered once for all who ask for the same: for a key that names
// all that it depends on, whether it is compressed too. fill adds what is costly to have, and
// tells whether nothing of it is missing; else the page is kept for nobody.
func (s *pages) kept(c *fiber.Ctx, key any, template string, data view.PageData, fill func() (whole bool, err error)) error {
	zipped := web.TakesGzip(c)
	page, err := cache.Get(s.site.Cache, key, func() ([]byte, int, error) {
		whole, err := fill()
		if err != nil {
			return nil, 0, err
		}
		body, err := s.site.Pages.Render(template, data)
		if err == nil && zipped {
			body, err = web.Zip(body, web.ZipLevel)
		}
		size := len(body)
		if !whole {
			size = cache.Unkept
		}
		return body, size, err
	})
	if err != nil {
		return err
	}
	return web.SendPage(c, page, zipped)
}

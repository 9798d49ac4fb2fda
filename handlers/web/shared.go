package web

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/cache"
)

// longestKept is the longest address of a page that is kept, in bytes: longer ones are of
// somebody's own making.
const longestKept = 256

// SharedPage sends a page of signed-in people that is rendered once for all who see the same
// of it. key names all that it depends on but who is signed in, whom frame tells of; keep is
// false where something of it could not be read. What is kept holds neither the name nor a
// token of whoever asked first: see view.Pages.RenderShared.
func (s *Site) SharedPage(c *fiber.Ctx, frame view.Frame, key any, template string, fill func() (page view.PageData, keep bool, err error)) error {
	own, err := s.Pages.RenderOwn(frame)
	if err != nil {
		return err
	}
	page, err := cache.Get(s.Cache, key, func() (*SplicedPage, int, error) {
		data, keep, err := fill()
		if err != nil {
			return nil, 0, err
		}
		before, after, err := s.Pages.RenderShared(template, data)
		if err != nil {
			return nil, 0, err
		}
		page, err := Splice(before, after, 0, PageLevel(len(before)+len(after)))
		if err != nil {
			return nil, 0, err
		}
		size := page.Size()
		if !keep || len(c.OriginalURL()) > longestKept {
			size = cache.Unkept
		}
		return page, size, nil
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return page.Send(c, own)
}

package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/cache"
	"persepsi/internal/desk"
)

// pageKey is all that a page of the desk depends on but who is signed in. The desk's
// revision stands for what is shown of it, the version of the catalogue for the rest.
type pageKey struct {
	template, address string
	scopes, revision  string
	bar               string // the parts that the bar leads to
	catalogue         int64
	more              any // what the page shows beside the desk; nil: nothing
}

// longestKept is the longest address of a page that is kept, in bytes: longer ones are of
// somebody's own making.
const longestKept = 256

// filledPage is the data of a page for its template. One that is passing is not kept:
// something of it could not be read.
type filledPage struct {
	page    view.Framed
	passing bool
}

// sharedPage sends a page of a desk, which is rendered once for all who see the same of it.
// more names what it shows beside the desk. What is kept holds neither the name nor a
// token of whoever asked first: see view.Pages.RenderShared.
func (l *layout) sharedPage(c *fiber.Ctx, d *desk.Desk, template string, more any, fill func() (filledPage, error)) error {
	web.AllowFetch(c)
	own, err := l.site.Pages.RenderOwn(l.site.FormFrame(c, "desk.title"))
	if err != nil {
		return err
	}
	key := pageKey{template, c.OriginalURL(), d.Scopes(), d.Revision, fmt.Sprint(l.bar(web.ActorOf(c))), l.site.Directories.Directory().Catalogue().Version, more}
	page, err := cache.Get(l.site.Cache, key, func() (*web.Spliced, int, error) {
		filled, err := fill()
		if err != nil {
			return nil, 0, err
		}
		before, after, err := l.site.Pages.RenderShared(template, filled.page)
		if err != nil {
			return nil, 0, err
		}
		page, err := web.Splice(before, after, 0, web.PageLevel(len(before)))
		if err != nil {
			return nil, 0, err
		}
		size := page.Size()
		if filled.passing || len(key.address) > longestKept {
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

package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
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

// filledPage is the data of a page for its template. One that is passing is not kept:
// something of it could not be read.
type filledPage struct {
	page    view.PageData
	passing bool
}

// sharedPage sends a page of a desk, which is rendered once for all who see the same of it.
// more names what it shows beside the desk; see web.Site.SharedPage.
func (l *layout) sharedPage(c *fiber.Ctx, d *desk.Desk, template string, more any, fill func() (filledPage, error)) error {
	web.AllowFetch(c)
	frame := l.site.FormFrame(c, "desk.title")
	frame.Desk = &view.DeskFrame{}
	key := pageKey{template, c.OriginalURL(), d.Scopes(), d.Revision, fmt.Sprint(l.bar(web.ActorOf(c))), l.site.Directories.Directory().Catalogue().Version, more}
	return l.site.SharedPage(c, frame, key, template, func() (view.PageData, bool, error) {
		filled, err := fill()
		return filled.page, !filled.passing, err
	})
}

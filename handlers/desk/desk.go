package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/report"
)

// Home is the desk's first page, where people land who signed in.
const Home = web.DeskPath

// pages are the pages of the desk.
type pages struct {
	*web.Site
	figures *report.Builder
	streams *web.Streams
}

// Mount adds the desk.
func Mount(app *fiber.App, site *web.Site, figures *report.Builder) {
	p := &pages{Site: site, figures: figures, streams: web.NewStreams()}
	area := site.PeopleArea(app)
	area.Get(Home, access.ReadDesk, p.morning)
	site.WatchArea(app).Get(livePath, access.ReadDesk, p.live)
}

package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
)

// Home is the desk's first page, where people land who signed in.
const Home = web.DeskPath

// The parameters of the pages: a period, and on the first page one agency, and a search.
const (
	periodParam = "period"
	agencyParam = "opd"
	searchParam = "q"
	allParam    = "semua" // lists all items
)

// pages are the pages of the desk.
type pages struct {
	*web.Site
	desks   *desk.Builder
	grades  *analytics.Grades
	streams *web.Streams
}

// Mount adds the desk.
func Mount(app *fiber.App, site *web.Site, desks *desk.Builder) error {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return err
	}
	p := &pages{Site: site, desks: desks, grades: grades, streams: web.NewStreams()}
	area := site.PeopleArea(app)
	area.Get(Home, access.ReadDesk, p.morning)
	site.WatchArea(app).Get(livePath, access.ReadDesk, p.live)
	return nil
}

package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/web"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/reporting"
	"persepsi/internal/wording"
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

// Deps is what the area needs.
type Deps struct {
	Desks    *desk.Builder
	Comments *comment.Reader
	Reports  *reporting.Reports
	Dossiers *dossier.Maker // evidence packages
	Work     Work           // that takes long
}

// Mount adds the desk.
func Mount(app *fiber.App, site *web.Site, of Deps) error {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return err
	}
	words, err := wording.Load()
	if err != nil {
		return err
	}
	area, frame := site.PeopleArea(app), &layout{site, of.Desks}
	units := &unitPages{frame, site, of.Reports.Details}
	long := &work{frame, site, of.Work, site.NewFileQueue(mostDossiers, dossierWithin)}
	(&groupPages{frame, site.Directories, grades}).mount(area)
	units.mount(area)
	(&commentPages{frame, site, of.Comments}).mount(area)
	(&paperForms{frame, site.Directories, site.Cache, words}).mount(area)
	(&reports{frame, site, units, of.Reports, of.Comments, site.NewFileQueue(mostReports, reportsWithin)}).mount(area)
	long.mount(area)
	(&dossiers{frame, site, of.Dossiers, site.NewFileQueue(mostDossiers, dossierWithin)}).mount(area)
	(&posters{frame, site, site.NewFileQueue(mostPosters, postersWithin), of.Reports.Figures, grades}).mount(area)
	(&stream{frame, site.People, countStreams(), long}).mount(site.WatchArea(app))
	return nil
}

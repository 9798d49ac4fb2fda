package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/reporting"
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
	desks    *desk.Builder
	comments *comment.Reader
	closer   *desk.Details
	grades   *analytics.Grades
	streams  *web.Streams
	work     *work
}

// Mount adds the desk.
func Mount(app *fiber.App, site *web.Site, desks *desk.Builder, comments *comment.Reader, of *reporting.Reports, work Work, packages *dossier.Office) error {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return err
	}
	p := &pages{Site: site, desks: desks, comments: comments, closer: of.Details, grades: grades, streams: web.NewStreams()}
	area := site.PeopleArea(app)
	area.Get(Home, access.ReadDesk, p.morning)
	area.Get(unitPath, access.ReadDesk, p.overview)
	area.Get(unitPath+"/rincian", access.ReadDesk, p.details)
	area.Get(unitPath+"/sampel", access.ReadDesk, p.sample)
	area.Get(unitPath+"/kaitan", access.ReadLive, p.relations)
	area.Get(commentsPath, access.ReadComments, p.allComments)
	area.Get(unitComments, access.ReadComments, p.commentsOfUnit)
	area.Post(unitComments+"/tandai", access.MarkComments, p.markComment)
	area.Get(unitComments+"/buka", access.RevealComment, p.askReason)
	area.Post(unitComments+"/buka", access.RevealComment, p.revealComment)
	area.Get(cityPath, access.ReadDesk, p.city)
	area.Get(agencyPath+":agency", access.ReadDesk, p.agency)
	area.Get(comparePath, access.ReadDesk, p.compare)
	if err := p.mountForms(area); err != nil {
		return err
	}
	p.mountReports(area, of)
	p.mountWork(area, work)
	p.mountPacks(area, packages)
	p.mountPosters(area, of.Figures)
	site.WatchArea(app).Get(livePath, access.ReadDesk, p.live)
	return nil
}

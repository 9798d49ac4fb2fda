package citizen

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// help helps a citizen on from an error page under /s/: to the unit's result, with the
// next period where the survey is closed, and to a new form where the one that was sent
// is stored already. On a kiosk it returns by itself.
func (s *pages) help(c *fiber.Ctx, code survey.Code, page *view.Failure) {
	// A request that could not be read has no route and so no parameters.
	rest, ok := strings.CutPrefix(c.Path(), permalink.Form(""))
	point, _, _ := strings.Cut(rest, "/")
	if !ok || point == "" {
		return
	}
	asked, period := web.Asked(c, "mode"), web.Asked(c, "period")
	mode, _ := screenMode(asked) // one that there is not is none
	d := s.site.Directories.Directory()
	if place, ok := d.Point(point); ok {
		point = place.Point.Code
		page.Place = place
		switch shut := place.Unit.Closed || place.Agency.Closed; {
		case code == survey.Conflict:
			s.tell(page, "sent")
			page.Path = permalink.Form(point)
			page.Again = formAddress(point, mode, period, page.Lang)
		case !shut:
			page.Next = d.Upcoming(place.Unit.Code, d.Today(s.site.Now()))
		case code == survey.Closed:
			s.tell(page, "shut")
		}
	}
	if asked == survey.ModeKiosk.String() {
		kiosk(&page.Frame, point, period)
	}
}

// tell has an error page say something of its own.
func (s *pages) tell(page *view.Failure, key string) {
	page.Key = key
	page.Title = s.site.Pages.Say(page.Lang, "error."+key+".title")
}

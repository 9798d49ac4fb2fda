package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
)

// links are what the bar leads to, each for who may do its action somewhere. A page that
// is added to the desk adds its row.
func links() []navigation {
	return []navigation{
		{view.DeskMorning, Home, access.ReadDesk},
		{view.DeskSheet, "/lke", access.ReadLKE},
	}
}

type navigation struct {
	key, path string
	needs     access.Action
}

// frame returns what a page of the desk has; title is a message key, here the part of the
// desk that it belongs to. The page loads the desk's script.
func (p *pages) frame(c *fiber.Ctx, title, here string) view.Frame {
	web.AllowFetch(c)
	out := p.FormFrame(c, title)
	out.Desk = &view.Desk{}
	for _, n := range links() {
		if access.Somewhere(web.ActorOf(c), n.needs) {
			out.Desk.Links = append(out.Desk.Links, view.DeskLink{Key: n.key, Path: n.path, Here: n.key == here})
		}
	}
	return out
}

// describe tells in a page's frame whose desk it is.
func describe(f *view.Frame, r reach) {
	switch {
	case r.place.Unit != nil:
		f.Desk.Of = r.place.Unit.Name
	case r.agency != nil:
		f.Desk.Of = r.agency.Name
	case r.city:
		f.Desk.Of = f.City
	default:
		f.Desk.Units = len(r.units)
	}
}

package desk

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
)

// links are what the bar leads to, each for who may do its action somewhere. A page that
// is added to the desk adds its row.
func links() []navigation {
	return []navigation{
		{view.DeskMorning, Home, access.ReadDesk},
		{view.DeskComments, commentsPath, access.ReadComments},
		{view.DeskSheet, "/lke", access.ReadLKE},
		{view.DeskWork, workPath, access.ReadDesk},
	}
}

// groupLinks leads to the city for who sees all of it, else to the one agency that is seen
// whole.
func groupLinks(d *desk.Desk) []navigation {
	if len(d.Whole) > 0 {
		return []navigation{{view.DeskCity, cityPath, access.ReadDesk}}
	}
	var whole []*desk.Agency
	for _, a := range d.Agencies {
		if len(a.Groups) > 0 {
			whole = append(whole, a)
		}
	}
	if len(whole) != 1 {
		return nil
	}
	return []navigation{{view.DeskAgencyPart, agencyPath + whole[0].Code, access.ReadDesk}}
}

type navigation struct {
	key, path string
	needs     access.Action
}

// frame returns what a page of a desk has; title is a message key, here the part of the
// desk that it belongs to, period the code of the one that is asked for. The page loads the
// desk's script, which asks for it again as soon as something else is to be shown.
func (l *layout) frame(c *fiber.Ctx, d *desk.Desk, period, title, here string) view.Frame {
	web.AllowFetch(c)
	out := l.site.FormFrame(c, title)
	zone := l.site.Directories.Directory().Zone()
	out.Desk = &view.DeskFrame{Live: liveAddress(period), Revision: d.Revision, Today: d.Today, Late: d.Late, Of: whose(l.desks.Desk().For(web.ActorOf(c)), web.ActorOf(c))}
	if d.Late != nil {
		out.Desk.Late = &desk.Staleness{Since: d.Late.Since.In(zone)}
	}
	for _, n := range l.bar(web.ActorOf(c)) {
		out.Desk.Links = append(out.Desk.Links, view.DeskLink{Key: n.key, Path: n.path, Here: n.key == here})
	}
	return out
}

// bar returns what the bar leads somebody to.
func (l *layout) bar(who access.Actor) []navigation {
	return slices.DeleteFunc(append(links(), groupLinks(l.desks.Desk().For(who))...), func(n navigation) bool { return !access.Somewhere(who, n.needs) })
}

// whose names whose desk it is: of one unit, of one agency, or the city's.
func whose(d *desk.Desk, who access.Actor) string {
	switch {
	case access.Allow(who, access.ReadDesk, access.City()) || len(d.Agencies) != 1:
		return d.City
	case len(d.Agencies[0].Units) == 1:
		return d.Agencies[0].Units[0].Name
	default:
		return d.Agencies[0].Name
	}
}

// liveAddress returns the address of the stream that watches a desk in a period.
func liveAddress(period string) string {
	if period == "" {
		return livePath
	}
	return livePath + "?" + url.Values{periodParam: {period}}.Encode()
}

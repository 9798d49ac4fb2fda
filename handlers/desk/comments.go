package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/comment"
	"persepsi/survey"
)

const (
	commentsPath = Home + "/komentar"
	unitComments = Home + "/unit/:unit/komentar"
)

// unitCommentsPath is the address of a unit's comments.
func unitCommentsPath(code string) string { return Home + "/unit/" + code + "/komentar" }

// commentPages are the pages of comments.
type commentPages struct {
	layout *layout
	site   *web.Site
	reader *comment.Reader
}

func (p *commentPages) mount(area *web.Area) {
	area.Get(commentsPath, access.ReadComments, p.allComments)
	area.Get(unitComments, access.ReadComments, p.commentsOfUnit)
	area.Post(unitComments+"/tandai", access.MarkComments, p.markComment)
	area.Get(unitComments+"/buka", access.RevealComment, p.askReason)
	area.Post(unitComments+"/buka", access.RevealComment, p.revealComment)
}

// commentList is what a request for comments asks for.
type commentList struct {
	directory *survey.Directory
	units     []survey.Place
	unit      survey.Place // without a unit: all units
	period    *survey.Period
	periods   []*survey.Period
	asked     commentQuery
	path      string
}

// allComments is GET /meja/komentar: the comments of all units on a desk.
func (p *commentPages) allComments(c *fiber.Ctx) error {
	d := p.site.Directories.Directory()
	units, err := p.commentUnits(c, d)
	if err != nil {
		return err
	}
	return p.listComments(c, &commentList{directory: d, units: units, path: commentsPath})
}

// commentsOfUnit is GET /meja/unit/{unit}/komentar.
func (p *commentPages) commentsOfUnit(c *fiber.Ctx) error {
	l, err := p.unitList(c)
	if err != nil {
		return err
	}
	return p.listComments(c, l)
}

// unitList finds the unit that a request names, whose comments who asks may read. Error:
// NotFound, the same for every other code.
func (p *commentPages) unitList(c *fiber.Ctx) (*commentList, error) {
	d := p.site.Directories.Directory()
	place, ok := d.Unit(c.Params("unit"))
	if !ok || !p.site.May(c, access.ReadComments, unitScope(place)) {
		return nil, errNoUnit
	}
	return &commentList{directory: d, unit: place, units: []survey.Place{place}, path: unitCommentsPath(place.Unit.Code)}, nil
}

// listComments draws a list.
func (p *commentPages) listComments(c *fiber.Ctx, l *commentList) error {
	page := &view.Comments{Frame: p.commentFrame(c, l, "comment.title"), At: l.path, UnitPage: l.unit.Unit != nil}
	var err error
	if l.period, l.periods, err = p.commentPeriod(c, l.directory, l.units); err != nil {
		return err
	}
	page.Period, page.Periods = l.period, l.periods
	if l.period == nil {
		return p.site.Page(c, "desk-comments", page)
	}
	if l.asked, err = p.askedOf(c, l); err != nil {
		return err
	}
	list, err := p.reader.List(c.UserContext(), l.query())
	if err != nil {
		return err
	}
	p.choices(page, l, list)
	if err := p.reader.Who(c.UserContext(), list.Items); err != nil {
		return err
	}
	for i := range list.Items {
		page.Items = append(page.Items, p.shown(c, l, &list.Items[i]))
	}
	if list.More {
		page.Next = l.next(list)
		if len(list.Items) == 0 || list.Searched > 0 {
			page.Searched = list.Searched
		}
	}
	page.Done = p.done(c, l)
	return p.site.Page(c, "desk-comments", page)
}

// query is what a list asks the reader of comments for.
func (l *commentList) query() comment.Query {
	out := comment.Query{Period: l.period.Code, State: l.asked.state(), Topic: comment.Topic(l.asked.Topic), Week: l.asked.Week, Search: l.asked.Search, After: l.asked.after}
	for _, place := range l.units {
		if l.period.Covers(place.Unit.Code) {
			out.Units = append(out.Units, place.Unit.Key())
		}
	}
	slices.Sort(out.Units)
	if place, ok := l.directory.Unit(l.asked.From); ok {
		out.AfterUnit = place.Unit.Key()
	}
	if l.unit.Unit != nil {
		if s, ok := l.unit.Unit.Service(l.asked.Service); ok {
			out.Service = s.Key()
		}
	}
	return out
}

// next is the address of the next page.
func (l *commentList) next(list *comment.Page) string {
	a := l.asked
	a.After, a.From = list.LastKey.String(), list.LastUnit
	if place, ok := l.directory.Unit(list.LastUnit); ok {
		a.From = place.Unit.Code
	}
	return a.address(l.path)
}

// shown returns a comment as a page shows it.
func (p *commentPages) shown(c *fiber.Ctx, l *commentList, i *comment.Item) *view.Comment {
	out := &view.Comment{Item: *i, UnitCode: i.Unit, UnitName: i.Unit}
	place, ok := l.directory.Unit(i.Unit)
	if ok {
		out.UnitCode, out.UnitName = place.Unit.Code, place.Unit.Name
		if s, ok := place.Unit.Service(i.Label.Service); ok && i.Label.Service != "" {
			out.Service = s.Name
		}
	}
	for at, t := range p.reader.Topics() {
		topic := view.Topic{Code: string(t), Is: i.Topics.Has(at), Guess: !i.Checked}
		out.All = append(out.All, topic)
		if topic.Is {
			out.Spoken = append(out.Spoken, topic)
		}
	}
	if !ok {
		return out
	}
	a := l.asked
	a.key = i.Key.String()
	if p.site.May(c, access.MarkComments, unitScope(place)) {
		a.whole = l.unit.Unit == nil
		out.Mark = a.address(unitCommentsPath(out.UnitCode) + "/tandai")
	}
	if i.Masked() && p.site.May(c, access.RevealComment, unitScope(place)) {
		out.Reveal = commentQuery{Period: i.Period, Lang: a.Lang, key: a.key}.address(unitCommentsPath(out.UnitCode) + "/buka")
	}
	return out
}

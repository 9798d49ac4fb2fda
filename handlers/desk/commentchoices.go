package desk

import (
	"maps"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/comment"
)

// choices fills in what a list can be narrowed by, with counts, and what its heading says.
func (p *commentPages) choices(page *view.Comments, l *commentList, list *comment.Page) {
	a := l.asked.anew()
	counts := &list.Counts
	page.All, page.Unread, page.Search = counts.All, counts.States[comment.Unread], a.Search
	page.Asked = a.Topic != "" || a.Service != "" || a.Week != 0 || a.Search != ""
	page.Bare = commentQuery{Period: a.Period, Agency: a.Agency, Lang: a.Lang, Mark: a.Mark}.address(l.path)
	for _, m := range marks() {
		n, to := counts.All, a
		if m.State != "" {
			n = counts.States[m.State]
		}
		to.Mark = m.Word
		page.States = append(page.States, view.Choice{Key: m.Word, Count: n, Path: to.address(l.path), Here: a.state() == m.State})
	}
	most, second := 0, 0
	for i, t := range p.reader.Topics() {
		to := a
		if to.Topic = string(t); a.Topic == to.Topic {
			to.Topic = "" // chosen already: the link takes it back
		}
		page.Topics = append(page.Topics, view.Choice{Key: string(t), Count: counts.Topics[i], Path: to.address(l.path), Here: a.Topic == string(t)})
		if n := counts.New[i]; n > most {
			most, second, page.Most = n, most, string(t)
		} else {
			second = max(second, n)
		}
	}
	if most == second || most < 2 {
		page.Most = ""
	}
	shares(page.Topics)
	slices.SortStableFunc(page.Topics, func(x, y view.Choice) int { return y.Count - x.Count })
	p.places(page, l, counts, a)
	for _, monday := range slices.Backward(slices.Sorted(maps.Keys(counts.Weeks))) {
		to := a
		if to.Week = monday; a.Week == monday {
			to.Week = 0
		}
		page.Weeks = append(page.Weeks, view.Choice{Week: monday, Count: counts.Weeks[monday], Path: to.address(l.path), Here: a.Week == monday})
	}
	for name, value := range (commentQuery{Period: a.Period, Agency: a.Agency, Lang: a.Lang, Mark: a.Mark, Topic: a.Topic, Service: a.Service, Week: a.Week}).values() {
		page.Hidden = append(page.Hidden, view.HiddenField{Name: name, Value: value[0]})
	}
	slices.SortFunc(page.Hidden, func(x, y view.HiddenField) int {
		if x.Name < y.Name {
			return -1
		}
		return 1
	})
}

// places fills in a unit's services, or the units of a desk.
func (p *commentPages) places(page *view.Comments, l *commentList, counts *comment.Counts, a commentQuery) {
	if l.unit.Unit == nil {
		unread := p.reader.UnreadOf(l.period.Code)
		for _, place := range l.units {
			if n := unread[place.Unit.Key()]; n > 0 {
				page.Places = append(page.Places, view.Choice{Name: place.Unit.Name, Count: n, Path: commentQuery{Period: a.Period, Lang: a.Lang}.address(unitCommentsPath(place.Unit.Code))})
			}
		}
		slices.SortStableFunc(page.Places, func(x, y view.Choice) int { return y.Count - x.Count })
		return
	}
	for i := range l.unit.Unit.Services {
		s := &l.unit.Unit.Services[i]
		n := counts.Services[s.Key()]
		if n == 0 && a.Service != s.Code {
			continue
		}
		to := a
		if to.Service = s.Code; a.Service == s.Code {
			to.Service = ""
		}
		page.Places = append(page.Places, view.Choice{Name: s.Name, Count: n, Path: to.address(l.path), Here: a.Service == s.Code})
	}
}

// shares sets each choice's share of the largest.
func shares(list []view.Choice) {
	most := 1
	for _, c := range list {
		most = max(most, c.Count)
	}
	for i := range list {
		list[i].Share = (100*list[i].Count + most/2) / most
	}
}

// done returns what was marked a moment ago, for who may take it back.
func (p *commentPages) done(c *fiber.Ctx, l *commentList) *view.MarkUndo {
	place, ok := l.directory.Unit(l.asked.Where)
	key, err := comment.ParseKey(l.asked.Marked)
	if !ok || err != nil || !p.site.May(c, access.MarkComments, unitScope(place)) {
		return nil
	}
	item, err := p.reader.Marked(comment.Place{Period: l.period.Code, Unit: place.Unit.Key()}, key)
	if err != nil {
		return nil // it was taken out since
	}
	a := l.asked.anew()
	a.After, a.From, a.key, a.whole = l.asked.After, l.asked.From, key.String(), l.unit.Unit == nil
	for _, m := range marks() {
		if m.State == item.State {
			return &view.MarkUndo{State: m.Word, Key: key.String(), Version: item.Version, Path: a.address(unitCommentsPath(place.Unit.Code) + "/tandai")}
		}
	}
	return nil
}

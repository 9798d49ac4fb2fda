package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/comment"
	"persepsi/survey"
)

// commentAt finds the comment that a request is about: of a unit on which the person may do
// the action of the route.
func (p *commentPages) commentAt(c *fiber.Ctx) (*commentList, comment.Place, comment.Key, error) {
	l, err := p.unitList(c)
	if err != nil {
		return nil, comment.Place{}, comment.Key{}, err
	}
	if err := p.site.Require(c, unitScope(l.unit)); err != nil {
		return nil, comment.Place{}, comment.Key{}, err
	}
	if l.period, l.periods, err = p.commentPeriod(c, l.directory, l.units); err != nil {
		return nil, comment.Place{}, comment.Key{}, err
	}
	if l.period == nil {
		return nil, comment.Place{}, comment.Key{}, survey.Errorf(survey.NotFound, "there is no such comment")
	}
	if l.asked, err = p.askedOf(c, l); err != nil {
		return nil, comment.Place{}, comment.Key{}, err
	}
	key, err := comment.ParseKey(c.Query("kunci"))
	return l, comment.Place{Period: l.period.Code, Unit: l.unit.Unit.Key()}, key, err
}

// posted returns what a form says, and nothing of its address.
func posted(c *fiber.Ctx, name string) string { return string(c.Request().PostArgs().Peek(name)) }

// markComment is POST /meja/unit/{unit}/komentar/tandai: marks a comment, or corrects its
// topics, and leads back to the list.
func (p *commentPages) markComment(c *fiber.Ctx) error {
	l, at, key, err := p.commentAt(c)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(posted(c, "versi"))
	if err != nil || version < 0 {
		return survey.Errorf(survey.Invalid, "versi: which version was seen is lacking")
	}
	change := comment.Change{Place: at, Key: key, Version: version, By: web.ActorOf(c).By()}
	for _, m := range marks() {
		if m.State != "" && posted(c, "tanda") == m.Word {
			change.State = m.State
		}
	}
	if posted(c, "perbaiki") != "" {
		change.Correct = true
		for _, t := range c.Request().PostArgs().PeekMulti("topik") {
			change.Topics = append(change.Topics, comment.Topic(t))
		}
	}
	if change.State == "" && !change.Correct {
		return survey.Errorf(survey.Invalid, "tanda: there is no such mark")
	}
	if err := p.reader.Change(c.UserContext(), change); err != nil {
		return err
	}
	back, path := l.asked, l.path
	back.Marked, back.Where = key.String(), l.unit.Unit.Code
	if c.Query("meja") != "" {
		path = commentsPath
	}
	return c.Redirect(back.address(path), fiber.StatusSeeOther)
}

// askReason is GET /meja/unit/{unit}/komentar/buka: why somebody wants to see a comment
// without masks.
func (p *commentPages) askReason(c *fiber.Ctx) error {
	page, _, _, err := p.revealPage(c)
	if err != nil {
		return err
	}
	return p.site.Page(c, "desk-reveal", page)
}

// revealComment is POST to the same address: shows it, once the audit has who and why.
func (p *commentPages) revealComment(c *fiber.Ctx) error {
	page, at, key, err := p.revealPage(c)
	if err != nil {
		return err
	}
	page.Reason = posted(c, "alasan")
	_, page.Whole, err = p.reader.Reveal(c.UserContext(), at, key, web.ActorOf(c).By(), page.Reason)
	var e *survey.Error
	if errors.As(err, &e) && e.Code == survey.Invalid {
		page.Fault = true
		c.Status(fiber.StatusUnprocessableEntity)
		return p.site.Page(c, "desk-reveal", page)
	}
	if err != nil {
		return err
	}
	return p.site.Page(c, "desk-reveal", page)
}

func (p *commentPages) revealPage(c *fiber.Ctx) (*view.UnmaskedComment, comment.Place, comment.Key, error) {
	l, at, key, err := p.commentAt(c)
	if err != nil {
		return nil, at, key, err
	}
	item, err := p.reader.One(c.UserContext(), at, key)
	if err != nil {
		return nil, at, key, err
	}
	page := &view.UnmaskedComment{Frame: p.commentFrame(c, l, "comment.reveal.title"), Period: l.period, Most: comment.LongestReason}
	page.One = p.shown(c, l, item)
	page.Back = commentQuery{Period: l.period.Code, Lang: l.asked.Lang, Mark: allMarks}.address(l.path)
	return page, at, key, nil
}

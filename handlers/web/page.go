package web

import (
	"compress/gzip"
	"errors"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Frame returns what every page has; title is a message key.
func (s *Site) Frame(c *fiber.Ctx, title string) view.Frame {
	city := s.Directories.Directory().City()
	lang := view.Language(Asked(c, "lang"))
	return view.Frame{
		Lang: lang, Title: s.Pages.Say(lang, title), City: city.Name, Demo: city.Demo,
		Path: c.Path(), Query: c.Queries(),
	}
}

// Asked returns a parameter of the address or, where a form was posted, its
// field of that name: on every page that a form leads to, faults included.
func Asked(c *fiber.Ctx, name string) string {
	if v := c.Query(name); v != "" || c.Method() != fiber.MethodPost {
		return v
	}
	return string(c.Request().PostArgs().Peek(name))
}

// Page sends a page.
func (s *Site) Page(c *fiber.Ctx, name string, data view.PageData) error {
	body, err := s.Pages.Render(name, data)
	if err != nil {
		return err
	}
	zipped := TakesGzip(c)
	if zipped {
		if body, err = Zip(body, PageLevel(len(body))); err != nil {
			return err
		}
	}
	return SendPage(c, body, zipped)
}

// SendPage sends a page that was rendered, and compressed, before.
func SendPage(c *fiber.Ctx, body []byte, zipped bool) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return Send(c, body, zipped)
}

// PageLevel returns how hard a page of so many bytes is compressed: a large one less well but
// sooner.
func PageLevel(size int) int {
	if size > largePage {
		return gzip.BestSpeed
	}
	return ZipLevel
}

const largePage = 100_000 // bytes

// errorPage says what went wrong and helps on: with a search for the unit, and with what the
// area of the address knows.
func (s *Site) errorPage(c *fiber.Ctx, status int, e *survey.Error) error {
	key := string(e.Code)
	exposed := keyInAddress(c)
	switch {
	case exposed:
		key = "key_in_address"
	case errors.Is(e, report.ErrNotLoaded):
		key = "figures"
	case errors.Is(e, errForeignForm):
		key = "stale_form"
	case e.Code == survey.TooLarge:
		if form, ok := s.fileForm(c.Path()); ok {
			key = form.TooLarge
		}
	}
	frame, lacks := s.Frame, accessDeniedError{}
	if ActorOf(c).Person != "" { // who is signed in is led back to their pages
		frame = s.FormFrame
	}
	if errors.As(e, &lacks) {
		key = "no_right"
	}
	data := &view.Failure{Frame: frame(c, "error."+key+".title"), Key: key, Faults: e.Faults, Lacks: string(lacks.needs)}
	if data.Lacks != "" {
		for _, role := range ActorOf(c).Held {
			data.Held = append(data.Held, string(role))
		}
		var err error
		if data.Ask, err = s.People.Administrators(c.UserContext()); err != nil {
			return err
		}
	}
	// What was sent by a form has no address to go back to, and one that holds a
	// key is repeated nowhere.
	if c.Method() != fiber.MethodGet || exposed {
		data.Path = "/"
		data.Query = nil
	}
	if s.Help != nil {
		s.Help(c, e.Code, data)
	}
	c.Status(status)
	return s.Page(c, "error", data)
}

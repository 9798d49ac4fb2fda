package handlers

import (
	"compress/flate"
	"errors"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/report"
	"persepsi/survey"
)

// frame gives what every page has; title is a message key.
func (s *server) frame(c *fiber.Ctx, title string) view.Frame {
	city := s.Directories.Directory().City()
	lang := view.Language(asked(c, "lang"))
	return view.Frame{
		Lang: lang, Title: s.pages.Say(lang, title), City: city.Name, Demo: city.Demo,
		Path: c.Path(), Query: c.Queries(),
	}
}

// page sends a page.
func (s *server) page(c *fiber.Ctx, name string, data view.Framed) error {
	body, err := s.pages.Render(name, data)
	if err != nil {
		return err
	}
	if !takesGzip(c) {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Vary(fiber.HeaderAcceptEncoding)
		c.Response().SetBodyRaw(body)
		return nil
	}
	level := flate.DefaultCompression
	if len(body) > largePage {
		level = flate.BestSpeed
	}
	p, err := newPiece(body, nil, level)
	if err != nil {
		return err
	}
	return sendPage(c, p)
}

// sendPage sends a page that is compressed already.
func sendPage(c *fiber.Ctx, page piece) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Vary(fiber.HeaderAcceptEncoding)
	z := newSplice()
	z.add(page)
	return z.send(c)
}

// largePage is the size in bytes from which a page is compressed less well but
// sooner.
const largePage = 200_000

// errorPage says what went wrong and helps on: with a search for the unit, the
// next period where the survey is closed, and a new form where the one that was
// sent is stored already.
func (s *server) errorPage(c *fiber.Ctx, status int, e *survey.Error) error {
	key := string(e.Code)
	exposed := keyInAddress(c)
	switch {
	case exposed:
		key = "key_in_address"
	case errors.Is(e, report.ErrNotLoaded):
		key = "figures"
	}
	data := &view.Failure{Frame: s.frame(c, "error."+key+".title"), Key: key, Faults: e.Faults}
	// What was sent by a form has no address to go back to, and one that holds a
	// key is repeated nowhere.
	if c.Method() != fiber.MethodGet || exposed {
		data.Path = "/"
		data.Query = nil
	}
	d := s.Directories.Directory()
	code, under := pointOf(c)
	if place, ok := d.Point(code); ok && under {
		code = place.Point.Code
		data.Place = place
		data.Next = nextPeriod(d, place.Unit.Code, d.Today(s.Now()))
		if e.Code == survey.Conflict {
			mode, err := screenMode(asked(c, "mode"))
			if err != nil {
				mode = ""
			}
			data.Key = "sent"
			data.Title = s.pages.Say(data.Lang, "error.sent.title")
			data.Next = nil
			data.Path = "/s/" + code
			data.Again = formAddress(code, mode, asked(c, "period"), data.Lang)
		}
	}
	if onKiosk(c) {
		kiosk(&data.Frame, code, asked(c, "period"))
	}
	c.Status(status)
	return s.page(c, "error", data)
}

// nextPeriod gives the next period that opens for a unit, nil where none is
// declared.
func nextPeriod(d *survey.Directory, unit string, today survey.Date) *survey.Period {
	var next *survey.Period
	for _, p := range d.PeriodsOf(unit) {
		if p.From > today && (next == nil || p.From < next.From) {
			next = p
		}
	}
	return next
}

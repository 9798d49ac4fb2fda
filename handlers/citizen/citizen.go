package citizen

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/ingest"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// Deps is what the area needs.
type Deps struct{ Receiver *ingest.Receiver }

// pages are the pages that a scan leads to.
type pages struct {
	site     *web.Site
	receiver *ingest.Receiver
}

// Mount adds the pages that a scan leads to.
func Mount(app *fiber.App, site *web.Site, of Deps) {
	s := &pages{site, of.Receiver}
	site.Help = s.help
	area := site.Area(app, web.Anonymous)
	area.Get(permalink.Form(":point"), access.Answer, s.site.AtPoint(s.form))
	area.Post(permalink.Form(":point"), access.Answer, s.site.AtPoint(s.send))
	area.Get(permalink.Form(":point")+"/terima-kasih", access.Answer, s.site.AtPoint(s.thanks))
}

// form is GET /s/{point}: the citizen's page.
func (s *pages) form(c *fiber.Ctx, d *survey.Directory, point survey.Place) error {
	at, err := d.Resolve(point, c.Query("period"), s.site.Now())
	if err != nil {
		return err
	}
	mode, err := screenMode(c.Query("mode"))
	if err != nil {
		return err
	}
	page, err := s.page(formKey{
		point: at.Point, period: at.Period, chosen: c.Query("period") != "", mode: mode, lang: view.Language(c.Query("lang")),
	}, func(f *view.Form) { s.fill(f, d, at) })
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	if mode == survey.ModeKiosk.String() {
		expireHistory(c) // a thank-you page that is kept would not return by itself
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	web.Scripted(c)
	c.Response().Header.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
	return sendForm(c, page, id)
}

// fill fills in what a form shows of its point.
func (s *pages) fill(f *view.Form, d *survey.Directory, at survey.Assignment) {
	f.Place, f.Period, f.Survey, f.Services = at.Place, at.Period, at.Form, at.Unit.Offered()
	f.City, f.Demo = d.City().Name, d.City().Demo
	f.Notice = s.site.Pages.Notice(f.Lang, d.City(), at.Period, at.Form.Fields, f.Way())
	f.Title = s.site.Pages.Say(f.Lang, "form.title", "Unit", at.Unit.Name)
	f.Keeps = "the-form"
	f.Path = permalink.Form(at.Point.Code)
	f.Query = map[string]string{"mode": f.Mode, "period": f.Chosen}
	lang := f.Lang
	if f.Kiosk = f.Mode == survey.ModeKiosk.String(); f.Kiosk || lang == survey.Languages()[0] {
		lang = ""
	}
	f.Fresh = formAddress(at.Point.Code, f.Mode, f.Chosen, lang)
	if f.Kiosk {
		f.Abandoned = f.Fresh
	}
}

package citizen

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/ingest"
	"persepsi/survey"
)

// pages are the pages that a scan leads to.
type pages struct {
	*web.Site
	reception *ingest.Reception
	forms     formCache
}

// Mount adds the pages that a scan leads to.
func Mount(app *fiber.App, site *web.Site, reception *ingest.Reception) {
	s := &pages{Site: site, reception: reception}
	area := site.Area(app, web.Anonymous)
	area.Get("/s/:point", access.Answer, s.form)
	area.Post("/s/:point", access.Answer, s.send)
	area.Get("/s/:point/terima-kasih", access.Answer, s.thanks)
}

// form is GET /s/{point}: the citizen's page.
func (s *pages) form(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	at, err := d.Sit(c.Params("point"), c.Query("period"), s.Now())
	if err != nil {
		return err
	}
	mode, err := web.ScreenMode(c.Query("mode"))
	if err != nil {
		return err
	}
	page, err := s.forms.page(s.Pages, d, formKey{
		catalogue: d.Catalogue(), point: at.Point.Code, period: at.Period.Code, chosen: c.Query("period") != "",
		mode: mode, lang: view.Language(c.Query("lang")),
	}, func(f *view.Form) { s.place(f, d, at) })
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	if mode == survey.ModeKiosk.String() {
		forget(c) // a thank-you page that is kept would not return by itself
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	web.Scripted(c)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return page.send(c, id.String())
}

// place fills what a form shows of its point.
func (s *pages) place(f *view.Form, d *survey.Directory, at survey.Sitting) {
	f.Place, f.Period, f.Survey, f.Services = at.Place, at.Period, at.Form, at.Unit.Offered()
	f.City, f.Demo = d.City().Name, d.City().Demo
	f.Title = s.Pages.Say(f.Lang, "form.title", "Unit", at.Unit.Name)
	f.Keeps = "the-form"
	f.Path = "/s/" + at.Point.Code
	f.Query = map[string]string{"mode": f.Mode, "period": f.Chosen}
	lang := f.Lang
	if f.Kiosk = f.Mode == survey.ModeKiosk.String(); f.Kiosk || lang == view.Languages()[0] {
		lang = ""
	}
	f.Fresh = web.FormAddress(at.Point.Code, f.Mode, f.Chosen, lang)
	if f.Kiosk {
		f.Abandoned = f.Fresh
	}
}

// send is POST /s/{point}: 303 to the thank-you page, or the form again with
// everything that was typed and each fault at its question.
func (s *pages) send(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	if _, ok := d.Point(c.Params("point")); !ok {
		return survey.Errorf(survey.NotFound, "there is no service point with this code")
	}
	in, values, faults := readForm(c)
	in.StartedAt = startedAt(in.ID, s.Now())
	if lang, ok := values["switch"]; ok {
		return s.inOtherLanguage(c, d, in, values, lang)
	}
	t, err := s.reception.Take(c.UserContext(), d, c.Params("point"), in, faults, s.Passing(c))
	if err != nil {
		return s.notStored(c, d, t, in, values, err)
	}
	forget(c)
	return c.Redirect(thanksAddress(t.Response, in), fiber.StatusSeeOther)
}

// startedAt reads when a form was opened out of its id, a UUIDv7. Where that
// would be later than now, a clock was set back since: then nothing is known.
func startedAt(id string, now time.Time) string {
	opened, ok := survey.OpenedWith(id)
	if !ok || opened.After(now) {
		return ""
	}
	return opened.Format(time.RFC3339)
}

// notStored brings the form back: with each fault at its question, or where the
// answer is fine but wasn't ingest.Taken. Where another answer is stored under its id
// nothing that was typed is shown: a browser may have sent an old page again,
// on a screen that the next person stands at.
func (s *pages) notStored(c *fiber.Ctx, d *survey.Directory, t ingest.Taken, in *ingest.Submission, values map[string]string, err error) error {
	var e *survey.Error
	if !errors.As(err, &e) {
		return err
	}
	if t.Held {
		return survey.Errorf(survey.Conflict, "another answer is stored under this id")
	}
	trouble := "form.trouble"
	switch e.Code {
	case survey.Invalid:
		return s.formAgain(c, d, t.At, in, values, e.Faults, "", fiber.StatusUnprocessableEntity)
	case survey.Unavailable:
		s.LogTrouble(c, err)
	case survey.RateLimited:
	default:
		return err
	}
	web.SetRetryAfter(c, e)
	return s.formAgain(c, d, t.At, in, values, nil, trouble, web.Status(e.Code))
}

// inOtherLanguage brings the form back in another language with everything
// that was typed; nothing is checked and nothing is stored. What was sent
// already isn't shown again, as notStored tells.
func (s *pages) inOtherLanguage(c *fiber.Ctx, d *survey.Directory, in *ingest.Submission, values map[string]string, lang string) error {
	at, err := d.SitFor(in.Draft(), c.Params("point"), in.Period, s.Now())
	if err != nil {
		return err
	}
	if s.reception.Prior(c.UserContext(), in) != nil {
		return survey.Errorf(survey.Conflict, "an answer is stored under this id")
	}
	in.Lang = lang
	return s.formAgain(c, d, at, in, values, nil, "", fiber.StatusOK)
}

// readForm reads a urlencoded body into a submission, keeping what was typed.
func readForm(c *fiber.Ctx) (*ingest.Submission, map[string]string, []survey.Fault) {
	in := &ingest.Submission{}
	values := map[string]string{}
	var faults []survey.Fault
	texts := map[string]*string{
		"id": &in.ID, "service": &in.Service, "lang": &in.Lang, "mode": &in.Mode, "period": &in.Period, "comment": &in.Comment,
	}
	for k, v := range c.Request().PostArgs().All() {
		name, value := string(k), string(v)
		if _, ok := values[name]; ok {
			faults = append(faults, survey.Fault{Field: survey.Printable(name), Code: "duplicate_key", Message: "is there twice"})
			continue
		}
		values[name] = value
		if to, ok := texts[name]; ok {
			*to = value
			continue
		}
		if question, ok := strings.CutPrefix(name, "answers."); ok {
			n, valid := ingest.WholeNumber(v)
			switch {
			case value == "":
			case !valid:
				faults = append(faults, survey.Fault{Field: "answers." + survey.Printable(question), Code: "wrong_type", Message: "must be a whole number"})
			default:
				in.Answers = append(in.Answers, survey.Answer{Question: question, Value: n})
			}
			continue
		}
		if field, ok := strings.CutPrefix(name, "respondent."); ok {
			if value != "" {
				in.Respondent = append(in.Respondent, survey.Told{Field: field, Category: value})
			}
			continue
		}
		switch name {
		case "consent":
			in.Consent = value == "1" || value == "true" || value == "on"
		case "t": // visit codes come later
		case "switch": // read by who asks for it
		default:
			faults = append(faults, survey.Fault{Field: survey.Printable(name), Code: "unknown_field", Message: "is not known here"})
		}
	}
	return in, values, faults
}

// formAgain renders the form with what was typed.
func (s *pages) formAgain(c *fiber.Ctx, d *survey.Directory, at survey.Sitting, in *ingest.Submission, values map[string]string, faults []survey.Fault, trouble string, status int) error {
	lang := view.Language(in.Lang)
	mode, err := web.ScreenMode(in.Mode)
	if err != nil {
		mode = ""
	}
	f := &view.Form{Frame: view.Frame{Lang: lang}, Mode: mode, Chosen: in.Period, ID: in.ID, Values: values, Faults: map[string]string{}}
	if _, err := uuid.Parse(in.ID); err != nil {
		fresh, err := uuid.NewV7()
		if err != nil {
			return err
		}
		f.ID = fresh.String() // the broken one would only be refused again
	}
	s.place(f, d, at)
	if trouble != "" {
		f.Trouble = s.Pages.Say(lang, trouble)
	}
	s.tellFaults(f, faults)
	c.Status(status)
	c.Set(fiber.HeaderCacheControl, "no-store")
	web.Scripted(c)
	return s.Page(c, "form", f)
}

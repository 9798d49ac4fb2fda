package citizen

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/ingest"
	"persepsi/survey"
)

// send is POST /s/{point}: 303 to the thank-you page, or the form again with
// everything that was typed and each fault at its question.
func (s *pages) send(c *fiber.Ctx, d *survey.Directory, point survey.Place) error {
	draft := readDraft(c, s.site.Now())
	if c.Request().PostArgs().Has(switchField) {
		return s.switchLanguage(c, d, point, draft)
	}
	result, err := s.receiver.Receive(c.UserContext(), d, point, draft, s.site.Passing(c))
	if err != nil {
		return s.refused(c, d, result, draft, err)
	}
	expireHistory(c)
	return c.Redirect(thanksAddress(result.Response, draft), fiber.StatusSeeOther)
}

// refused brings the form back: with each fault at its question, or, where the
// answer is fine but could not be stored now, with a word about that. Where
// another answer is stored under its id nothing that was typed is shown: a
// browser may have sent an old page again, on a screen that the next person
// stands at.
func (s *pages) refused(c *fiber.Ctx, d *survey.Directory, result ingest.Result, draft *survey.Draft, err error) error {
	var e *survey.Error
	if !errors.As(err, &e) {
		return err
	}
	if result.IDTaken {
		return survey.Errorf(survey.Conflict, "another answer is stored under this id")
	}
	switch e.Code {
	case survey.Invalid:
		return s.formAgain(c, d, result.Assignment, draft, e.Faults, "", fiber.StatusUnprocessableEntity)
	case survey.Unavailable:
		s.site.LogTrouble(c, err)
	case survey.RateLimited:
	default:
		return err
	}
	web.SetRetryAfter(c, e)
	return s.formAgain(c, d, result.Assignment, draft, nil, "form.trouble", web.Status(e.Code))
}

// switchField is the button that sends a form to have it in another language.
const switchField = "switch"

// switchLanguage brings the form back in another language with everything that
// was typed; nothing is checked and nothing is stored. What was sent already
// isn't shown again, as refused explains.
func (s *pages) switchLanguage(c *fiber.Ctx, d *survey.Directory, point survey.Place, draft *survey.Draft) error {
	at, err := d.ResolveDraft(draft, point, s.site.Now())
	if err != nil {
		return err
	}
	if s.receiver.Existing(c.UserContext(), draft.ID) != nil {
		return survey.Errorf(survey.Conflict, "an answer is stored under this id")
	}
	draft.Lang = string(c.Request().PostArgs().Peek(switchField))
	return s.formAgain(c, d, at, draft, nil, "", fiber.StatusOK)
}

// formAgain renders the form with what was typed.
func (s *pages) formAgain(c *fiber.Ctx, d *survey.Directory, at survey.Assignment, draft *survey.Draft, faults []survey.Fault, trouble string, status int) error {
	lang := view.Language(draft.Lang)
	mode, err := screenMode(draft.Mode)
	if err != nil {
		mode = ""
	}
	f := &view.Form{Frame: view.Frame{Lang: lang}, Mode: mode, Chosen: draft.Period, ID: draft.ID, Values: typed(c), Faults: map[string]string{}}
	if _, err := uuid.Parse(draft.ID); err != nil {
		fresh, err := uuid.NewV7()
		if err != nil {
			return err
		}
		f.ID = fresh.String() // the broken one would only be refused again
	}
	s.fill(f, d, at)
	if trouble != "" {
		f.Trouble = s.site.Pages.Say(lang, trouble)
	}
	s.fillFaults(f, d, faults)
	c.Status(status)
	c.Set(fiber.HeaderCacheControl, "no-store")
	web.Scripted(c)
	return s.site.Page(c, "form", f)
}

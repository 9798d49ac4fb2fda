package citizen

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/survey"
)

// readDraft reads a form. The draft's faults name what is there twice, isn't
// known or is no number.
func readDraft(c *fiber.Ctx, now time.Time) *survey.Draft {
	d := &survey.Draft{Answers: make([]survey.Answer, 0, 24)}
	var room [32]string // more than most forms have
	seen := room[:0]
	for k, v := range c.Request().PostArgs().All() {
		name := string(k)
		if slices.Contains(seen, name) {
			d.AddFault(survey.Printable(name), "duplicate_key", "is there twice")
			continue
		}
		seen = append(seen, name)
		readField(d, name, v)
	}
	d.StartedAt = startedAt(d.ID, now)
	return d
}

func readField(d *survey.Draft, name string, v []byte) {
	if question, ok := strings.CutPrefix(name, "answers."); ok {
		n, valid := survey.ParseValue(v)
		switch {
		case len(v) == 0:
		case string(v) == view.Declined:
			d.Answers = append(d.Answers, survey.Answer{Question: question, Declined: true})
		case !valid:
			d.AddFault("answers."+survey.Printable(question), "wrong_type", "must be a whole number")
		default:
			d.Answers = append(d.Answers, survey.Answer{Question: question, Value: n})
		}
		return
	}
	value := string(v)
	if field, ok := strings.CutPrefix(name, "respondent."); ok {
		if value != "" {
			d.Respondent = append(d.Respondent, survey.Characteristic{Field: field, Category: value})
		}
		return
	}
	switch name {
	case "id":
		d.ID = value
	case "service":
		d.Service = value
	case "lang":
		d.Lang = value
	case "mode":
		d.Mode = value
	case "period":
		d.Period = value
	case "comment":
		d.Comment = value
	case "consent":
		d.Implied = value == view.Implied
		d.Consent = d.Implied || value == "1" || value == "true" || value == "on"
	case "notice":
		d.Notice = value
	case "t": // visit codes come later
	case switchField:
	default:
		d.AddFault(survey.Printable(name), "unknown_field", "is not known here")
	}
}

// startedAt reads when a form was opened out of its id, a UUIDv7, in whole
// seconds. Where that would be later than now, a clock was set back since: then
// nothing is known.
func startedAt(id string, now time.Time) time.Time {
	opened, ok := survey.TimeOfID(id)
	if !ok || opened.After(now) {
		return time.Time{}
	}
	return opened.Truncate(time.Second)
}

// typed returns everything that was typed into a form, by the fields' names; of
// what is there twice the first.
func typed(c *fiber.Ctx) map[string]string {
	out := map[string]string{}
	for k, v := range c.Request().PostArgs().All() {
		if _, ok := out[string(k)]; !ok {
			out[string(k)] = string(v)
		}
	}
	return out
}

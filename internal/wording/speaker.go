package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/survey"
)

// Speaker says things in one language: messages, numbers and dates.
type Speaker struct {
	lang      string
	localizer *i18n.Localizer
	printer   *message.Printer
	words     chart.Words
}

func newSpeaker(bundle *i18n.Bundle, lang string) (*Speaker, error) {
	s := &Speaker{lang: lang, localizer: i18n.NewLocalizer(bundle, lang), printer: message.NewPrinter(language.Make(lang))}
	var err error
	s.words, err = s.chartWords()
	return s, err
}

// Lang returns the language.
func (s *Speaker) Lang() string { return s.lang }

// Say returns a message; args are names and values in turn.
func (s *Speaker) Say(key string, args ...any) (string, error) {
	data := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return s.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
}

// Text returns a text of the survey's data.
func (s *Speaker) Text(t survey.Text) string { return t.In(s.lang) }

// Shown writes a number that was rounded already, with the language's sign:
// 91,48 in Bahasa Indonesia.
func (s *Speaker) Shown(number string) string {
	if s.lang == "id" {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// Fixed writes a float with so many decimals, rounded half up; for intervals and
// charts, never for an index or a mean: these have their text.
func (s *Speaker) Fixed(digits int, x float64) string {
	return s.Shown(analytics.ShownFloat(x, digits))
}

// Whole writes a count with the language's thousands.
func (s *Speaker) Whole(n any) string {
	switch p := n.(type) {
	case *int:
		if p == nil {
			return "–"
		}
		n = *p
	case *int64:
		if p == nil {
			return "–"
		}
		n = *p
	}
	return s.printer.Sprint(n)
}

// Date writes a day in words.
func (s *Speaker) Date(d survey.Date) (string, error) {
	y, m, day := d.Time().Date()
	month, err := s.Say("month." + strconv.Itoa(int(m)))
	return fmt.Sprintf("%d %s %d", day, month, y), err
}

// Moment writes a day in words and the time of day, by the clock of its zone.
func (s *Speaker) Moment(at time.Time) (string, error) {
	day, err := s.Date(survey.DateOf(at, at.Location()))
	if err != nil {
		return "", err
	}
	return s.Say("moment.at", "Day", day, "Clock", s.Clock(at), "Zone", at.Format("MST"))
}

// Months writes a month in words, or the first and last of several.
func (s *Speaker) Months(first, last survey.Date) (string, error) {
	one := func(d survey.Date) (string, error) { return s.Say("month." + strconv.Itoa(int(d.Time().Month()))) }
	from, err := one(first)
	if err != nil || first == last {
		return fmt.Sprintf("%s %d", from, first.Time().Year()), err
	}
	to, err := one(last)
	if first.Time().Year() != last.Time().Year() {
		from = fmt.Sprintf("%s %d", from, first.Time().Year())
	}
	return fmt.Sprintf("%s – %s %d", from, to, last.Time().Year()), err
}

package view

import (
	"fmt"
	"html/template"
	"maps"
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

// speaker says things in one language: messages, numbers and dates.
type speaker struct {
	lang      string
	localizer *i18n.Localizer
	printer   *message.Printer
	words     chart.Words
}

func newSpeaker(bundle *i18n.Bundle, lang string) (*speaker, error) {
	s := &speaker{lang: lang, localizer: i18n.NewLocalizer(bundle, lang), printer: message.NewPrinter(language.Make(lang))}
	var err error
	s.words, err = s.chartWords()
	return s, err
}

func (s *speaker) functions() template.FuncMap {
	out := template.FuncMap{
		"t": s.say, "text": s.text, "shown": s.shown, "whole": s.whole, "fixed": s.fixed, "date": s.date, "moment": s.moment, "months": s.months,
		"strip": s.strip, "deskstrip": s.deskStrip, "ranks": s.ranks, "multiples": s.multiples, "deskmeter": s.deskMeter, "weekday": s.weekday, "daymonth": s.dayMonth, "near": s.near, "rate": s.rate, "could": s.could, "deskaddress": DeskAddress, "aspectname": s.aspectName, "clock": s.clock, "signed": s.signed, "by": s.by, "civil": civil, "unptr": func(n *int) int { return *n },
		"drawings": drawings, "strips": strips,
		"amended": s.amended,
		"lang":    func() string { return s.lang }, "add": func(a, b int) int { return a + b },
	}
	maps.Copy(out, s.unitFunctions())
	return out
}

// say returns a message; args are names and values in turn.
func (s *speaker) say(key string, args ...any) (string, error) {
	data := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return s.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
}

// text returns a text of the survey's data.
func (s *speaker) text(t survey.Text) string { return t.In(s.lang) }

// shown writes a number that was rounded already, with the language's sign:
// 91,48 in Bahasa Indonesia.
func (s *speaker) shown(number string) string {
	if s.lang == "id" {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// fixed writes a float with so many decimals, rounded half up; for intervals and
// charts, never for an index or a mean: these have their text.
func (s *speaker) fixed(digits int, x float64) string {
	return s.shown(analytics.ShownFloat(x, digits))
}

// whole writes a count with the language's thousands.
func (s *speaker) whole(n any) string {
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

// date writes a day in words.
func (s *speaker) date(d survey.Date) (string, error) {
	y, m, day := d.Time().Date()
	month, err := s.say("month." + strconv.Itoa(int(m)))
	return fmt.Sprintf("%d %s %d", day, month, y), err
}

// moment writes a day in words and the time of day, by the clock of its zone.
func (s *speaker) moment(at time.Time) (string, error) {
	day, err := s.date(survey.DateOf(at, at.Location()))
	if err != nil {
		return "", err
	}
	return s.say("moment.at", "Day", day, "Clock", s.clock(at), "Zone", at.Format("MST"))
}

// months writes a month in words, or the first and last of several.
func (s *speaker) months(first, last survey.Date) (string, error) {
	one := func(d survey.Date) (string, error) { return s.say("month." + strconv.Itoa(int(d.Time().Month()))) }
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

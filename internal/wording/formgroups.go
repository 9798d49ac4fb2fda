package wording

import (
	"maps"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// Intros returns what a form's instruments say before their questions, each once.
func Intros(form *survey.Form) (out []survey.Text) {
	for _, in := range form.Instruments {
		if len(in.Intro) > 0 && !slices.ContainsFunc(out, func(t survey.Text) bool { return maps.Equal(t, in.Intro) }) {
			out = append(out, in.Intro)
		}
	}
	return out
}

// Group is a part of the form.
type Group struct {
	Key       string
	Title     survey.Text // of questions that feed a city's own indexes alone
	Questions []NumberedQuestion
}

// NumberedQuestion is a question with its number, the same on a page and on paper.
type NumberedQuestion struct {
	survey.Question
	N int
}

// Listed returns the options as they stand on pages and paper: from worst to best. To arahan
// no, which is its first value, is the better answer; version 1, which can't be
// declined, lists it by value.
func (q NumberedQuestion) Listed() []survey.Option {
	options := slices.Clone(q.Options)
	if q.Code == "arahan" && q.Declinable && !q.Scored {
		slices.Reverse(options)
	}
	return options
}

// Groups parts the questions: about the service, about honesty (those that
// feed IPAK), those of each of the city's own indexes, and the unscored ones. They
// are numbered as they stand there.
func Groups(form *survey.Form) []Group {
	groups := []Group{{Key: "service"}, {Key: "honesty"}}
	at := map[string]int{}
	feeds := func(code string, group int) {
		x := form.Index(code)
		if x == nil {
			return
		}
		for _, a := range x.Aspects {
			for _, q := range a.Questions {
				if _, ok := at[q]; !ok {
					at[q] = group
				}
			}
		}
	}
	feeds(analytics.IPAK, 1)
	feeds(analytics.IKM, 0)
	feeds(analytics.IPKP, 0)
	for _, code := range analytics.Own(form) {
		groups = append(groups, Group{Key: "own", Title: form.Index(code).Name})
		feeds(code, len(groups)-1)
	}
	groups = append(groups, Group{Key: "signal"})
	for _, q := range form.Questions {
		group, scored := at[q.Code]
		if !scored {
			group = len(groups) - 1
		}
		groups[group].Questions = append(groups[group].Questions, NumberedQuestion{Question: q})
	}
	if last := &groups[len(groups)-1]; len(last.Questions) > 1 {
		last.Key = "signals"
	}
	groups = slices.DeleteFunc(groups, func(g Group) bool { return len(g.Questions) == 0 })
	n := 0
	for i := range groups {
		for k := range groups[i].Questions {
			n++
			groups[i].Questions[k].N = n
		}
	}
	return groups
}

// ShortNotice returns the lines about their data that everybody sees before answering;
// privacy is the message about who sees the answers, which depends on how they are given. period is nil
// where it is about all of them. What can't be said is its key.
func (s *Speaker) ShortNotice(city *survey.City, period *survey.Period, privacy string) []string {
	say := func(key string, args ...any) string {
		text, err := s.Say(key, args...)
		if err != nil {
			return key
		}
		return text
	}
	kept := say("notice.short.always")
	if months := city.Notice.RetentionMonths; months > 0 {
		kept = say("notice.short.months", "Months", months)
	}
	if period != nil {
		if until, limited := city.Notice.KeptUntil(period); limited {
			if day, err := s.Date(until); err == nil {
				kept = say("notice.short.until", "Day", day)
			}
		}
	}
	return []string{say("notice.short.who", "Controller", city.Controller(s.lang)), say(privacy), say("notice.short.free"), kept}
}

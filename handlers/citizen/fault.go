package citizen

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// fillFaults fills in what is wrong with a form that comes back: a word at
// each question, and a summary of them all in the order of the form.
func (s *pages) fillFaults(f *view.Form, d *survey.Directory, faults []survey.Fault) {
	if len(faults) == 0 {
		return
	}
	texts := map[string]string{}
	for _, fault := range faults {
		if fault.Code == "notice_changed" {
			delete(f.Values, fault.Field) // agreed to something else
		}
		texts[fault.Field] = s.faultText(f.Lang, fault)
		f.Faults[fault.Field] = capital(texts[fault.Field])
	}
	line := func(field, anchor, name string, n int) {
		if text, ok := texts[field]; ok {
			f.Summary = append(f.Summary, view.FaultLine{Anchor: anchor, N: n, Name: name, Text: text})
			delete(texts, field)
		}
	}
	line("service", "service", s.site.Pages.Say(f.Lang, "form.name.service"), 0)
	for _, g := range f.Groups() {
		for _, q := range g.Questions {
			line("answers."+q.Code, q.Code, s.named(f, d, &q.Question), q.N)
		}
	}
	for _, field := range f.Survey.Fields {
		line("respondent."+field.Code, "f-"+field.Code, field.Text.In(f.Lang), 0)
	}
	line("comment", "comment", s.site.Pages.Say(f.Lang, "form.comment"), 0)
	if f.Notice.Consent() {
		line("consent", "consent", s.site.Pages.Say(f.Lang, "form.name.consent"), 0)
	}
	// What is left has no place on the page; it was not typed by a person.
	for _, fault := range faults {
		rest := view.FaultLine{Name: s.site.Pages.Say(f.Lang, "form.name.page"), Text: texts[fault.Field]}
		if rest.Text != "" && !slices.Contains(f.Summary, rest) {
			f.Summary = append(f.Summary, rest)
		}
	}
	f.Heading = s.heading(f, faults)
	f.Title = f.Heading + " – " + f.Title
}

// heading says how many faults there are: as questions, where all that is
// wrong is that they aren't answered.
func (s *pages) heading(f *view.Form, faults []survey.Fault) string {
	key := "form.unanswered"
	if slices.ContainsFunc(faults, func(x survey.Fault) bool {
		return x.Code != "required" || (x.Field != "service" && !strings.HasPrefix(x.Field, "answers."))
	}) {
		key = "form.faults"
	}
	if n := len(f.Summary); n > 1 {
		return s.site.Pages.Say(f.Lang, key+".many", "N", n)
	}
	return s.site.Pages.Say(f.Lang, key+".one")
}

func (s *pages) faultText(lang string, f survey.Fault) string {
	for _, key := range []string{"fault." + f.Field + "." + f.Code, "fault." + f.Code} {
		if text := s.site.Pages.Say(lang, key); text != key {
			return text
		}
	}
	return s.site.Pages.Say(lang, "fault.other")
}

// named returns a question in a few words: beside the official name of an unsur that of
// the result page, where the instrument is not the city's own.
func (s *pages) named(f *view.Form, d *survey.Directory, q *survey.Question) string {
	name, key := shortName(f.Survey, q, f.Lang)
	if key == "" || slices.ContainsFunc(d.Catalogue().Instruments, func(in survey.Instrument) bool { return in.Code == f.Survey.InstrumentOf(analytics.IKM).Code }) {
		return name
	}
	if plain := s.site.Pages.Say(f.Lang, "aspect."+key); plain != name {
		return plain + " (" + name + ")"
	}
	return name
}

// shortName returns a question in a few words: the shortest name of an aspect
// that it feeds and the key of a plainer one, else how it begins. An aspect of IPAK is named by what should
// be ("no brokers"), which beside a fault would read like an answer.
func shortName(f *survey.Form, q *survey.Question, lang string) (name, plain string) {
	for i := range f.Indexes {
		x := &f.Indexes[i]
		for _, a := range x.Aspects {
			if n := a.Name.In(lang); x.Code != analytics.IPAK && slices.Contains(a.Questions, q.Code) && (name == "" || len(n) < len(name)) {
				name, plain = n, wording.PlainAspect(x.Code, a.Code)
			}
		}
	}
	if name == "" {
		name = firstWords(ownWords(f, q, lang))
	}
	return name, plain
}

// sharedWords is how many words questions begin with alike, at least, where what they
// ask is told by the words after that: "How often did you see or experience …".
const sharedWords = 4

// ownWords returns what a question asks without the words that others of the form
// begin and end with too: "offers from brokers".
func ownWords(f *survey.Form, q *survey.Question, lang string) string {
	words := strings.Fields(strings.TrimRight(q.Text.In(lang), "?."))
	from, to := 0, len(words)
	for i := range f.Questions {
		if f.Questions[i].Code == q.Code {
			continue
		}
		other := strings.Fields(strings.TrimRight(f.Questions[i].Text.In(lang), "?."))
		first := 0
		for first < len(words) && first < len(other) && words[first] == other[first] {
			first++
		}
		if first < sharedWords {
			continue
		}
		last := 0
		for last < len(words)-first && last < len(other)-first && words[len(words)-1-last] == other[len(other)-1-last] {
			last++
		}
		from, to = max(from, first), min(to, len(words)-last)
	}
	if from >= to {
		return q.Text.In(lang)
	}
	return capital(strings.Join(words[from:to], " "))
}

// firstWords returns what stands at the beginning of a long text, in whole
// words.
func firstWords(text string) string {
	const most = 40 // characters: about a line of a phone
	text = strings.TrimRight(text, " ?.")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most])
	if i := strings.LastIndex(cut, " "); i > 0 {
		cut = cut[:i]
	}
	return cut + " …"
}

// capital returns a text as a sentence begins.
func capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

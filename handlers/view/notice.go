package view

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"persepsi/survey"
)

// Implied is what a page sends that asks for no consent: sending it says that the
// notice was read, and nothing else.
const Implied = "read"

// Notice is what a citizen is told of the data that are kept (UU 27/2022), in one
// language.
type Notice struct {
	City *survey.City
	// Fields are what citizens may tell of themselves.
	Fields []survey.Field
	// Way is how the form is filled in; empty on the page that tells of every survey.
	Way string
	// Short are the lines that everybody sees, the rest is one tap away.
	Short []string
	// Until is the last day on which comments and fields are kept; nil: no day is
	// known, since there is no limit or no period.
	Until *survey.Date

	lang string
}

// Notice returns the privacy notice at a form of a period, or of all surveys where period is
// nil.
func (p *Pages) Notice(lang string, city *survey.City, period *survey.Period, fields []survey.Field, way string) *Notice {
	n := &Notice{City: city, Fields: fields, Way: way, lang: Language(lang)}
	if period != nil {
		if until, limited := city.Notice.KeptUntil(period); limited {
			n.Until = &until
		}
	}
	privacy := "footer.privacy"
	if way != "" {
		privacy = "form.notice." + way
	}
	n.Short = p.words.In(n.lang).ShortNotice(city, period, privacy)
	return n
}

// Notices returns what is told on people's own phones at a form of a period, by
// language.
func (p *Pages) Notices(city *survey.City, period *survey.Period) map[string]*Notice {
	out := map[string]*Notice{}
	for _, lang := range survey.Languages() {
		out[lang] = p.Notice(lang, city, period, nil, survey.ModeQR.String())
	}
	return out
}

// Consent reports whether the citizen is asked to agree.
func (n *Notice) Consent() bool { return n.City.Notice.RestsOnConsent() }

// Controller returns who is responsible.
func (n *Notice) Controller() string { return n.City.Controller(n.lang) }

// Law returns what the survey rests on.
func (n *Notice) Law() string { return n.City.Notice.LawIn(n.lang) }

// Version names what is told.
func (n *Notice) Version() string { return n.City.NoticeVersion() }

// Told lists what citizens may tell of themselves, in the middle of a sentence.
func (n *Notice) Told() string {
	var names []string
	for _, f := range n.Fields {
		name := strings.TrimRight(f.Text.In(n.lang), " ?:.")
		first, size := utf8.DecodeRuneInString(name)
		if next, _ := utf8.DecodeRuneInString(name[size:]); !unicode.IsUpper(next) { // else an abbreviation
			name = string(unicode.ToLower(first)) + name[size:]
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// AsksDisability reports whether citizens may tell that they live with a disability.
func (n *Notice) AsksDisability() bool {
	for _, f := range n.Fields {
		if f.Code == "disability" {
			return true
		}
	}
	return false
}

// Privacy is the page that tells everybody what every form tells.
type Privacy struct {
	Frame
	Notice *Notice
}

package survey

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// Basis is what a city rests on when it keeps answers (UU 27/2022 tentang
// Pelindungan Data Pribadi).
type Basis string

// The bases.
const (
	// PublicTask: the survey is part of the city's task. It is the default.
	PublicTask Basis = "public_task"
	// Consent: an answer is stored only where the citizen agreed to that in so many
	// words.
	Consent Basis = "consent"
)

// Notice is what a city tells citizens about what it keeps of them, as far as the
// program does not know it by itself.
type Notice struct {
	Basis Basis `json:"basis,omitempty"` // empty: PublicTask
	// Law is the law that the survey rests on, Controller the body that is responsible
	// for what is kept, Address where it is. Each may be empty: see LawIn and
	// City.Controller.
	Law        Text `json:"law,omitempty"`
	Controller Text `json:"controller,omitempty"`
	Address    Text `json:"address,omitempty"`
	// Email and Phone reach who answers questions about it; Officer names the data
	// protection officer and how to reach them, where there is one.
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Officer Text   `json:"officer,omitempty"`
	// RetentionMonths is how many months after a period's last day the comments, and
	// what citizens told of themselves, are kept: 1 to HighestRetention; 0: without
	// limit.
	RetentionMonths int `json:"retention_months,omitempty"`
}

// HighestRetention is the largest Notice.RetentionMonths: 50 years.
const HighestRetention = 600

// DefaultLaw is the law that a survey of public services rests on: UU 25/2009 asks for
// it, PermenPANRB 14/2017 and 90/2021 say how it is done and what it is used for.
func DefaultLaw() Text {
	return Text{
		"id": "UU 25/2009 tentang Pelayanan Publik, PermenPANRB 14/2017, dan PermenPANRB 90/2021",
		"en": "Law 25/2009 on public services, and regulations 14/2017 and 90/2021 of the minister of administrative reform (PermenPANRB)",
	}
}

// RestsOnConsent reports whether answers are stored only with consent.
func (n *Notice) RestsOnConsent() bool { return n.Basis == Consent }

// BasisOrDefault returns the basis by its name.
func (n *Notice) BasisOrDefault() Basis { return cmp.Or(n.Basis, PublicTask) }

// LawIn returns the law in a language: DefaultLaw where none is declared.
func (n *Notice) LawIn(lang string) string { return cmp.Or(n.Law.In(lang), DefaultLaw().In(lang)) }

// Controller returns who is responsible, in a language: the city where nobody else is
// declared.
func (c *City) Controller(lang string) string { return cmp.Or(c.Notice.Controller.In(lang), c.Name) }

// Reachable reports whether a citizen is told an e-mail address or a telephone number.
func (n *Notice) Reachable() bool { return n.Email != "" || n.Phone != "" }

// KeptUntil returns the last civil day on which a period's comments, and what citizens
// told of themselves, are kept: RetentionMonths after its last day, the last day of a
// shorter month. False: they are kept without limit. Half a year after 2026-08-31 is
// 2027-02-28.
func (n *Notice) KeptUntil(p *Period) (Date, bool) {
	if n.RetentionMonths <= 0 {
		return 0, false
	}
	year, month, day := p.To.Time().Date()
	lastOfMonth := NewDate(year, month+1+time.Month(n.RetentionMonths), 0)
	return min(NewDate(year, month+time.Month(n.RetentionMonths), day), lastOfMonth), true
}

// NoticeEdition is the edition of what the program itself says in a notice: it goes up
// with every change of those words, and a test keeps the words of each.
const NoticeEdition = 2

// NoticeVersion names what citizens are told: the edition of the program's words and a
// checksum of what the city adds to them, such as 2-5f3a09c2. It is another one as soon
// as they are told something else; catalogues of one notice have the same.
func (c *City) NoticeVersion() string {
	n := c.Notice
	n.Basis = n.BasisOrDefault()
	told, err := json.Marshal(struct {
		Name   string
		Least  int
		Notice Notice
	}{c.Name, c.LeastReleased(), n})
	if err != nil { // texts and numbers can be written
		panic(err)
	}
	sum := sha256.Sum256(told)
	return strconv.Itoa(NoticeEdition) + "-" + hex.EncodeToString(sum[:4])
}

// declaredNotice is the notice in an apply file; nil means: not named.
type declaredNotice struct {
	basis                             *Basis
	law, controller, address, officer *Text
	email, phone                      *string
	retention                         *int
}

const mostNotice = 300 // bytes of a text of the notice

var (
	emailPattern = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	phonePattern = regexp.MustCompile(`^\+?[0-9(][0-9 ()./-]{3,28}[0-9]$`)
)

func (p *declarationParser) notice(d *declaredNotice) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		p.mapping(path, n, fields{
			"basis":      p.basis(&d.basis),
			"law":        p.textsOrNone(&d.law),
			"controller": p.textsOrNone(&d.controller),
			"address":    p.textsOrNone(&d.address),
			"officer":    p.textsOrNone(&d.officer),
			"contact": func(path string, n *yaml.Node) {
				p.mapping(path, n, fields{
					"email": p.patternOrNone(&d.email, emailPattern, "wrong_email", "must be an e-mail address such as pdp@kota.go.id"),
					"phone": p.patternOrNone(&d.phone, phonePattern, "wrong_phone", "must be a telephone number such as +62 511 123456"),
				})
			},
			"retention_months": p.number(&d.retention, 0, HighestRetention),
		})
	}
}

func (p *declarationParser) basis(to **Basis) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, ok := p.scalar(path, n)
		basis := Basis(v)
		if ok && basis != PublicTask && basis != Consent {
			p.fault(path, n, "unknown_basis", "must be %s or %s", PublicTask, Consent)
		}
		*to = &basis
	}
}

// none reports whether a text is empty and written so, in quotes: it takes away what
// was declared before.
func none(n *yaml.Node) bool {
	n = resolved(n)
	return n.Kind == yaml.ScalarNode && n.Tag == "!!str" && n.Value == ""
}

func (p *declarationParser) textsOrNone(to **Text) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		var t Text
		if !none(n) {
			p.texts(&t, mostNotice)(path, n)
		}
		*to = &t
	}
}

func (p *declarationParser) patternOrNone(to **string, pattern *regexp.Regexp, code, rule string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		var v string
		if !none(n) {
			v, _ = p.scalar(path, n)
		}
		if v != "" && !pattern.MatchString(v) {
			p.fault(path, n, code, "%s", rule)
		}
		*to = &v
	}
}

// notice writes what the file names of the notice.
func (m *merger) notice(d *declaredNotice) {
	to := &m.out.City.Notice
	set(m, &to.Basis, d.basis)
	for _, one := range []struct{ to, v *Text }{{&to.Law, d.law}, {&to.Controller, d.controller}, {&to.Address, d.address}, {&to.Officer, d.officer}} {
		if one.v != nil && !maps.Equal(*one.to, *one.v) {
			*one.to, m.changed = *one.v, true
		}
	}
	set(m, &to.Email, d.email)
	set(m, &to.Phone, d.phone)
	set(m, &to.RetentionMonths, d.retention)
}

// notice adds what a catalogue has of the notice.
func (l *leaves) notice(n *Notice) {
	const path = "city.notice."
	l.add("", path+"basis", string(n.Basis))
	for _, one := range []struct {
		name string
		text Text
	}{{"law", n.Law}, {"controller", n.Controller}, {"address", n.Address}, {"officer", n.Officer}} {
		l.add("", path+one.name, one.text["id"])
		l.add("", path+one.name+".en", one.text["en"])
	}
	l.add("", path+"contact.email", n.Email)
	l.add("", path+"contact.phone", n.Phone)
	if n.RetentionMonths != 0 {
		l.add("", path+"retention_months", strconv.Itoa(n.RetentionMonths))
	}
}

// dumpedNotice is the notice in a written apply file.
type dumpedNotice struct {
	Basis      Basis          `yaml:"basis,omitempty"`
	Law        Text           `yaml:"law,omitempty"`
	Controller Text           `yaml:"controller,omitempty"`
	Address    Text           `yaml:"address,omitempty"`
	Contact    *dumpedContact `yaml:"contact,omitempty"`
	Officer    Text           `yaml:"officer,omitempty"`
	Retention  int            `yaml:"retention_months,omitempty"`
}

type dumpedContact struct {
	Email string `yaml:"email,omitempty"`
	Phone string `yaml:"phone,omitempty"`
}

func dumpNotice(n *Notice) dumpedNotice {
	out := dumpedNotice{Basis: n.Basis, Law: n.Law, Controller: n.Controller, Address: n.Address, Officer: n.Officer, Retention: n.RetentionMonths}
	if n.Reachable() {
		out.Contact = &dumpedContact{n.Email, n.Phone}
	}
	return out
}

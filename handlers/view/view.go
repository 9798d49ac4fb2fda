// Package view renders the pages: templates, styles and scripts, all embedded. What people
// read comes from the catalogues of internal/wording.
package view

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"

	"persepsi/internal/wording"
	"persepsi/survey"
)

//go:embed templates assets
var files embed.FS

// Language returns the language that a page is asked in: a known one, else the
// default.
func Language(asked string) string { return wording.Language(asked) }

// Pages are the parsed templates, one set per language.
type Pages struct {
	sets   map[string]map[string]*template.Template
	words  *wording.Catalogue
	assets map[string]*Asset
}

// New returns the templates in every language. They are parsed once a process, and
// never change.
func New() (*Pages, error) { return parsed() }

var parsed = sync.OnceValues(readPages)

func readPages() (*Pages, error) {
	words, err := wording.Load()
	if err != nil {
		return nil, fmt.Errorf("read the words of pages: %w", err)
	}
	assets, err := newAssets()
	if err != nil {
		return nil, err
	}
	p := &Pages{sets: map[string]map[string]*template.Template{}, words: words, assets: assets}
	for _, lang := range survey.Languages() {
		functions := functions(words.In(lang))
		functions["asset"] = p.address
		functions["dict"] = dict
		functions["formField"] = formField
		if p.sets[lang], err = newSet(functions); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Frame is what every page has.
type Frame struct {
	Lang string
	// Title is the page's own title, already in its language.
	Title string
	City  string
	Demo  bool
	// Path and Query are the page's address, for the language switch.
	Path  string
	Query map[string]string
	// Keeps is the id of the page's form whose input a switch of the language
	// must keep: there the switch sends the form; else it is a link.
	Keeps string
	// Embedded is a page within one of another site: it has no head and foot, and no way to
	// other languages.
	Embedded bool
	// Index lets search engines list the page.
	Index bool
	// Kiosk is a screen of the office: the page has no link that leads away,
	// and goes to Return by itself after KioskReturn seconds, if that is set.
	Kiosk  bool
	Return string
	// Abandoned is the address of an empty form, on a kiosk's form: without a script it
	// goes there after AbandonedAfter seconds.
	Abandoned string
	// FormToken is what the forms of this page prove that they are from it by; empty on
	// pages whose forms need none. It is this browser's alone: no page that has it is
	// kept for others.
	FormToken string
	// Me is who is signed in, on pages of people who are; else nil.
	Me *Me
	// Desk is nil on all pages but those of the desk.
	Desk *DeskFrame

	own string // see Own
}

// Me is a signed-in person as the bar of their pages tells of them.
type Me struct {
	Name  string
	Roles []string
	Desk  bool // they have a desk to go to
}

// FormField is the name of the hidden field that holds FormToken.
const FormField = "_csrf"

// AbandonedAfter returns how long a kiosk without scripts keeps a form, in seconds:
// it can't see whether somebody is still typing.
func (*Frame) AbandonedAfter() int { return 2 * KioskIdle }

// KioskReturn is how long a kiosk shows what is no form, in seconds.
const KioskReturn = 20

// ReturnAfter returns KioskReturn.
func (*Frame) ReturnAfter() int { return KioskReturn }

// Other returns the address of the page in the other language.
func (f *Frame) Other() string { return f.in(f.OtherLang()) }

// Address returns the address of the page in its own language.
func (f *Frame) Address() string { return f.in(f.Lang) }

// WithAll returns the address of the page with all that it lists a part of.
func (f *Frame) WithAll() string { return f.Address() + "&semua=1" }

func (f *Frame) in(lang string) string {
	q := []string{}
	for _, k := range slices.Sorted(maps.Keys(f.Query)) {
		if v := f.Query[k]; v != "" && k != "lang" {
			q = append(q, template.URLQueryEscaper(k)+"="+template.URLQueryEscaper(v))
		}
	}
	// Two slashes would begin another site's address.
	return "/" + strings.TrimLeft(f.Path, "/") + "?" + strings.Join(append(q, "lang="+lang), "&")
}

// OtherLang returns the language that the page can be switched to.
func (f *Frame) OtherLang() string {
	if f.Lang == survey.Languages()[1] {
		return survey.Languages()[0]
	}
	return survey.Languages()[1]
}

// formField returns FormField for a form that has a token, and fails where the page
// has none: such a form could never be sent.
func formField(token string) (string, error) {
	if token == "" {
		return "", fmt.Errorf("the page has no token for its form: make its frame by web.Site.FormFrame")
	}
	return FormField, nil
}

// PageData is a page's data: it embeds a Frame.
type PageData interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

// Render writes a page.
func (p *Pages) Render(name string, data PageData) ([]byte, error) {
	f := data.frame()
	f.Lang = Language(f.Lang)
	t, ok := p.sets[f.Lang][name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// Say returns a message in a language.
func (p *Pages) Say(lang, key string, args ...any) string {
	text, err := p.words.In(lang).Say(key, args...)
	if err != nil {
		return key
	}
	return text
}

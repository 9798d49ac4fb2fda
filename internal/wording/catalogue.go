// Package wording turns figures into words and pictures: the message catalogues in Bahasa
// Indonesia and in English, the one place that people's words come from, the numbers and
// dates as each language writes them, and the sentences and charts that follow from values
// of a report or a desk. It knows no page: handlers/view shows what it says on pages,
// documents hold the same.
package wording

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"persepsi/survey"
)

//go:embed messages
var files embed.FS

// Language returns the language that something is asked in: a known one, else the
// default.
func Language(asked string) string {
	if slices.Contains(survey.Languages(), asked) {
		return asked
	}
	return survey.Languages()[0]
}

// Catalogue is the messages in every language.
type Catalogue struct{ speakers map[string]*Speaker }

// Load returns the catalogue of the program. It is read once a process, and never
// changes.
func Load() (*Catalogue, error) { return read() }

var read = sync.OnceValues(readCatalogue)

func readCatalogue() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	for _, lang := range survey.Languages() {
		if _, err := bundle.LoadMessageFileFS(files, "messages/"+lang+".yaml"); err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
	}
	c := &Catalogue{speakers: map[string]*Speaker{}}
	for _, lang := range survey.Languages() {
		s, err := newSpeaker(bundle, lang)
		if err != nil {
			return nil, err
		}
		c.speakers[lang] = s
	}
	return c, nil
}

// In returns who speaks a language: that of Language.
func (c *Catalogue) In(lang string) *Speaker { return c.speakers[Language(lang)] }

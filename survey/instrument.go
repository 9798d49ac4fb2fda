package survey

import "strconv"

// Languages returns the languages of forms, pages and messages, the default first.
func Languages() []string { return []string{"id", "en"} }

// Text is one text per language code (`id`, `en`).
type Text map[string]string

// In returns the text of a language, Bahasa Indonesia where that is missing.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	return t[Languages()[0]]
}

// Instrument is one published version of a questionnaire: data that never
// changes. A response names the versions it answered.
type Instrument struct {
	Code       string     `yaml:"code" json:"code"`
	Version    int        `yaml:"version" json:"version"`
	Title      Text       `yaml:"title" json:"title"`
	Intro      Text       `yaml:"intro,omitempty" json:"intro"`
	Source     string     `yaml:"source,omitempty" json:"source"`
	Questions  []Question `yaml:"questions" json:"questions"`
	Respondent []Field    `yaml:"respondent,omitempty" json:"respondent"`
	Indexes    []Index    `yaml:"indexes" json:"indexes"`
}

// Ref returns the instrument's reference, CODE@VERSION.
func (i *Instrument) Ref() string { return i.Code + "@" + strconv.Itoa(i.Version) }

// Question is asked on a labelled scale. Questions are keyed by code, never by
// number.
type Question struct {
	Code string `yaml:"code" json:"code"`
	Text Text   `yaml:"text" json:"text"`
	Help Text   `yaml:"help,omitempty" json:"help,omitempty"`
	// Scored tells the questions that feed an index from those that are only
	// a signal.
	Scored bool `yaml:"scored" json:"scored"`
	// Required questions must be answered on a screen; on paper a blank is a
	// missing answer, which counts in neither sum nor n.
	Required bool `yaml:"required" json:"required"`
	// Declinable questions may be answered with "don't know / prefer not to
	// say": null on the API, an option below the scale on a page. That is an
	// answer where one is required, and a missing one for every score.
	Declinable bool     `yaml:"declinable,omitempty" json:"declinable"`
	Options    []Option `yaml:"options" json:"options"`
}

// Option is one labelled step of a question's scale; values run from 1 to the
// number of options.
type Option struct {
	Value int  `yaml:"value" json:"value"`
	Label Text `yaml:"label" json:"label"`
}

// Field asks something about the respondent; it may always be left out.
type Field struct {
	Code       string     `yaml:"code" json:"code"`
	Text       Text       `yaml:"text" json:"text"`
	Categories []Category `yaml:"categories" json:"categories"`
}

// Category is one answer of a respondent field.
type Category struct {
	Code  string `yaml:"code" json:"code"`
	Label Text   `yaml:"label" json:"label"`
}

// Index says which questions feed an index and through which aspects.
type Index struct {
	// Code is ikm, ipkp or ipak, or that of a city's own index.
	Code string `yaml:"code" json:"code"`
	// Name is what an own index is called; empty for those that regulations name.
	Name Text `yaml:"name,omitempty" json:"name,omitempty"`
	// Scale is the highest answer: 4 or 6.
	Scale int `yaml:"scale" json:"scale"`
	// Method is the default method's name.
	Method  string   `yaml:"method" json:"method"`
	Aspects []Aspect `yaml:"aspects" json:"aspects"`
}

// Aspect is an unsur (IKM) or aspek (IPKP, IPAK): the mean of its questions.
type Aspect struct {
	Code      string   `yaml:"code" json:"code"`
	Name      Text     `yaml:"name" json:"name"`
	Questions []string `yaml:"questions" json:"questions"`
}

package survey

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

// Bounds of a declared instrument. The longest shipped one asks 17 questions in
// texts of at most 120 characters.
const (
	mostAsked     = 60  // questions of an instrument
	mostFields    = 20  // respondent fields
	mostOptions   = 10  // of a question that feeds no index
	mostIndexes   = 10  // of an instrument
	mostText      = 400 // bytes of a question or its help
	mostLabel     = 120 // bytes of a label or a name
	mostVersion   = 9999
	mostDeclared  = 200     // versions in a catalogue
	mostPublished = 1 << 20 // bytes of all of them: each catalogue version holds them
)

// declaredInstrument is an instrument in an apply file.
type declaredInstrument struct {
	path string
	in   Instrument
	// references are the questions and fields that name one of the program's, by
	// path.
	references []codeReference
	lines      map[string]int // by path
	broken     bool           // it has faults that are told
}

// codeReference is the place of a question or field that is named by its code alone.
type codeReference struct {
	path  string
	at    int  // in Questions or Respondent
	field bool // Respondent
}

func (p *declarationParser) instrument(path string, n *yaml.Node) declaredInstrument {
	d := declaredInstrument{path: path, lines: map[string]int{path: n.Line}}
	told := len(p.faults)
	var version *int
	p.mapping(path, n, fields{
		"code":    p.codeLike(&d.in.Code, instrumentPattern, "must be 2 to 40 lower-case letters, digits and hyphens, with a letter first"),
		"version": p.number(&version, 1, mostVersion),
		"title":   p.texts(&d.in.Title, mostLabel),
		"intro":   p.texts(&d.in.Intro, mostText),
		"source": func(path string, n *yaml.Node) {
			d.in.Source, _ = p.line(path, n, mostText)
		},
		"questions":  p.bounded(mostAsked, func(path string, n *yaml.Node) { p.question(&d, path, n) }),
		"respondent": p.bounded(mostFields, func(path string, n *yaml.Node) { p.field(&d, path, n) }),
		"indexes":    p.bounded(mostIndexes, func(path string, n *yaml.Node) { p.index(&d, path, n) }),
	})
	p.requiredKeys(path, n, "code", "version", "title", "questions", "indexes")
	if version != nil {
		d.in.Version = *version
	}
	d.broken = len(p.faults) > told
	return d
}

func (p *declarationParser) question(d *declaredInstrument, path string, n *yaml.Node) {
	d.lines[path] = n.Line
	if resolved(n).Kind == yaml.ScalarNode {
		var q Question
		p.codeLike(&q.Code, itemPattern, itemRule)(path, n)
		d.references = append(d.references, codeReference{path: path, at: len(d.in.Questions)})
		d.in.Questions = append(d.in.Questions, q)
		return
	}
	var q Question
	var scored, required, declinable *bool
	p.mapping(path, n, fields{
		"code":       p.codeLike(&q.Code, itemPattern, itemRule),
		"text":       p.texts(&q.Text, mostText),
		"help":       p.texts(&q.Help, mostText),
		"scored":     p.flag(&scored),
		"required":   p.flag(&required),
		"declinable": p.flag(&declinable),
		"options": p.bounded(mostOptions, func(path string, n *yaml.Node) {
			q.Options = append(q.Options, p.option(path, n, len(q.Options)+1))
		}),
	})
	p.requiredKeys(path, n, "code", "text", "options")
	q.Scored = scored == nil || *scored
	q.Required = q.Scored
	keep(&q.Required, required)
	keep(&q.Declinable, declinable)
	d.in.Questions = append(d.in.Questions, q)
}

// option reads a step of a scale: its label alone, or with the value that its place
// gives it.
func (p *declarationParser) option(path string, n *yaml.Node, value int) Option {
	o := Option{Value: value}
	if !hasKey(n, "label") && !hasKey(n, "value") {
		p.texts(&o.Label, mostLabel)(path, n)
		return o
	}
	var told *int
	p.mapping(path, n, fields{"value": p.number(&told, 1, mostOptions), "label": p.texts(&o.Label, mostLabel)})
	p.requiredKeys(path, n, "label")
	if told != nil && *told != value {
		p.fault(path+".value", n, "wrong_order", "must be %d: options stand in the order of their values, from 1", value)
	}
	return o
}

func (p *declarationParser) field(d *declaredInstrument, path string, n *yaml.Node) {
	d.lines[path] = n.Line
	var f Field
	if resolved(n).Kind == yaml.ScalarNode {
		p.codeLike(&f.Code, itemPattern, itemRule)(path, n)
		d.references = append(d.references, codeReference{path: path, at: len(d.in.Respondent), field: true})
		d.in.Respondent = append(d.in.Respondent, f)
		return
	}
	p.mapping(path, n, fields{
		"code": p.codeLike(&f.Code, itemPattern, itemRule),
		"text": p.texts(&f.Text, mostText),
		"categories": p.bounded(maxMark, func(path string, n *yaml.Node) {
			var c Category
			d.lines[path] = n.Line
			p.mapping(path, n, fields{
				"code":  p.codeLike(&c.Code, categoryPattern, "must be 1 to 40 letters, digits, signs and spaces, and begin and end with none"),
				"label": p.texts(&c.Label, mostLabel),
			})
			p.requiredKeys(path, n, "code", "label")
			f.Categories = append(f.Categories, c)
		}),
	})
	p.requiredKeys(path, n, "code", "text", "categories")
	d.in.Respondent = append(d.in.Respondent, f)
}

func (p *declarationParser) index(d *declaredInstrument, path string, n *yaml.Node) {
	d.lines[path] = n.Line
	var x Index
	var scale *int
	var method *string
	p.mapping(path, n, fields{
		"code":   p.codeLike(&x.Code, indexPattern, "must be 2 to 20 lower-case letters, digits and underscores, with a letter first"),
		"name":   p.texts(&x.Name, mostLabel),
		"scale":  p.number(&scale, 2, mostOptions),
		"method": p.text(&method),
		"aspects": p.bounded(mostAsked, func(path string, n *yaml.Node) {
			var a Aspect
			d.lines[path] = n.Line
			p.mapping(path, n, fields{
				"code": p.codeLike(&a.Code, itemPattern, itemRule),
				"name": p.texts(&a.Name, mostLabel),
				"questions": p.bounded(mostAsked, func(path string, n *yaml.Node) {
					var code string
					d.lines[path] = n.Line
					p.codeLike(&code, itemPattern, itemRule)(path, n)
					a.Questions = append(a.Questions, code)
				}),
			})
			p.requiredKeys(path, n, "code", "name", "questions")
			x.Aspects = append(x.Aspects, a)
		}),
	})
	p.requiredKeys(path, n, "code", "aspects")
	keep(&x.Scale, scale)
	keep(&x.Method, method)
	d.in.Indexes = append(d.in.Indexes, x)
}

// Codes within an instrument are names of columns and of parts of a page.
var (
	instrumentPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	itemPattern       = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	indexPattern      = regexp.MustCompile(`^[a-z][a-z0-9_]{1,19}$`)
	categoryPattern   = regexp.MustCompile(`^[\pL\pN<>≤≥]([\pL\pN<>≤≥ ._/+–-]{0,38}[\pL\pN<>≤≥+])?$`)
)

const itemRule = "must be 1 to 40 lower-case letters, digits, - or _, with a letter first"

func (p *declarationParser) codeLike(to *string, pattern *regexp.Regexp, rule string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, ok := p.scalar(path, n)
		if ok && !pattern.MatchString(v) {
			p.fault(path, n, "wrong_code", "%s", rule)
			return
		}
		*to = v
	}
}

// texts reads a text per language, or one in Bahasa Indonesia alone: that is shown
// where another one is missing.
func (p *declarationParser) texts(to *Text, most int) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		if resolved(n).Kind != yaml.MappingNode {
			v, _ := p.line(path, n, most)
			*to = Text{"id": v}
			return
		}
		t := Text{}
		one := func(lang string) func(string, *yaml.Node) {
			return func(path string, n *yaml.Node) { t[lang], _ = p.line(path, n, most) }
		}
		p.mapping(path, n, fields{"id": one("id"), "en": one("en")})
		p.requiredKeys(path, n, "id")
		*to = t
	}
}

// bounded reads a list of up to most items.
func (p *declarationParser) bounded(most int, each func(path string, n *yaml.Node)) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		if of := resolved(n); of.Kind == yaml.SequenceNode && (len(of.Content) > most || len(of.Content) == 0) {
			p.fault(path, n, "wrong_number", "must have 1 to %d entries, it has %d", most, len(of.Content))
			return
		}
		p.list(each)(path, n)
	}
}

// hasKey reports whether a mapping has a key.
func hasKey(n *yaml.Node, key string) bool {
	n = resolved(n)
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

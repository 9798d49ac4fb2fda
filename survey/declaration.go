package survey

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// declaration is an apply file, read but not yet merged. nil means: not named.
type declaration struct {
	city struct {
		name, timeZone *string
	}
	agencies []declaredAgency
	periods  []declaredPeriod
}

type declaredAgency struct {
	path, code string
	name       *string
	units      []declaredUnit
}

type declaredUnit struct {
	path, code       string
	name             *string
	services, points []declaredItem
}

type declaredItem struct {
	path, code string
	name       *string
	closed     *bool
}

type declaredPeriod struct {
	path, code      string
	name            *string
	from, to        *Date
	instruments     []string
	methods         map[string]string
	population      map[string]int
	units, overlaps []string
}

// Limits of an apply file. A city of 600 units with eight services and six
// points each and four periods takes 0.6 MB and 30,000 entries.
const (
	MaxDeclaration = 4 << 20 // bytes
	// maxEntries is how many list items and keys are read, those that an alias
	// repeats as often as it does: nine aliases of aliases make a billion.
	maxEntries = 100_000
	// maxFaults is how many faults of a file are told.
	maxFaults = 1_000
)

// parseDeclaration reads the YAML text by hand over its nodes, so that every
// fault, not just the first, is named by its path and line.
func parseDeclaration(text []byte) (*declaration, []Fault) {
	p := &declarationParser{}
	d := p.parse(text)
	return d, p.faults
}

// parse returns nil where the file cannot be read to its end.
func (p *declarationParser) parse(text []byte) *declaration {
	unreadable := func(code, format string, args ...any) *declaration {
		p.faults = noted(p.faults, "file", code, format, args...)
		return nil
	}
	if len(text) > MaxDeclaration {
		return unreadable("too_large", "is larger than %d MB; apply it in parts", MaxDeclaration>>20)
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return unreadable("empty", "the file is empty")
		}
		return unreadable("not_yaml", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return unreadable("not_yaml", "the file must hold one document")
	}
	d := &declaration{}
	p.mapping("", doc.Content[0], fields{
		"city": func(path string, n *yaml.Node) {
			p.mapping(path, n, fields{
				"name":      p.text(&d.city.name),
				"time_zone": p.text(&d.city.timeZone),
			})
		},
		"agencies": p.list(func(path string, n *yaml.Node) { d.agencies = append(d.agencies, p.agency(path, n)) }),
		"periods":  p.list(func(path string, n *yaml.Node) { d.periods = append(d.periods, p.period(path, n)) }),
	})
	if p.entries > maxEntries {
		return nil
	}
	p.duplicates(d)
	return d
}

type fields map[string]func(path string, n *yaml.Node)

type declarationParser struct {
	faults  []Fault
	entries int
}

func (p *declarationParser) fault(path string, n *yaml.Node, code, format string, args ...any) {
	if p.entries > maxEntries {
		return // what follows was not read
	}
	if path == "" {
		path = "file"
	}
	p.faults = noted(p.faults, path, code, format+" (line "+strconv.Itoa(n.Line)+")", args...)
}

// noted appends a fault. More than are told are not kept: aliases repeat faults
// too.
func noted(faults []Fault, field, code, format string, args ...any) []Fault {
	if len(faults) > maxFaults {
		return faults
	}
	return append(faults, Fault{Field: field, Code: code, Message: fmt.Sprintf(format, args...)})
}

// enter counts an entry, and reports whether the file may have it. One too many
// ends the reading, and is told first.
func (p *declarationParser) enter(path string, n *yaml.Node) bool {
	p.entries++
	if p.entries == maxEntries+1 {
		p.faults = slices.Insert(p.faults, 0, Fault{
			Field: cmp.Or(path, "file"), Code: "too_large",
			Message: fmt.Sprintf("has one entry too many: %d are read, and what an alias repeats counts each time (line %d)", maxEntries, n.Line),
		})
	}
	return p.entries <= maxEntries
}

func (p *declarationParser) mapping(path string, n *yaml.Node, known fields) {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		p.fault(path, n, "wrong_type", "must be a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !p.enter(path, key) {
			return
		}
		at := strings.TrimPrefix(path+"."+Printable(key.Value), ".")
		read, ok := known[key.Value]
		switch {
		case seen[key.Value]:
			p.fault(at, key, "duplicate_key", "is there twice")
		case ok:
			read(at, value)
		default:
			p.fault(at, key, "unknown_key", "is not known here (known: %s)", strings.Join(sortedKeys(known), ", "))
		}
		seen[key.Value] = true
	}
}

// resolved follows a YAML alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func (p *declarationParser) list(each func(path string, n *yaml.Node)) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		n = resolved(n)
		if n.Kind != yaml.SequenceNode {
			p.fault(path, n, "wrong_type", "must be a list")
			return
		}
		for i, item := range n.Content {
			if !p.enter(path, item) {
				return
			}
			each(fmt.Sprintf("%s[%d]", path, i), item)
		}
	}
}

const maxName = 200

func (p *declarationParser) scalar(path string, n *yaml.Node) (string, bool) {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.fault(path, n, "wrong_type", "must be a text")
		return "", false
	}
	v := strings.TrimSpace(n.Value)
	if v == "" || len(v) > maxName || strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsPrint(r) }) {
		p.fault(path, n, "wrong_text", "must be one line of 1 to %d characters", maxName)
		return "", false
	}
	return v, true
}

func (p *declarationParser) text(to **string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		if v, ok := p.scalar(path, n); ok {
			*to = &v
		}
	}
}

var codePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

func (p *declarationParser) code(to *string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, ok := p.scalar(path, n)
		if ok && !codePattern.MatchString(v) {
			p.fault(path, n, "wrong_code", "must be 1 to 40 letters, digits, - or _")
			return
		}
		*to = v
	}
}

func (p *declarationParser) flag(to **bool) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		var v bool
		// What is no scalar is not decoded: that takes quadratic time.
		if n = resolved(n); n.Kind != yaml.ScalarNode || n.Decode(&v) != nil {
			p.fault(path, n, "wrong_type", "must be true or false")
			return
		}
		*to = &v
	}
}

func (p *declarationParser) date(to **Date) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, err := ParseDate(resolved(n).Value)
		if err != nil {
			p.fault(path, n, "wrong_date", "must be a date such as 2026-01-31")
			return
		}
		*to = &v
	}
}

func (p *declarationParser) codes(to *[]string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		*to = []string{}
		p.list(func(path string, n *yaml.Node) {
			var v string
			p.code(&v)(path, n)
			*to = append(*to, v)
		})(path, n)
	}
}

// required names a code that is missing, unless it was there and wrong.
func (p *declarationParser) required(path string, n *yaml.Node, code string) {
	if code != "" {
		return
	}
	for i := 0; i+1 < len(resolved(n).Content); i += 2 {
		if resolved(n).Content[i].Value == "code" {
			return
		}
	}
	p.fault(path+".code", n, "required", "is required")
}

func (p *declarationParser) agency(path string, n *yaml.Node) declaredAgency {
	a := declaredAgency{path: path}
	p.mapping(path, n, fields{
		"code":  p.code(&a.code),
		"name":  p.text(&a.name),
		"units": p.list(func(path string, n *yaml.Node) { a.units = append(a.units, p.unit(path, n)) }),
	})
	p.required(path, n, a.code)
	return a
}

func (p *declarationParser) unit(path string, n *yaml.Node) declaredUnit {
	u := declaredUnit{path: path}
	p.mapping(path, n, fields{
		"code": p.code(&u.code),
		"name": p.text(&u.name),
		"services": p.list(func(path string, n *yaml.Node) {
			s := p.item(path, n)
			p.required(path, n, s.code)
			u.services = append(u.services, s)
		}),
		"points": p.list(func(path string, n *yaml.Node) { u.points = append(u.points, p.item(path, n)) }),
	})
	p.required(path, n, u.code)
	return u
}

func (p *declarationParser) item(path string, n *yaml.Node) declaredItem {
	s := declaredItem{path: path}
	p.mapping(path, n, fields{"code": p.code(&s.code), "name": p.text(&s.name), "closed": p.flag(&s.closed)})
	return s
}

func (p *declarationParser) period(path string, n *yaml.Node) declaredPeriod {
	d := declaredPeriod{path: path}
	p.mapping(path, n, fields{
		"code": p.code(&d.code),
		"name": p.text(&d.name),
		"from": p.date(&d.from),
		"to":   p.date(&d.to),
		"instrument": func(path string, n *yaml.Node) {
			if resolved(n).Kind != yaml.SequenceNode {
				if v, ok := p.scalar(path, n); ok {
					d.instruments = []string{v}
				}
				return
			}
			p.list(func(path string, n *yaml.Node) {
				if v, ok := p.scalar(path, n); ok {
					d.instruments = append(d.instruments, v)
				}
			})(path, n)
		},
		"methods": func(path string, n *yaml.Node) {
			d.methods = map[string]string{}
			p.pairs(path, n, func(path, key string, n *yaml.Node) {
				if v, ok := p.scalar(path, n); ok {
					d.methods[key] = v
				}
			})
		},
		"population": func(path string, n *yaml.Node) {
			d.population = map[string]int{}
			p.pairs(path, n, func(path, key string, n *yaml.Node) {
				v, err := strconv.Atoi(resolved(n).Value)
				if err != nil || resolved(n).Kind != yaml.ScalarNode {
					p.fault(path, n, "wrong_type", "must be a whole number")
					return
				}
				d.population[key] = v
			})
		},
		"units":    p.codes(&d.units),
		"overlaps": p.codes(&d.overlaps),
	})
	p.required(path, n, d.code)
	return d
}

// pairs reads a mapping whose keys are free.
func (p *declarationParser) pairs(path string, n *yaml.Node, each func(path, key string, n *yaml.Node)) {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		p.fault(path, n, "wrong_type", "must be a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !p.enter(path, n.Content[i]) {
			return
		}
		key := n.Content[i].Value
		at := path + "." + Printable(key)
		if seen[key] {
			p.fault(at, n.Content[i], "duplicate_key", "is there twice")
			continue
		}
		seen[key] = true
		each(at, key, n.Content[i+1])
	}
}

// duplicates finds codes that are there twice in the file.
func (p *declarationParser) duplicates(d *declaration) {
	once := func(seen map[string]string, path, code, shown string) {
		if code == "" {
			return
		}
		if first, ok := seen[code]; ok {
			p.faults = noted(p.faults, path+".code", "duplicate_code", "%s is declared at %s already", shown, first)
			return
		}
		seen[code] = path
	}
	agencies, units, points, periods := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	for _, a := range d.agencies {
		once(agencies, a.path, a.code, "agency "+a.code)
		for _, u := range a.units {
			once(units, u.path, u.code, "unit "+u.code)
			services, names := map[string]string{}, map[string]string{}
			for _, s := range u.services {
				once(services, s.path, s.code, "service "+s.code)
			}
			for _, pt := range u.points {
				once(points, pt.path, foldCode(pt.code), "point "+pt.code)
				if pt.code == "" && pt.name != nil {
					once(names, pt.path, *pt.name, "a point without a code of this name")
				}
			}
		}
	}
	for _, pd := range d.periods {
		once(periods, pd.path, pd.code, "period "+pd.code)
	}
}

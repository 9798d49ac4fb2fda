package survey

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// declaration is an apply file, read but not yet merged. nil means: not named.
type declaration struct {
	city struct {
		name, timeZone *string
		least          *int
		notice         declaredNotice
		hours          map[int]Opening
		holidays       []declaredHoliday
		colour         *string
		arms           *Picture // one without a sum takes it away
	}
	agencies    []declaredAgency
	periods     []declaredPeriod
	instruments []declaredInstrument
	earlier     []declaredEarlier
}

type declaredAgency struct {
	declaredItem
	hours map[int]Opening
	logo  *Picture
	units []declaredUnit
}

type declaredUnit struct {
	declaredItem
	hours            map[int]Opening
	services, points []declaredItem
}

// declaredItem is a service or a point, and what agencies and units have of them.
type declaredItem struct {
	path, code string
	name       *string
	closed     *bool
	remote     *bool    // of points alone
	was        []string // the codes that it had
	wrong      bool     // its `was` is a fault
}

type declaredPeriod struct {
	path, code      string
	name            *string
	from, to        *Date
	instruments     []string
	methods         map[string]string
	population      map[string]declaredPopulation
	improved        map[string][]Improvement
	units, overlaps []string
}

// parseDeclaration reads the YAML text by hand over its nodes, so that every
// fault, not just the first, is named by its path and line.
func parseDeclaration(text []byte, read FileReader) (*declaration, []Fault) {
	p := &declarationParser{read: read}
	d := p.parse(text)
	return d, p.faults
}

// parse returns nil where the file cannot be read to its end.
func (p *declarationParser) parse(text []byte) *declaration {
	unreadable := func(code, format string, args ...any) *declaration {
		p.faults = appendFault(p.faults, "file", code, format, args...)
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
				"least":     p.number(&d.city.least, LowestLeast, HighestLeast),
				"notice":    p.notice(&d.city.notice),
				"hours":     p.hours(&d.city.hours),
				"colour":    p.colour(&d.city.colour),
				"arms":      p.picture(&d.city.arms),
				"holidays":  p.list(func(path string, n *yaml.Node) { d.city.holidays = append(d.city.holidays, p.holiday(path, n)) }),
			})
		},
		"agencies":    p.list(func(path string, n *yaml.Node) { d.agencies = append(d.agencies, p.agency(path, n)) }),
		"periods":     p.list(func(path string, n *yaml.Node) { d.periods = append(d.periods, p.period(path, n)) }),
		"instruments": p.list(func(path string, n *yaml.Node) { d.instruments = append(d.instruments, p.instrument(path, n)) }),
		"earlier":     p.list(func(path string, n *yaml.Node) { d.earlier = append(d.earlier, p.earlier(path, n)) }),
	})
	if p.entries > maxEntries {
		return nil
	}
	p.duplicates(d)
	p.earlierOnce(d.earlier)
	p.holidaysOnce(d.city.holidays)
	return d
}

func (p *declarationParser) agency(path string, n *yaml.Node) declaredAgency {
	a := declaredAgency{declaredItem: declaredItem{path: path}}
	known := p.itemFields(&a.declaredItem)
	known["hours"] = p.hours(&a.hours)
	known["logo"] = p.picture(&a.logo)
	known["units"] = p.list(func(path string, n *yaml.Node) { a.units = append(a.units, p.unit(path, n)) })
	p.mapping(path, n, known)
	p.requiredKeys(path, n, "code")
	return a
}

func (p *declarationParser) unit(path string, n *yaml.Node) declaredUnit {
	u := declaredUnit{declaredItem: declaredItem{path: path}}
	known := p.itemFields(&u.declaredItem)
	known["hours"] = p.hours(&u.hours)
	known["services"] = p.list(func(path string, n *yaml.Node) {
		s := p.item(path, n)
		p.requiredKeys(path, n, "code")
		u.services = append(u.services, s)
	})
	known["points"] = p.list(func(path string, n *yaml.Node) { u.points = append(u.points, p.point(path, n)) })
	p.mapping(path, n, known)
	p.requiredKeys(path, n, "code")
	return u
}

func (p *declarationParser) item(path string, n *yaml.Node) declaredItem {
	s := declaredItem{path: path}
	p.mapping(path, n, p.itemFields(&s))
	return s
}

func (p *declarationParser) itemFields(s *declaredItem) fields {
	return fields{"code": p.code(&s.code), "name": p.text(&s.name), "closed": p.flag(&s.closed), "was": p.was(&s.was, p.code)}
}

func (p *declarationParser) point(path string, n *yaml.Node) declaredItem {
	s := declaredItem{path: path}
	known := p.itemFields(&s)
	known["remote"] = p.flag(&s.remote)
	known["was"] = p.was(&s.was, p.plain) // of one without a code it may be the name
	p.mapping(path, n, known)
	for _, was := range s.was {
		if s.code != "" && !codePattern.MatchString(was) {
			p.fault(path+".was", n, "wrong_code", "must be the code that the point had: 1 to 40 letters, digits, - or _")
			s.was = nil
			break
		}
	}
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
		"population": p.population(&d.population),
		"improved":   p.improved(&d.improved),
		"units":      p.codes(&d.units),
		"overlaps":   p.codes(&d.overlaps),
	})
	p.requiredKeys(path, n, "code")
	return d
}

// duplicates finds codes that are there twice in the file.
func (p *declarationParser) duplicates(d *declaration) {
	once := func(seen map[string]string, path, code, shown string) {
		if code == "" {
			return
		}
		if first, ok := seen[code]; ok {
			p.faults = appendFault(p.faults, path+".code", "duplicate_code", "%s is declared at %s already", shown, first)
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

package survey

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// declaredEarlier is an earlier result in an apply file; nil means: not named.
type declaredEarlier struct {
	path                             string
	line                             int
	unit, index                      string
	period                           *string
	from, to                         *Date
	value, mutu                      *string
	n                                *int
	instrument, method, note, source *string
	removed                          *bool
}

// mostRespondents bounds the number of respondents that a report may tell.
const mostRespondents = 100_000_000

func (p *declarationParser) earlier(path string, n *yaml.Node) declaredEarlier {
	d := declaredEarlier{path: path, line: n.Line}
	p.mapping(path, n, fields{
		"unit":       p.code(&d.unit),
		"index":      p.code(&d.index),
		"period":     p.text(&d.period),
		"from":       p.date(&d.from),
		"to":         p.date(&d.to),
		"value":      p.printed(&d.value),
		"n":          p.number(&d.n, 1, mostRespondents),
		"mutu":       p.mutu(&d.mutu),
		"instrument": p.text(&d.instrument),
		"method":     p.text(&d.method),
		"note":       p.text(&d.note),
		"source":     p.text(&d.source),
		"removed":    p.flag(&d.removed),
	})
	p.requiredKeys(path, n, "unit", "index", "period")
	return d
}

// requiredKeys tells which of some keys a mapping lacks.
func (p *declarationParser) requiredKeys(path string, n *yaml.Node, keys ...string) {
	if resolved(n).Kind != yaml.MappingNode {
		return // which is told
	}
	for _, key := range keys {
		if !hasKey(n, key) {
			p.fault(path+"."+key, n, "required", "is required")
		}
	}
}

func (p *declarationParser) mutu(to **string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, ok := p.scalar(path, n)
		if ok && !slices.Contains([]string{"A", "B", "C", "D"}, v) {
			p.fault(path, n, "wrong_grade", "must be A, B, C or D")
			return
		}
		*to = &v
	}
}

// printed reads a figure and keeps its digits, after a dot.
func (p *declarationParser) printed(to **string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, ok := p.scalar(path, n)
		if ok && !printedPattern.MatchString(v) {
			p.fault(path, n, "wrong_number", "must be a number as the report prints it, such as 81.26")
			return
		}
		v = strings.Replace(v, ",", ".", 1)
		*to = &v
	}
}

var printedPattern = regexp.MustCompile(`^[0-9]{1,3}([.,][0-9]{1,8})?$`)

// earlierOnce finds earlier results that are there twice in the file.
func (p *declarationParser) earlierOnce(list []declaredEarlier) {
	seen := map[Earlier]string{}
	for _, d := range list {
		if !d.named() {
			continue
		}
		key := Earlier{Unit: d.unit, Index: d.index, Period: *d.period}
		if first, ok := seen[key]; ok {
			p.faults = appendFault(p.faults, d.path, "duplicate", "%s is declared at %s already (line %d)", key.Path(), first, d.line)
			continue
		}
		seen[key] = d.path
	}
}

// named reports whether unit, index and period are there: the key of an earlier result.
func (d *declaredEarlier) named() bool { return d.unit != "" && d.index != "" && d.period != nil }

package survey

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Limits of an apply file. A city of 600 units with eight services and six
// points each and four periods takes 0.6 MB and 30,000 entries; half of the bytes are for
// pictures that are written into it.
const (
	MaxDeclaration = 8 << 20 // bytes
	// maxEntries is how many list items and keys are read, those that an alias
	// repeats as often as it does: nine aliases of aliases make a billion.
	maxEntries = 100_000
	// maxFaults is how many faults of a file are told.
	maxFaults = 1_000
)

type fields map[string]func(path string, n *yaml.Node)

type declarationParser struct {
	faults       []Fault
	entries      int
	read         FileReader // nil: no file is read
	pictures     map[pictureSource]loadedPicture
	pictureBytes int // bytes of pictures
}

func (p *declarationParser) fault(path string, n *yaml.Node, code, format string, args ...any) {
	if p.entries > maxEntries {
		return // what follows was not read
	}
	if path == "" {
		path = "file"
	}
	p.faults = appendFault(p.faults, path, code, format+" (line "+strconv.Itoa(n.Line)+")", args...)
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
	for i := 0; i < len(n.Content); i += 2 {
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
	if n.Alias != nil {
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
	return p.line(path, n, maxName)
}

// line reads a text of one line.
func (p *declarationParser) line(path string, n *yaml.Node, most int) (string, bool) {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.fault(path, n, "wrong_type", "must be a text")
		return "", false
	}
	v := strings.TrimSpace(n.Value)
	if v == "" || len(v) > most || strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsPrint(r) }) {
		p.fault(path, n, "wrong_text", "must be one line of 1 to %d characters", most)
		return "", false
	}
	return v, true
}

func (p *declarationParser) text(to **string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, _ := p.scalar(path, n)
		*to = &v
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
		// What is no scalar, or a long one, is not decoded: that takes quadratic
		// time, and an alias takes it again and again.
		if n = resolved(n); n.Kind != yaml.ScalarNode || len(n.Value) > len("false") || n.Decode(&v) != nil {
			p.fault(path, n, "wrong_type", "must be true or false")
			return
		}
		*to = &v
	}
}

func (p *declarationParser) number(to **int, least, most int) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		v, err := strconv.Atoi(resolved(n).Value)
		if err != nil || v < least || v > most {
			p.fault(path, n, "wrong_number", "must be a whole number from %d to %d", least, most)
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

// plain reads a text.
func (p *declarationParser) plain(to *string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) { *to, _ = p.scalar(path, n) }
}

// was reads the code that something had, or a list of all of them.
func (p *declarationParser) was(to *[]string, one func(*string) func(string, *yaml.Node)) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		each := func(path string, n *yaml.Node) {
			var v string
			if one(&v)(path, n); v != "" {
				*to = append(*to, v)
			}
		}
		if resolved(n).Kind == yaml.SequenceNode {
			p.list(each)(path, n)
		} else {
			each(path, n)
		}
	}
}

// pairs reads a mapping whose keys are free.
func (p *declarationParser) pairs(path string, n *yaml.Node, each func(path, key string, n *yaml.Node)) {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		p.fault(path, n, "wrong_type", "must be a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
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

package paper

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
)

// maxDepth is how deep the tags of a part may nest; those that are read here
// need six levels.
const maxDepth = 64

var errXML = errors.New("not well-formed XML")

// part reads one part of a workbook as a stream of tags. It holds the open tags
// and one text, and nothing else of the part.
type part struct {
	source *limitReader
	tokens *xml.Decoder
	open   []string // names of the open tags
	buffer []byte
}

func newPart(r io.Reader, budget *int64) *part {
	g := &limitReader{r: r, budget: budget}
	return &part{source: g, tokens: xml.NewDecoder(g)}
}

// next returns the next tag or text. Tags are checked here and not by the
// decoder, whose own list of them has no limit. Document types are refused:
// they could only bring entities.
func (p *part) next() (xml.Token, error) {
	p.source.mark()
	token, err := p.tokens.RawToken()
	if err != nil {
		if errors.Is(err, io.EOF) && len(p.open) > 0 {
			return nil, errXML
		}
		return nil, err
	}
	switch tag := token.(type) {
	case xml.StartElement:
		if len(p.open) == maxDepth {
			return nil, errXML
		}
		p.open = append(p.open, tag.Name.Local)
	case xml.EndElement:
		last := len(p.open) - 1
		if last < 0 || p.open[last] != tag.Name.Local {
			return nil, errXML
		}
		p.open = p.open[:last]
	case xml.Directive:
		return nil, errXML
	}
	return token, nil
}

// children calls each for every tag directly within the one that was opened
// last, or for the part's outermost. What each leaves of its tag is skipped.
func (p *part) children(each func(xml.StartElement) error) error {
	outer := len(p.open)
	for {
		token, err := p.next()
		if err != nil {
			if outer == 0 && errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		switch tag := token.(type) {
		case xml.StartElement:
			if err := each(tag); err != nil {
				return err
			}
			for len(p.open) > outer {
				if _, err := p.next(); err != nil {
					return err
				}
			}
		case xml.EndElement:
			return nil
		}
	}
}

// path calls each for every tag at a path of names from the outermost on; an empty
// name is any.
func (p *part) path(each func(xml.StartElement) error, names ...string) error {
	return p.children(func(tag xml.StartElement) error {
		switch {
		case names[0] != "" && tag.Name.Local != names[0]:
			return nil
		case len(names) == 1:
			return each(tag)
		}
		return p.path(each, names[1:]...)
	})
}

// text appends the text of the tag that was opened last to the buffer. It stops
// collecting, though not reading, when that is more than any cell can hold.
func (p *part) text() error {
	outer := len(p.open)
	for {
		token, err := p.next()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.CharData:
			if len(p.open) == outer && len(p.buffer) <= 4*MaxText {
				p.buffer = append(p.buffer, token...)
			}
		case xml.EndElement:
			if len(p.open) < outer {
				return nil
			}
		}
	}
}

// rich appends the text of a string item: its own, or that of its runs. Hints
// for pronunciation (rPh) are no part of it.
func (p *part) rich() error {
	return p.children(func(tag xml.StartElement) error {
		switch tag.Name.Local {
		case "t":
			return p.text()
		case "r":
			return p.path(func(xml.StartElement) error { return p.text() }, "t")
		}
		return nil
	})
}

// attr returns an attribute; a prefix counts only where it is asked for.
func attr(tag xml.StartElement, local string, prefixed bool) string {
	i := slices.IndexFunc(tag.Attr, func(a xml.Attr) bool { return a.Name.Local == local && (a.Name.Space != "") == prefixed })
	if i < 0 {
		return ""
	}
	return tag.Attr[i].Value
}

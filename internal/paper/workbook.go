package paper

import (
	"encoding/xml"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const relationship = "Relationship"

// find notes the sheets, and returns the name of the shared texts' part, which a
// workbook may lack.
func (b *book) find() (shared string, err error) {
	main := "xl/workbook.xml"
	err = b.read("_rels/.rels", func(p *part) error {
		return p.path(func(tag xml.StartElement) error {
			if strings.HasSuffix(attr(tag, "Type", false), "/officeDocument") {
				main = strings.TrimPrefix(attr(tag, "Target", false), "/")
			}
			return nil
		}, "Relationships", relationship)
	})
	if err != nil {
		return "", err
	}
	if err := b.read(main, b.workbook); err != nil {
		return "", err
	}
	dir, base := path.Split(main)
	err = b.read(dir+"_rels/"+base+".rels", func(p *part) error {
		return p.path(func(tag xml.StartElement) error {
			target := attr(tag, "Target", false)
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			for i := range b.sheets {
				if s := &b.sheets[i]; s.id == attr(tag, "Id", false) {
					s.part = target
				}
			}
			if strings.HasSuffix(attr(tag, "Type", false), "/sharedStrings") {
				shared = target
			}
			return nil
		}, "Relationships", relationship)
	})
	// A chart has a sheet of its own, with no cells.
	b.sheets = slices.DeleteFunc(b.sheets, func(s sheet) bool { return strings.Contains(strings.ToLower(s.part), "chartsheet") })
	return shared, err
}

// workbook reads which sheets there are, and from when days are counted.
func (b *book) workbook(p *part) error {
	return p.path(func(tag xml.StartElement) error {
		switch tag.Name.Local {
		case "workbookPr":
			on := attr(tag, "date1904", false)
			b.since1904 = on == "1" || on == "true"
		case "sheets":
			return p.path(func(tag xml.StartElement) error {
				if len(b.sheets) == b.most {
					return errBudget
				}
				b.sheets = append(b.sheets, sheet{name: attr(tag, "name", false), id: attr(tag, "id", true), hidden: strings.Contains(strings.ToLower(attr(tag, "state", false)), "hidden")})
				return nil
			}, "sheet")
		}
		return nil
	}, "workbook", "")
}

func (b *book) sharedTexts(name string) error {
	return b.read(name, func(p *part) error {
		return p.path(func(xml.StartElement) error {
			if len(b.shared) == maxShared {
				return errText
			}
			p.buffer = p.buffer[:0]
			if err := p.rich(); err != nil {
				return err
			}
			text, err := b.keep(unescaped(string(p.buffer)))
			b.shared = append(b.shared, text)
			return err
		}, "sst", "si")
	})
}

// keep counts a text that stays in memory.
func (b *book) keep(text string) (string, error) {
	if b.texts += len(text); b.texts > MaxBytes {
		return "", errText
	}
	return text, nil
}

var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescaped returns a text with its escaped characters, such as _x000D_ for a
// carriage return, which XML cannot hold otherwise.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escape.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil {
			return code
		}
		return string(rune(n))
	})
}

package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"path"
	"regexp"
	"strconv"
	"strings"

	"persepsi/survey"
)

// What a workbook may unpack to: honest ones grow 10 to 20 times, and 50 where
// every cell says the same. A small file may grow more, for its first bytes say
// little.
const (
	maxGrowth   = 100
	maxSmall    = 4 << 20
	maxUnpacked = 256 << 20
	maxParts    = 10_000
	maxShared   = 1_000_000
)

// book is an XLSX file: a ZIP archive of XML parts. It is read as a stream
// and not by excelize, which unpacks all of it, and makes the cells that a
// sheet leaves out: 1.5 kB took 125 MB, 300 kB 2.5 GB.
type book struct {
	parts  map[string]*zip.File // by their names in small letters
	budget int64                // bytes that may still be unpacked
	texts  int                  // bytes of texts kept
	shared []string
}

var errText = errors.New("more text than is read")

// readXLSX reads the first sheet. A formula is refused: what it shows depends
// on the program that opened it last, and an answer must be what was typed.
func readXLSX(data []byte) (*Table, error) {
	t, err := readWorkbook(data)
	var e *survey.Error
	switch {
	case err == nil && t.Header == nil:
		return nil, fault("file", "empty", "the first sheet is empty")
	case err == nil || errors.As(err, &e):
		return t, err
	case errors.Is(err, errBudget), errors.Is(err, errStretch), errors.Is(err, errText):
		return nil, tooLarge("the workbook unpacks to more than is read; import it in parts, or as CSV")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, fault("file", "not_xlsx", "is a workbook with a password or of an old kind; save it as .xlsx without a password")
	}
	return nil, fault("file", "not_xlsx", "cannot be read as XLSX")
}

func readWorkbook(data []byte) (*Table, error) {
	// Each entry of the archive's list begins so. They are counted before the
	// list is read, for its own count may lie.
	if bytes.Count(data, []byte("PK\x01\x02")) > maxParts {
		return nil, errors.New("too many parts")
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	b := &book{parts: map[string]*zip.File{}, budget: int64(min(maxUnpacked, max(maxSmall, maxGrowth*len(data))))}
	for _, f := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if b.parts[name] != nil {
			return nil, errors.New("a part is there twice") // who could tell which one another program shows?
		}
		b.parts[name] = f
	}
	sheet, shared, err := b.find()
	if err != nil {
		return nil, err
	}
	if b.part(shared) != nil {
		if err := b.sharedTexts(shared); err != nil {
			return nil, err
		}
	}
	s := &sheetReader{book: b, table: &Table{Excel: true}}
	if err := b.read(sheet, s.sheet); err != nil {
		return nil, err
	}
	return s.table, nil
}

func (b *book) part(name string) *zip.File {
	return b.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
}

// read opens a part and has it read to its end, where its checksum is checked.
func (b *book) read(name string, read func(*part) error) error {
	f := b.part(name)
	if f == nil {
		return errors.New("a part is missing")
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close() // only read
	return read(newPart(r, &b.budget))
}

const relationship = "Relationship"

// find returns the names of the first sheet's part and of the shared texts',
// which a workbook may lack.
func (b *book) find() (sheet, shared string, err error) {
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
		return "", "", err
	}
	id := ""
	err = b.read(main, func(p *part) error {
		return p.path(func(tag xml.StartElement) error {
			if id == "" {
				id = attr(tag, "id", true)
			}
			return nil
		}, "workbook", "sheets", "sheet")
	})
	if err != nil {
		return "", "", err
	}
	dir, base := path.Split(main)
	err = b.read(dir+"_rels/"+base+".rels", func(p *part) error {
		return p.path(func(tag xml.StartElement) error {
			target := attr(tag, "Target", false)
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			if attr(tag, "Id", false) == id {
				sheet = target
			}
			if strings.HasSuffix(attr(tag, "Type", false), "/sharedStrings") {
				shared = target
			}
			return nil
		}, "Relationships", relationship)
	})
	return sheet, shared, err
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

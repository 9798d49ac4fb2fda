package paper

import (
	"archive/zip"
	"bytes"
	"errors"
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

	sheets    []sheet
	most      int  // sheets that are read
	since1904 bool // days are counted from 1904
}

// sheet is one of a workbook's.
type sheet struct {
	name, part string
	hidden     bool
	id         string // of the relation that leads to the part
}

var (
	errText   = errors.New("more text than is read")
	errEnough = errors.New("no more rows are wanted")
)

// readXLSX reads the sheet that holds answers. A formula is no answer: what it
// shows depends on the program that opened it last, and an answer must be what was
// typed.
func (p *Reader) readXLSX(data []byte, v *vocabulary) (*table, error) {
	t, err := p.readWorkbook(data, v)
	return t, refusal(data, err)
}

// refusal returns the error of a workbook that can't be read.
func refusal(data []byte, err error) error {
	var e *survey.Error
	switch {
	case err == nil || errors.As(err, &e):
		return err
	case errors.Is(err, errBudget), errors.Is(err, errStretch), errors.Is(err, errText):
		return tooLarge("unpacks_too_large")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return fault(say("file"), "old_excel")
	}
	return fault(say("file"), "not_xlsx")
}

func (p *Reader) readWorkbook(data []byte, v *vocabulary) (*table, error) {
	b, err := openBook(data, MaxSheets)
	if err != nil {
		return nil, err
	}
	chosen, err := p.choose(b, v)
	if err != nil {
		return nil, err
	}
	t, err := b.table(chosen, 0)
	if err != nil {
		return nil, err
	}
	t.source = say("preview_sheet", "name", quoted(chosen.name))
	var others []string
	for i := range b.sheets {
		if s := &b.sheets[i]; s != chosen {
			others = append(others, "“"+quoted(s.name)+"”")
		}
	}
	if len(others) > 0 {
		t.source += say("preview_others", "names", several(others))
	}
	return t, nil
}

// openBook reads what a workbook of at most so many sheets says about itself, and its
// shared texts.
func openBook(data []byte, sheets int) (*book, error) {
	// Each entry of the archive's list begins so. They are counted before the
	// list is read, for its own count may lie.
	if bytes.Count(data, []byte("PK\x01\x02")) > maxParts {
		return nil, errors.New("too many parts")
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	b := &book{parts: map[string]*zip.File{}, most: sheets, budget: int64(min(maxUnpacked, max(maxSmall, maxGrowth*len(data))))}
	for _, f := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if b.parts[name] != nil {
			return nil, errors.New("a part is there twice") // who could tell which one another program shows?
		}
		b.parts[name] = f
	}
	shared, err := b.find()
	if err != nil {
		return nil, err
	}
	if b.part(shared) != nil {
		if err := b.sharedTexts(shared); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// choose finds the sheet to read: the one that was named, or the only one that
// names questions.
func (p *Reader) choose(b *book, v *vocabulary) (*sheet, error) {
	var names, hidden []string
	var found []*sheet
	for i := range b.sheets {
		s := &b.sheets[i]
		names = append(names, "“"+quoted(s.name)+"”")
		if p.Sheet != "" {
			if strings.EqualFold(strings.TrimSpace(s.name), strings.TrimSpace(p.Sheet)) {
				return s, nil
			}
			continue
		}
		if len(b.sheets) == 1 {
			return s, nil
		}
		if b.part(s.part) == nil {
			continue
		}
		head, err := b.table(s, maxHead)
		var e *survey.Error // what is wrong with a sheet is told when it is read whole
		if err != nil && !errors.As(err, &e) {
			return nil, err
		}
		if _, score := v.header(head.rows); score == 0 {
			continue
		}
		if s.hidden {
			hidden = append(hidden, "“"+quoted(s.name)+"”")
			continue
		}
		found = append(found, s)
	}
	switch {
	case p.Sheet != "":
		return nil, fault(say("file"), "no_sheet", "name", quoted(p.Sheet), "known", several(names))
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0 && hidden != nil:
		return nil, fault(say("file"), "hidden_sheet", "names", several(hidden))
	case len(found) == 0:
		return nil, p.noHeader()
	}
	names = names[:0]
	for _, s := range found {
		names = append(names, "“"+quoted(s.name)+"”")
	}
	return nil, fault(say("file"), "several_sheets", "names", several(names))
}

// table reads the rows of a sheet, at most so many unless 0. With an error come those
// before it.
func (b *book) table(s *sheet, most int) (*table, error) {
	r := &sheetReader{book: b, table: &table{excel: true, since1904: b.since1904, most: most}}
	err := b.read(s.part, r.sheet)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return r.table, err
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

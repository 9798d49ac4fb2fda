package paper

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
)

// textFile is a text whose columns are separated.
type textFile struct {
	data     []byte
	encoding string
	comma    rune
	offset   int // lines before the first that is no row
}

// separators are what may stand between columns. Spreadsheets with Indonesian
// settings write semicolons.
func separators() []rune { return []rune{',', ';', '\t'} }

// readText prepares a text file. The separator is the one with which a header is
// found; where none is, the sign that the first line has most of.
func readText(data []byte, v *vocabulary) (*textFile, error) {
	data, encoding, err := plain(data)
	if err != nil {
		return nil, err
	}
	f := &textFile{data: data, encoding: encoding}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fault(say("file"), "empty_file")
	}
	// Excel's own hint about the separator is not a row.
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	if hint := bytes.TrimSpace(line); len(line) < 8 && len(hint) > 4 && bytes.HasPrefix(hint, []byte("sep=")) {
		f.data, f.offset = rest, 1
		f.comma = rune(hint[4])
		if bytes.ContainsRune([]byte(",;\t"), f.comma) {
			return f, nil
		}
		line, _, _ = bytes.Cut(rest, []byte("\n"))
	}
	best := 0
	for _, comma := range separators() {
		try := *f
		try.comma = comma
		head, _ := try.read(maxHead) // what cannot be read is told when it is read whole
		if _, score := v.header(head.rows); score > best {
			best, f.comma = score, comma
		}
	}
	if best == 0 {
		f.comma = frequent(line)
	}
	return f, nil
}

// frequent returns the separator that a line has most of.
func frequent(line []byte) rune {
	best, most := ',', 0
	for _, c := range separators() {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// read reads the rows, at most so many unless 0. With an error come those before it.
func (f *textFile) read(most int) (*table, error) {
	budget := int64(len(f.data)) + 1 // the file is here already
	source := &limitReader{r: bytes.NewReader(f.data), budget: &budget}
	r := csv.NewReader(source)
	r.Comma = f.comma
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	t := &table{most: most}
	lines, number := 0, 0 // read so far
	for {
		source.mark()
		start := r.InputOffset()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, notCSV(err, number, lines)
		}
		line, _ := r.FieldPos(0)
		number += line - lines // lines without anything are rows too
		lines += bytes.Count(f.data[start:r.InputOffset()], []byte("\n"))
		one := row{number: number, line: line + f.offset, cells: record}
		for i, text := range record {
			if overlong(text) {
				one.marks = append(one.marks, mark{i, "long_text"})
			}
		}
		if enough, err := t.take(one); enough || err != nil {
			return t, err
		}
	}
}

// notCSV says what a CSV reader stumbled over, after so many rows on so many lines.
func notCSV(err error, number, lines int) error {
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		return fault(atRow(number+max(pe.StartLine-lines, 1)), "not_csv")
	}
	// The limitReader: a bytes.Reader has no other error.
	return fault(atRow(number+1), "long_record", "max", maxStretch>>10)
}

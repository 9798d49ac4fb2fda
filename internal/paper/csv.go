package paper

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"persepsi/survey"
)

// plain returns the text as UTF-8 without a byte order mark; a mark of UTF-16,
// which spreadsheets write as "Unicode text", is understood.
func plain(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, fault("file", "encoding", "the file is neither UTF-8 nor UTF-16 text")
		}
		return out, nil
	}
	data = bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})
	if !utf8.Valid(data) {
		line := 1
		for i := 0; i < len(data); {
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			i += n
		}
		return nil, fault(fmt.Sprintf("row %d", line), "encoding", "is not UTF-8 text; save the file as CSV UTF-8")
	}
	return data, nil
}

// separator finds what separates the columns: the sign that the header has
// most of. Spreadsheets with Indonesian settings write semicolons.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func readCSV(data []byte) (*Table, error) {
	data, err := plain(data)
	if err != nil {
		return nil, err
	}
	// Excel's own hint about the separator is not a row.
	offset := 0
	if line, rest, ok := bytes.Cut(data, []byte("\n")); ok && len(line) < 8 && bytes.HasPrefix(line, []byte("sep=")) {
		data, offset = rest, 1
	}
	budget := int64(len(data)) + 1 // the file is here already
	source := &gauge{r: bytes.NewReader(data), budget: &budget}
	r := csv.NewReader(source)
	r.Comma = separator(data)
	r.FieldsPerRecord = -1
	t := &Table{}
	for {
		source.mark()
		start := r.InputOffset()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, notCSV(err, offset, bytes.Count(data[:start], []byte("\n")))
		}
		line, _ := r.FieldPos(0)
		if err := t.record(line+offset, record); err != nil {
			return nil, err
		}
	}
	if t.Header == nil {
		return nil, fault("file", "empty", "the file is empty")
	}
	return t, nil
}

// notCSV says what a CSV reader stumbled over, after so many whole lines.
func notCSV(err error, offset, lines int) error {
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		return fault(fmt.Sprintf("row %d", pe.Line+offset), "not_csv", "cannot be read as CSV: %s", pe.Err)
	}
	// The gauge: a bytes.Reader has no other error.
	return fault(fmt.Sprintf("row %d", lines+1+offset), "too_long", "is longer than %d kB; is a quotation mark not closed?", maxStretch>>10)
}

// record takes one record of a CSV file, the first being the header.
func (t *Table) record(line int, cells []string) error {
	if t.Header == nil {
		if len(cells) > MaxColumns {
			return fault(fmt.Sprintf("row %d", line), "columns", "has %d columns, a table may have %d", len(cells), MaxColumns)
		}
		t.Header = cells
		return nil
	}
	var faults []survey.Fault
	for i, text := range cells {
		if overlong(text) {
			faults = append(faults, survey.Fault{Field: place(line, header(t.Header, i)), Code: "too_long", Message: fmt.Sprintf(longText, MaxText)})
		}
	}
	return t.take(line, cells, faults)
}

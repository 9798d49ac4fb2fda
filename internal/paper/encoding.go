package paper

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// plain returns a text as UTF-8 without a byte order mark, and the name of what it
// was: UTF-8, UTF-16 with its mark, which spreadsheets write as "Unicode text", or
// else windows-1252, which they write as plain CSV.
func plain(data []byte) (text []byte, encoding string, err error) {
	encoding = "UTF-8"
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		encoding = "UTF-16"
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	default:
		data = bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})
		if bad, letters := notUTF8(data); bad >= 0 {
			if letters {
				return nil, "", fault(atRow(1+bytes.Count(data[:bad], []byte("\n"))), "mixed_encoding")
			}
			encoding = "windows-1252"
			data, err = charmap.Windows1252.NewDecoder().Bytes(data)
		}
	}
	if err != nil {
		return nil, "", fault(say("file"), "encoding")
	}
	if i := bytes.IndexFunc(data, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != '\v' }); i >= 0 && encoding != "UTF-8" {
		return nil, "", fault(atRow(1+bytes.Count(data[:i], []byte("\n"))), "encoding")
	}
	return data, encoding, nil
}

// notUTF8 returns where a text is no UTF-8 first, -1 if it is, and whether it has
// letters of UTF-8 beyond ASCII all the same.
func notUTF8(data []byte) (bad int, letters bool) {
	bad = -1
	if utf8.Valid(data) {
		return bad, true
	}
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r != utf8.RuneError || n > 1:
			letters = true
		case bad < 0:
			bad = i
		}
		i += n
	}
	return bad, letters
}

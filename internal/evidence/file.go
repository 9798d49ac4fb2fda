package evidence

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
	"unicode"
)

// The types of files that are taken.
const (
	PDF  = "pdf"
	PNG  = "png"
	JPEG = "jpeg"
	DOCX = "docx"
	XLSX = "xlsx"
)

// MediaType returns what a file of a type is sent as.
func MediaType(kind string) string {
	switch kind {
	case PDF:
		return "application/pdf"
	case PNG, JPEG:
		return "image/" + kind
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/octet-stream"
}

// Picture reports whether a file is one that a page may show.
func (f *File) Picture() bool { return f.Type == PNG || f.Type == JPEG }

// mostPixels is the largest picture: whoever looks at it needs four bytes a pixel. An A3 page
// scanned at 600 points an inch has 70 million.
const mostPixels = 100_000_000

// typeOf returns the type that a name's ending tells, empty for one that is not taken.
func typeOf(ending string) string {
	switch ending {
	case ".pdf":
		return PDF
	case ".png":
		return PNG
	case ".jpg", ".jpeg":
		return JPEG
	case ".docx":
		return DOCX
	case ".xlsx":
		return XLSX
	}
	return ""
}

// cleanName returns a file's name without a path and without signs that mislead, and its
// ending in small letters.
func cleanName(told string) (name, ending string) {
	told = strings.ToValidUTF8(strings.ReplaceAll(told, `\`, "/"), "")
	told = told[strings.LastIndexByte(told, '/')+1:]
	ending = strings.ToLower(path.Ext(told))
	stem := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r): // control signs, and those that turn the direction of a text
			return -1
		case strings.ContainsRune(`/:*?"<>|`, r):
			return '_'
		}
		return r
	}, told[:len(told)-len(ending)])
	stem = strings.Trim(strings.Join(strings.Fields(stem), " "), ". ")
	if letters := []rune(stem); len(letters) > MostName {
		stem = strings.TrimSpace(string(letters[:MostName]))
	}
	if stem == "" {
		stem = "berkas"
	}
	return stem + ending, ending
}

// refusal is the code of a fault of a file, and what it says.
type refusal struct{ code, message string }

var (
	errType     = &refusal{"type", "is none of the types that are taken"}
	errDiffers  = &refusal{"differs", "holds something else than its ending tells"}
	errDamaged  = &refusal{"damaged", "is damaged or cut off"}
	errPixels   = &refusal{"pixels", "is a picture of too many pixels"}
	errMacros   = &refusal{"macros", "holds a program"}
	errUnpacked = &refusal{"unpacked", "would be too large when it is unpacked"}
)

// keptParts lists the parts of a sent file that are kept, one after the other.
type keptParts struct {
	file  File // without ID and checksum
	parts [][]byte
}

// take looks at a file as it came and returns what is kept of it. Nothing of it is drawn,
// run or fetched.
func take(s *Sent) (*keptParts, *refusal) {
	out := &keptParts{parts: [][]byte{s.Data}}
	name, ending := cleanName(s.Name)
	out.file.Name, out.file.Type = name, typeOf(ending)
	if out.file.Type == "" {
		return nil, errType
	}
	var wrong *refusal
	switch out.file.Type {
	case PDF:
		wrong = checkPDF(s.Data)
	case PNG:
		out.parts, wrong = cutPNG(s.Data)
	case JPEG:
		out.parts, wrong = cutJPEG(s.Data)
	default:
		wrong = checkOffice(s.Data, out.file.Type)
	}
	if wrong != nil {
		return nil, wrong
	}
	for _, p := range out.parts {
		out.file.Bytes += int64(len(p))
	}
	out.file.Cut = out.file.Bytes != int64(len(s.Data))
	return out, nil
}

// checkPDF looks for a document's beginning and end. What stands in between is for the
// reader's program, and so the file is only ever handed over to be saved.
func checkPDF(b []byte) *refusal {
	if !bytes.HasPrefix(b, []byte("%PDF-1.")) && !bytes.HasPrefix(b, []byte("%PDF-2.")) {
		return errDiffers
	}
	if !bytes.Contains(b[max(0, len(b)-2048):], []byte("%%EOF")) {
		return errDamaged
	}
	return nil
}

// tooLarge reports whether a picture has more pixels than are taken, or none.
func tooLarge(width, height uint32) bool {
	return width == 0 || height == 0 || uint64(width)*uint64(height) > mostPixels
}

func number16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }

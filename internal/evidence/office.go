package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

const (
	// mostUnpacked bounds the bytes that a document of Word or Excel unpacks to, so that it
	// hurts nobody who opens it.
	mostUnpacked = 128 << 20
	mostMembers  = 2000
)

// mostIndex bounds what tells what the parts of a document are.
const mostIndex = 4 << 20

// programs are in the types of parts and relations that hold, or lead to, programs: modules of
// VBA, sheets of Excel 4 and controls, whatever their parts are called.
func programs() []string {
	return []string{"vbaproject", "vbadata", "macroenabled", "macrosheet", "activex", "/relationships/control"}
}

// checkIndex looks at the types that a document tells of its parts, and of what they lead to.
func checkIndex(text []byte) *refusal {
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errDamaged
		}
		e, _ := token.(xml.StartElement)
		for _, a := range e.Attr {
			if a.Name.Local != "ContentType" && a.Name.Local != "Type" {
				continue
			}
			if kind := strings.ToLower(a.Value); slices.ContainsFunc(programs(), func(p string) bool { return strings.Contains(kind, p) }) {
				return errMacros
			}
		}
	}
}

// checkName looks at the name of a member: it stays within the archive, holds no program by
// its name, and is not one of an OpenDocument, as which LibreOffice would open the file.
func checkName(name string) *refusal {
	low := strings.ToLower(name)
	switch {
	case path.Base(low) == "vbaproject.bin", strings.Contains(low, "activex/"), strings.HasPrefix(low, "basic/"), strings.HasPrefix(low, "scripts/"):
		return errMacros
	case strings.Contains(name, `\`), path.IsAbs(name), strings.HasPrefix(path.Clean(name), ".."):
		return errDamaged
	case low == "mimetype", low == "meta-inf/manifest.xml":
		return errDiffers
	}
	return nil
}

// checkOffice unpacks a document of Word or Excel as far as its bound, keeps nothing of it,
// and refuses programs.
func checkOffice(b []byte, kind string) *refusal {
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return errDiffers
	}
	// Listing members takes memory for each: they are counted before, by what begins an entry of
	// the list, and after, for an entry may be told that another one holds.
	if bytes.Count(b, []byte("PK\x01\x02")) > mostMembers {
		return errUnpacked
	}
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return errDamaged
	}
	if len(r.File) > mostMembers {
		return errUnpacked
	}
	wanted := map[string]bool{"[Content_Types].xml": true, map[string]string{DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}[kind]: true}
	left := int64(mostUnpacked)
	for _, f := range r.File {
		if wrong := checkName(f.Name); wrong != nil {
			return wrong
		}
		in, err := f.Open()
		if err != nil {
			return errDamaged
		}
		var index bytes.Buffer
		to := io.Discard
		low := strings.ToLower(f.Name)
		is := low == "[content_types].xml" || strings.HasSuffix(low, ".rels")
		if is {
			to = &index
		}
		if is && f.UncompressedSize64 > mostIndex {
			return errUnpacked
		}
		n, err := io.Copy(to, io.LimitReader(in, left+1))
		_ = in.Close() // only read
		if left -= n; left < 0 {
			return errUnpacked
		}
		if err != nil {
			return errDamaged
		}
		if is {
			if wrong := checkIndex(index.Bytes()); wrong != nil {
				return wrong
			}
		}
		delete(wanted, f.Name)
	}
	if len(wanted) > 0 {
		return errDiffers
	}
	return nil
}

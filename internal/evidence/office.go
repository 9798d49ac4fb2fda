package evidence

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

const (
	// mostUnpacked bounds the bytes that a document of Word or Excel unpacks to, so that it
	// hurts nobody who opens it.
	mostUnpacked = 128 << 20
	mostMembers  = 2000
)

// checkOffice unpacks a document of Word or Excel as far as its bound, keeps nothing of it,
// and refuses programs.
func checkOffice(b []byte, kind string) *refusal {
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return errDiffers
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
		name := strings.ToLower(path.Base(f.Name))
		if name == "vbaproject.bin" || strings.Contains(strings.ToLower(f.Name), "activex/") {
			return errMacros
		}
		if strings.Contains(f.Name, `\`) || path.IsAbs(f.Name) || strings.HasPrefix(path.Clean(f.Name), "..") {
			return errDamaged
		}
		in, err := f.Open()
		if err != nil {
			return errDamaged
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, left+1))
		_ = in.Close() // only read
		if left -= n; left < 0 {
			return errUnpacked
		}
		if err != nil {
			return errDamaged
		}
		delete(wanted, f.Name)
	}
	if len(wanted) > 0 {
		return errDiffers
	}
	return nil
}

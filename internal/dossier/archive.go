package dossier

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// archive writes files into a ZIP one after the other and keeps their checksums.
type archive struct {
	zip   *zip.Writer
	at    time.Time // of every file
	files []File
	// evidence are the numbers of the entries of evidence whose files are not written but told of
	// alone, by name; nil: they are written.
	evidence map[string]int
}

// File is what the manifest tells of a file.
type File struct {
	Name string `json:"name"`
	// SHA256 is the file's digest in lower-case hex.
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	// What says what it is, in the language of the package.
	What string `json:"what"`
	// Rows is the number of answers in it; of rows of answers alone.
	Rows *int64 `json:"rows,omitempty"`
}

// countingWriter is a writer that counts and sums up what goes through it.
type countingWriter struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

// Write writes, sums and counts.
func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.sum.Write(p[:n])
	c.n += int64(n)
	return n, err
}

// add writes a file. Packed tells that it is packed already, as a photo is.
func (a *archive) add(name, what string, packed bool, write func(io.Writer) error) error {
	head := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.at}
	if packed {
		head.Method = zip.Store
	}
	head.SetMode(0o644)
	to, err := a.zip.CreateHeader(head)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	out := &countingWriter{to: to, sum: sha256.New()}
	if err := write(out); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	a.files = append(a.files, File{Name: name, SHA256: hex.EncodeToString(out.sum.Sum(nil)), Size: out.n, What: what})
	return nil
}

// longestName is how many characters the name of a file has at most.
const longestName = 100

// safe returns a name of letters, digits, dots, dashes and underscores alone, which no system
// reads as a path.
func safe(name string) string {
	out := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, name)
	if len(out) > longestName { // with its ending
		out = out[:longestName-8] + out[len(out)-8:]
	}
	if strings.Trim(out, ".") == "" || out[0] == '.' {
		return "_" + strings.Trim(out, ".")
	}
	return out
}

package view

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Asset is a file that pages load. Its address changes with what it holds, so
// that a browser may keep it for ever.
type Asset struct {
	Path        string // /assets/NAME-CHECKSUM.EXT
	ContentType string
	Body        []byte
	Gzip        []byte // Body, compressed
}

// contentTypes has the media type of each ending.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
}

// newAssets reads every asset, by the name of its file.
func newAssets() (map[string]*Asset, error) {
	names, err := fs.Glob(files, "assets/*")
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	out := make(map[string]*Asset, len(names))
	for _, file := range names {
		source, err := files.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read an asset: %w", err)
		}
		a, err := newAsset(path.Base(file), source)
		if err != nil {
			return nil, err
		}
		out[path.Base(file)] = a
	}
	return out, nil
}

func newAsset(name string, source []byte) (*Asset, error) {
	ext := path.Ext(name)
	a := &Asset{ContentType: contentTypes[ext], Body: []byte(squeeze(string(source)))}
	if a.ContentType == "" {
		return nil, fmt.Errorf("asset %s: its ending has no content type", name)
	}
	sum := sha256.Sum256(a.Body)
	a.Path = "/assets/" + strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	if _, err := w.Write(a.Body); err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	a.Gzip = small.Bytes()
	return a, nil
}

// Asset returns what /assets/FILE stands for, nil where it is nothing, and
// whether that is what the address was made from. If not, a page of another
// version of the service asks (two run side by side during an update): our
// file is better than none there, but must not be kept under its address.
func (p *Pages) Asset(file string) (a *Asset, same bool) {
	ext := path.Ext(file)
	name, _, _ := strings.Cut(file, "-")
	a = p.assets[name+ext]
	return a, a != nil && a.Path == "/assets/"+file
}

// squeeze drops what a style sheet or a script doesn't need on the wire:
// comments, line breaks and indentation.
func squeeze(source string) string {
	var out strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "/*") {
			continue
		}
		out.WriteString(line)
		if !strings.HasSuffix(line, "{") && !strings.HasSuffix(line, "}") && !strings.HasSuffix(line, ";") && !strings.HasSuffix(line, ",") {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

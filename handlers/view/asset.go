package view

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Asset is a file that pages load. Its address changes with what it holds, so
// that a browser may keep it for ever.
type Asset struct {
	Path string
	Body []byte
}

// newScript reads the script of the citizen's pages.
func newScript() (Asset, error) {
	source, err := files.ReadFile("templates/form.js")
	if err != nil {
		return Asset{}, fmt.Errorf("read the script: %w", err)
	}
	body := []byte(squeeze(string(source)))
	sum := sha256.Sum256(body)
	return Asset{Path: "/assets/form-" + hex.EncodeToString(sum[:6]) + ".js", Body: body}, nil
}

// Script returns the script that the citizen's form and its thank-you page
// load.
func (p *Pages) Script() Asset { return p.script }

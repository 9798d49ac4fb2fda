package view

import (
	"encoding/base64"
	"fmt"
	"html/template"

	"persepsi/internal/document"
)

// shownBlock is a block of a document by its kind: one of its fields is set.
type shownBlock struct {
	Paragraph  *document.Paragraph
	List       *document.List
	Table      *document.Table
	Figure     *document.Figure
	Facts      *document.Facts
	Picture    *document.Picture
	Signatures *document.Signatures
}

// shownBlocks returns the blocks of a section as templates draw them.
func shownBlocks(blocks []document.Block) ([]shownBlock, error) {
	out := make([]shownBlock, len(blocks))
	for i, b := range blocks {
		switch b := b.(type) {
		case document.Paragraph:
			out[i].Paragraph = &b
		case document.List:
			out[i].List = &b
		case document.Table:
			out[i].Table = &b
		case document.Figure:
			out[i].Figure = &b
		case document.Facts:
			out[i].Facts = &b
		case document.Picture:
			out[i].Picture = &b
		case document.Signatures:
			out[i].Signatures = &b
		default:
			return nil, fmt.Errorf("no page shows a %T", b)
		}
	}
	return out, nil
}

// pictureAddress returns a picture as the address that holds it.
func pictureAddress(p *document.Picture) template.URL {
	return template.URL("data:" + p.Type + ";base64," + base64.StdEncoding.EncodeToString(p.Data)) //nolint:gosec // its type is checked where it is taken
}

// heading returns the level of a section's heading on a page that has one of its own.
func heading(level int) int { return min(level, deepestHeading) + 1 }

const deepestHeading = 3

// side is the class of a column's cells.
func side(a document.Align) string { return [...]string{"", "num", "mid"}[a] }

package view

import (
	"html"
	"net/url"

	"persepsi/internal/permalink"
	"persepsi/survey"
)

// Embed is the code by which an office shows a unit's newest released figures on its own site.
type Embed struct {
	// Base is the address under which citizens reach the service; empty: it is not set, and
	// there is no code.
	Base, Lang string
	Unit       *survey.Unit
	Indexes    []EmbedIndex // that have a badge
}

// EmbedIndex is an index with a badge. Name is empty where the messages have one.
type EmbedIndex struct {
	Code string
	Name survey.Text
}

func (e *Embed) path(what, index string) string {
	q := url.Values{"lang": {e.Lang}}
	if index != "" {
		q.Set("indeks", index)
	}
	return permalink.Result(e.Unit.Code) + what + "?" + q.Encode()
}

// BadgePath returns where the badge of an index is on this service.
func (e *Embed) BadgePath(index string) string { return e.path("/lencana.svg", index) }

// CardPath returns where the result card is on this service.
func (e *Embed) CardPath() string { return e.path("/kartu", "") }

// Badge returns the code of a badge, which leads to the whole result. alt is said to who
// can't see it.
func (e *Embed) Badge(index, alt string) string {
	return `<a href="` + html.EscapeString(e.Base+e.path("", "")) + `"><img src="` + html.EscapeString(e.Base+e.BadgePath(index)) +
		`" width="400" alt="` + html.EscapeString(alt) + `"></a>`
}

// Card returns the code of the result card; title is said to who can't see it.
func (e *Embed) Card(title string) string {
	return `<iframe src="` + html.EscapeString(e.Base+e.CardPath()) + `" title="` + html.EscapeString(title) +
		`" width="600" height="760" loading="lazy" style="border:0;max-width:100%"></iframe>`
}

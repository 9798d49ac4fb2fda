package view

import (
	"html/template"
	"net/url"
	"strconv"

	"persepsi/internal/comment"
	"persepsi/internal/document"
	"persepsi/internal/manuscript"
	"persepsi/internal/reporting"
)

// ReportPage is a unit's report as it would be handed in, and what a person writes into it.
type ReportPage struct {
	UnitPage
	Kind  reporting.Kind
	Kinds []ReportKind
	// Document is the report; nil where the period has none of any kind yet. Sections are its
	// sections with what is written in each.
	Document *document.Document
	Sections []ReportSection
	// Writes tells that who reads may write. Text is what the form holds: the newest version,
	// or what came back with a fault.
	Writes  bool
	Text    manuscript.Manuscript
	Signers []ReportSigner
	Rows    []ReportRow
	Aspects []ReportAspect
	Quotes  []Quote
	// MoreQuotes tells that not all comments that may be quoted are among Quotes.
	MoreQuotes bool
	// Faults are the faults of the form that was sent, by field; Summary links to them.
	Faults  map[string]string
	Summary []FaultLine
	// Clash is the version that somebody else stored meanwhile; nil: there is none.
	Clash *manuscript.Manuscript
	Saved bool
	// Preview tells that the page is of what was sent, which is not stored.
	Preview bool
	// Earlier is the version that the page is of, where that is not the newest; Text.Version is
	// the newest all the same.
	Earlier *manuscript.Manuscript
	// Dossier is the evidence package; nil: it is not for who reads.
	Dossier *Dossier
	// Embed is how the office shows the unit's result on its own site.
	Embed *Embed
	// Published tells that there is a publication sheet.
	Published bool
}

// ReportKind is a kind of report and its page.
type ReportKind struct {
	Kind reporting.Kind
	Path string
	Here bool
}

// ReportSection is a section with a person's words.
type ReportSection struct {
	*document.Section
	Body    string
	Instead bool
	Fault   string
}

// ReportSigner is who signs, as the N-th of the form.
type ReportSigner struct {
	N int
	manuscript.Signer
}

// ReportRow is a row of what is done, as the N-th of the form.
type ReportRow struct {
	N int
	manuscript.FollowUp
	Fault string // of its action
}

// ReportAspect is an aspect that a row can be about.
type ReportAspect struct{ Code, Name string }

// Quote is a comment that the report may quote.
type Quote struct {
	comment.Item
	Chosen bool
}

// Address returns where the report is: as a page, or as a file where a format is named.
func (p *ReportPage) Address(format string) string {
	return ReportAddress(p.Unit.Code, p.Unit.Period.Code, p.Kind, p.Lang, format)
}

// ReportAddress returns where a report is: as a page, or as a file where a format is named.
func ReportAddress(unit, period string, kind reporting.Kind, lang, format string) string {
	path := UnitAddress(unit, UnitReport)
	if format != "" {
		path += "." + format
	}
	return path + "?" + url.Values{"period": {period}, "jenis": {string(kind)}, "lang": {lang}}.Encode()
}

// ReportVersion is the parameter of an earlier version.
const ReportVersion = "versi"

// Before is the page of the version before the one that is shown; empty: there is none.
func (p *ReportPage) Before() template.URL {
	n := p.Text.Version - 1
	if p.Earlier != nil {
		n = p.Earlier.Version - 1
	}
	if n < 1 || p.Preview {
		return ""
	}
	return template.URL(p.Address("") + "&" + ReportVersion + "=" + strconv.Itoa(n)) //nolint:gosec // made of codes that are there
}

// Action is where the form is sent.
func (p *ReportPage) Action() template.URL { return template.URL(p.Address("")) } //nolint:gosec // made of codes that are there

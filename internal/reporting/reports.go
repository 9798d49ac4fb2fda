package reporting

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/docx"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/typeset"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Format is how a report is written.
type Format struct {
	// Ending is the ending of its files, without a dot, Type their media type.
	Ending, Type string
	write        func(io.Writer, *document.Document) error
}

// Formats lists the formats of reports.
func Formats() []Format {
	return []Format{
		{"pdf", "application/pdf", typeset.PDF},
		{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.Write},
	}
}

// FormatOf returns the format of a file's ending.
func FormatOf(ending string) (Format, bool) {
	all := Formats()
	i := slices.IndexFunc(all, func(f Format) bool { return f.Ending == ending })
	if i < 0 {
		return Format{}, false
	}
	return all[i], true
}

// Reports opens and makes the reports of units: for a page, a command and long work alike.
// Safe for concurrent use.
type Reports struct {
	Figures *report.Builder
	Details *desk.Details
	Written *manuscript.Entries
	// Address is where citizens reach the service; empty: prints can't tell of a newer figure.
	Address string

	comments Comments
	words    *wording.Catalogue
	cache    *cache.Cache
}

// NewReports returns the reports of what a builder's figures tell and of what people wrote
// into them; details and files that were made are kept in a cache.
func NewReports(figures *report.Builder, comments Comments, texts manuscript.Store, kept *cache.Cache, address string, now func() time.Time) (*Reports, error) {
	words, err := wording.Load()
	if err != nil {
		return nil, err
	}
	details, err := desk.NewDetails(figures, kept)
	if err != nil {
		return nil, err
	}
	return &Reports{Figures: figures, Details: details, Written: &manuscript.Entries{Store: texts, Now: now}, Address: address, comments: comments, words: words, cache: kept}, nil
}

// Subject is what a report is of: a unit, by its code, in a period.
type Subject struct {
	Kind         Kind
	Period, Unit string
}

// File is what the report of a subject is called in a format.
func (s Subject) File(f Format) string {
	return "laporan-" + string(s.Kind) + "-" + s.Unit + "-" + s.Period + "." + f.Ending
}

// Open returns all that a report is made of for who asks, with their desk: sums of scores are
// for who may read what is live, comments for who may read those. Errors: those of Gather.
func (r *Reports) Open(ctx context.Context, who access.Actor, on *desk.Desk, of Subject) (*Input, error) {
	figures := r.Figures.Figures()
	place, _ := figures.Directory().Unit(of.Unit)
	scope := access.Scope{} // on which nobody may anything
	if place.Unit != nil {
		scope = access.Unit(place.Agency.Key(), place.Unit.Key())
	}
	in, err := Gather(ctx, figures, r.Details, on, Request{Kind: of.Kind, Period: of.Period, Unit: of.Unit, Sums: access.Allow(who, access.ReadLive, scope)})
	if err != nil {
		return nil, err
	}
	if in.Written, err = r.Written.Newest(ctx, manuscript.Place{Period: in.Period.Code, Unit: in.Place.Unit.Key(), Kind: string(of.Kind)}); err != nil {
		return nil, err
	}
	if in.Before != nil {
		before, err := r.Written.Newest(ctx, manuscript.Place{Period: in.Before.Code, Unit: in.Place.Unit.Key(), Kind: string(of.Kind)})
		if err != nil {
			return nil, err
		}
		in.Planned = before.FollowUps
	}
	if r.Address != "" {
		in.LeadTo(r.Address)
	}
	if access.Allow(who, access.ReadComments, scope) {
		in.Quoted, err = r.Quoted(ctx, &in.Written)
	}
	return in, err
}

// LeadTo has the report's symbol lead to where the newest figure is, at a service's address.
func (in *Input) LeadTo(address string) {
	var printed *analytics.ReleasedTally
	if in.Result != nil {
		printed = in.Result.Released
	}
	in.Address = sheet.LeadsTo(address, in.Place.Unit.Code, in.Period.Code, printed)
}

// Quoted returns the comments that a text quotes, as far as they may still be shown.
func (r *Reports) Quoted(ctx context.Context, text *manuscript.Manuscript) ([]comment.Item, error) {
	return Quoted(ctx, r.comments, text)
}

// Document makes a report in a language; errors as those of Make.
func (r *Reports) Document(in *Input, lang string) (*document.Document, error) {
	return Make(r.words.In(lang), in)
}

// fileKey names a file by all that it says: whatever changes of the figures, of what people
// wrote, of comments, of the catalogue or of who reads it changes the document, and with it
// the key. Making the document takes some 2 ms, writing it as PDF some 100.
type fileKey struct {
	document [32]byte
	format   string
}

// File returns a report as a file, which is written once for all who ask for the same. turn
// runs the writing when it is its turn; its error is returned.
func (r *Reports) File(in *Input, lang string, f Format, turn func(write func() error) error) ([]byte, error) {
	doc, err := r.Document(in, lang)
	if err != nil {
		return nil, err
	}
	return cache.Get(r.cache, fileKey{doc.Digest(), f.Ending}, func() (data []byte, size int, err error) {
		err = turn(func() error {
			data, err = written(doc, f)
			return err
		})
		return data, len(data), err
	})
}

// FileOnce is File for who makes hundreds and asks for none of them again: nothing is kept, so
// that what others ask for stays, and rest is called between pieces of the work; nil: it is done
// in one go.
func (r *Reports) FileOnce(in *Input, lang string, f Format, rest func()) ([]byte, error) {
	doc, err := r.Document(in, lang)
	if err != nil {
		return nil, err
	}
	doc.Rest = rest
	return written(doc, f)
}

func written(doc *document.Document, f Format) ([]byte, error) {
	if f.write == nil {
		return nil, fmt.Errorf("a report is written in no format %q", survey.Printable(f.Ending))
	}
	var out bytes.Buffer
	if err := f.write(&out, doc); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

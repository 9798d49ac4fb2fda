package dossier

import (
	"context"
	"io"
	"maps"
	"slices"
	"time"

	"persepsi/internal/document"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/internal/typeset"
	"persepsi/survey"
)

// unitPart is a unit's part of a package.
type unitPart struct {
	*Dossier
	dir         string // before the names of its files; empty, or ending in a slash
	place       survey.Place
	unitFigures *UnitFigures
	results     *report.Results
	result      *report.UnitResult // nil: nothing is known of it
	reports     []*reporting.Input // of the kinds that the form asks for
	annex       *reporting.Input   // for what is of no kind
	history     *report.History
	erased      *survey.Erasure
	leftOut     []LeftOut
	rest        func() // called between pieces of the work; nil: it is done in one go
}

// open gathers what a unit's part is made of, but rows and files.
func (p *Dossier) open(ctx context.Context, place survey.Place) (*unitPart, error) {
	u := &unitPart{Dossier: p, place: place}
	unit := place.Unit.Code
	var err error
	if u.results, err = p.figures.Results(report.Scope{Period: p.period.Code, Unit: unit, Audience: p.cut(), Explain: true}); err != nil {
		return nil, err
	}
	if len(u.results.Units) > 0 {
		u.result = u.results.Units[0]
	}
	u.stand()
	subject := reporting.Subject{Period: p.period.Code, Unit: unit}
	for _, subject.Kind = range reporting.KindsOf(p.form) {
		in, err := p.maker.Reports.Open(ctx, p.asked.Who, p.on, subject)
		if err != nil {
			return nil, err
		}
		u.reports = append(u.reports, in)
	}
	if u.reports != nil {
		u.annex = u.reports[0]
	} else if u.annex, err = p.maker.Reports.Open(ctx, p.asked.Who, p.on, reporting.Subject{Kind: reporting.SKM, Period: p.period.Code, Unit: unit}); err != nil {
		return nil, err
	}
	if !u.sameMoment() { // a release came in between
		return nil, &survey.Error{Code: survey.Unavailable, Message: "the figures are being renewed; try again in a moment", RetryAfter: renewed}
	}
	if u.annex.Detail.Incomplete {
		return nil, survey.Errorf(survey.Unavailable, "the releases of unit %s cannot be read now; try again", unit)
	}
	if u.history, err = p.maker.Reports.Figures.History(ctx, p.figures, unit, p.period, report.Managed, p.on.Today); err != nil {
		return nil, err
	}
	u.erased, err = p.maker.Facts.Erasure(ctx, p.period.Code)
	return u, err
}

// renewed is how long the desk takes to follow the figures, at most.
const renewed = 2 * time.Second

// sameMoment reports whether what the desk and the reports tell is of the release that the
// figures are of.
func (u *unitPart) sameMoment() bool {
	var figures *time.Time
	if r := u.annex.Result; r != nil {
		figures = r.AsOf
	}
	shown := u.annex.Detail.AsOf
	if shown == nil || figures == nil {
		return shown == nil && figures == nil
	}
	newest := u.figures.Released(u.period.Code, u.place.Unit.Code)
	return newest != nil && newest.AsOf.Equal(*figures) && shown.Equal(*figures)
}

// stand tells which figures the part has, and dates them by their release: what changes
// without them is not told.
func (u *unitPart) stand() {
	s := &UnitFigures{Unit: u.place.Unit.Code, UnitName: u.place.Unit.Name, State: stateNone, results: u.result}
	u.unitFigures = s
	dated := *u.results
	dated.AsOf = nil
	if r := u.figures.Released(u.period.Code, s.Unit); r != nil {
		s.Release = &Release{Serial: r.Serial, Final: r.Final, AsOf: r.AsOf.UTC(), MadeAt: r.At.UTC(), Checksum: r.Checksum}
	}
	live := u.result != nil && u.result.Released == nil && u.result.Withheld == "" && u.audience == Evaluators && u.result.Responses.Valid > 0
	switch {
	case u.result == nil:
	case live:
		s.State, s.AsOf = stateLive, &dated.GeneratedAt
	case u.result.Released != nil:
		s.State = stateReleased
		if u.result.Final {
			s.State = stateFinal
		}
		at := u.result.Released.AsOf.UTC()
		s.AsOf, dated.AsOf = &at, &at
	}
	if !live {
		dated.GeneratedAt = u.made(s.Unit)
	}
	if u.result != nil {
		s.Withheld = u.result.Withheld
	}
	u.results = &dated
}

// write writes the files of the part in the order of their names.
func (u *unitPart) write(ctx context.Context, a *archive) error {
	for _, part := range []func(context.Context, *archive) error{
		u.writeReports, u.writeSheet, u.writeEvidence, u.writeFollowUps, u.writeForm, u.writePeople, u.writeResults, u.writeMethod, u.writeRecords, u.writeRows,
	} {
		if err := part(ctx, a); err != nil {
			return err
		}
		if u.rest != nil {
			u.rest()
		}
	}
	return nil
}

// add writes a file of the part; what is the key of the message that says what it is.
func (u *unitPart) add(a *archive, name, what string, write func(io.Writer) error) error {
	return a.add(u.dir+safe(name), u.say(what), false, write)
}

// leave notes what is not there, and why.
func (u *unitPart) leave(name, why string, args ...any) {
	u.leftOut = append(u.leftOut, LeftOut{Name: u.dir + safe(name), Why: why, Text: u.say("evidence.why."+why, args...)})
}

// document writes a document as PDF.
func (u *unitPart) document(a *archive, name, what string, doc *document.Document) error {
	doc.Rest = u.rest
	return u.add(a, name, what, func(w io.Writer) error { return typeset.PDF(w, doc) })
}

// The names of the reports, by kind.
func reportName(kind reporting.Kind) string {
	if kind == reporting.ZI {
		return "02-laporan-spkp-spak"
	}
	return "01-laporan-skm"
}

// writeReports writes each report as PDF, to be signed, and as DOCX.
func (u *unitPart) writeReports(_ context.Context, a *archive) error {
	for _, kind := range reporting.Kinds() {
		at := slices.IndexFunc(u.reports, func(in *reporting.Input) bool { return in.Kind == kind })
		if at < 0 {
			u.leave(reportName(kind)+".pdf", "no_question")
			continue
		}
		for _, format := range slices.Backward(reporting.Formats()) { // as their names are ordered
			data, err := u.maker.Reports.FileOnce(u.reports[at], u.s.Lang(), format, u.rest)
			if err != nil {
				return err
			}
			what := "evidence.what.report.pdf"
			if format.Ending == "docx" {
				what = "evidence.what.report.docx"
			}
			if err := u.add(a, reportName(kind)+"."+format.Ending, what, func(w io.Writer) error {
				_, err := w.Write(data)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeForm writes the questionnaire in each language.
func (u *unitPart) writeForm(_ context.Context, a *archive) error {
	what := map[string]string{"id": "evidence.what.form.id", "en": "evidence.what.form.en"}
	for _, lang := range slices.Sorted(maps.Keys(what)) {
		doc, err := reporting.MakeForm(u.words.In(lang), u.annex)
		if err != nil {
			return err
		}
		if err := u.document(a, "06-kuesioner-"+lang+".pdf", what[lang], doc); err != nil {
			return err
		}
	}
	return nil
}

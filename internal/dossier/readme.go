package dossier

import (
	_ "embed" // the page is a template
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
)

//go:embed readme.html
var readmeText string

// page is what the readme is made of.
type page struct {
	*Manifest
	Of         string // whose package it is
	Evaluators bool
	Parts      []partFacts
	Groups     []group
}

// partFacts are a unit's figures in a line or two.
type partFacts struct {
	Name, State string
	Indexes     []indexFacts
}

type indexFacts struct{ Name, Value, Mutu, N, Sample string }

// group are the files of one folder.
type group struct {
	Name  string
	Files []File
}

// readme writes the page that explains a package: alone, without anything from elsewhere.
func (p *Dossier) readme(w io.Writer, m *Manifest, facts []partFacts) error {
	t, err := template.New("readme").Funcs(template.FuncMap{
		"t": p.say, "whole": p.s.Whole, "bytes": p.bytes,
	}).Parse(readmeText)
	if err != nil {
		return fmt.Errorf("read the page that explains a package: %w", err)
	}
	data := &page{Manifest: m, Of: m.AgencyName, Evaluators: m.Audience == Evaluators, Parts: facts}
	if m.UnitFigures != nil {
		data.Of = m.UnitName
	}
	for _, f := range m.Files {
		folder, _, in := strings.Cut(f.Name, "/")
		if !in {
			folder = ""
		}
		if n := len(data.Groups); n == 0 || data.Groups[n-1].Name != folder {
			data.Groups = append(data.Groups, group{Name: folder})
		}
		last := &data.Groups[len(data.Groups)-1]
		last.Files = append(last.Files, f)
	}
	return t.Execute(w, data)
}

// facts says in words which figures a unit has.
func (p *Dossier) facts(s *UnitFigures) (partFacts, error) {
	zone := p.figures.Directory().Zone()
	out := partFacts{Name: s.UnitName}
	if s.AsOf == nil {
		said, err := p.s.Withheld(s.results, p.over(), p.figures.Directory().City().LeastReleased())
		out.State = said
		return out, err
	}
	at, err := p.s.Moment(s.AsOf.In(zone))
	if err != nil {
		return out, err
	}
	out.State = p.say("evidence.state."+s.State, "At", at)
	for _, code := range analytics.Order(p.form) {
		x := s.results.Indexes[code]
		if x == nil {
			continue
		}
		sample := "evidence.sample.short"
		switch {
		case x.SampleFault != "":
			sample = "evidence.sample.unknown"
		case x.Adequate:
			sample = "evidence.sample.enough"
		}
		out.Indexes = append(out.Indexes, indexFacts{p.s.NameOf(code), p.s.Shown(x.Shown), x.Mutu, p.s.Whole(x.N), p.say(sample)})
	}
	return out, nil
}

// over reports whether the period's last day is past.
func (p *Dossier) over() bool {
	return p.figures.Directory().Today(p.maker.Now()) > p.period.To
}

// bytes writes a size.
func (p *Dossier) bytes(n int64) string {
	const kilo = 1000
	if n < kilo {
		return p.say("evidence.bytes", "N", n)
	}
	return p.say("evidence.kilobytes", "N", p.s.Whole((n+kilo/2)/kilo))
}

// together writes the figures of all units of an agency, before the parts of each.
func (p *Dossier) together(a *archive) error {
	results, err := p.figures.Results(report.Scope{Period: p.period.Code, Agency: p.agency.Code, Audience: p.cut(), Explain: true})
	if err != nil {
		return err
	}
	dated := *results
	released := true
	var asOf *time.Time
	for _, u := range dated.Units {
		released = released && (u.Released != nil || u.Withheld != "")
		if u.AsOf != nil && (asOf == nil || u.AsOf.After(*asOf)) {
			asOf = u.AsOf
		}
	}
	dated.AsOf = asOf
	if released {
		dated.GeneratedAt = a.at
	}
	u := &unitPart{Dossier: p, results: &dated}
	return u.writeFigures(a, "00-olahan-opd.xlsx", "00-rekap-opd")
}

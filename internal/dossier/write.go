package dossier

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
)

// The files that every package ends with.
const (
	readmeName   = "BACA-DAHULU.html"
	sumsName     = "SHA256SUMS"
	manifestName = "manifest.json"
)

// SummedManifest is the manifest of a package that was written, with its checksum.
type SummedManifest struct {
	Manifest Manifest
	// Sum is the SHA-256 of manifest.json, in lower-case hex: who has it can check all files.
	Sum string
}

// Write writes the package, one file after the other; memory is bounded by the largest
// document of one unit, never by the number of answers.
func (p *Dossier) Write(ctx context.Context, w io.Writer) (*SummedManifest, error) {
	out := &SummedManifest{Manifest: p.manifest()}
	m := &out.Manifest
	a := &archive{zip: zip.NewWriter(w), at: p.newest()}
	var facts []partFacts
	if m.Units != nil {
		if err := p.together(a); err != nil {
			return nil, err
		}
	}
	for i, place := range p.units {
		u, err := p.open(ctx, place)
		if err != nil {
			return nil, err
		}
		if m.Units != nil {
			u.dir = p.dir(i)
			*m.Units[i] = *u.unitFigures
		} else {
			m.UnitFigures = u.unitFigures
		}
		if err := u.write(ctx, a); err != nil {
			return nil, fmt.Errorf("unit %s: %w", place.Unit.Code, err)
		}
		m.LeftOut = append(m.LeftOut, u.leftOut...)
		told, err := p.facts(u.unitFigures)
		if err != nil {
			return nil, err
		}
		facts = append(facts, told)
	}
	sum, err := p.end(a, m, facts)
	if err != nil {
		return nil, err
	}
	out.Sum = sum
	if err := a.zip.Close(); err != nil {
		return nil, fmt.Errorf("write the package: %w", err)
	}
	return out, nil
}

// newest is the moment of the newest release of its units.
func (p *Dossier) newest() (at time.Time) {
	for _, place := range p.units {
		if t := p.made(place.Unit.Code); t.After(at) {
			at = t
		}
	}
	return at
}

// dir is the folder of a unit in the package of an agency.
func (p *Dossier) dir(i int) string {
	return fmt.Sprintf("%0*d-%s/", len(fmt.Sprint(len(p.units)))+1, i+1, safe(p.units[i].Unit.Code))
}

// end writes what explains and checks the rest, and returns the checksum of the manifest.
func (p *Dossier) end(a *archive, m *Manifest, facts []partFacts) (string, error) {
	m.Files = a.files
	if err := a.add(readmeName, p.say("evidence.what.readme"), false, func(w io.Writer) error { return p.readme(w, m, facts) }); err != nil {
		return "", err
	}
	sums := a.files
	if err := a.add(sumsName, p.say("evidence.what.sums"), false, func(w io.Writer) error {
		for _, f := range sums {
			if _, err := fmt.Fprintf(w, "%s  %s\n", f.SHA256, f.Name); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return "", err
	}
	m.Files = a.files
	if err := a.add(manifestName, "", false, func(w io.Writer) error {
		to := json.NewEncoder(w)
		to.SetEscapeHTML(false)
		to.SetIndent("", "  ")
		return to.Encode(m)
	}); err != nil {
		return "", err
	}
	return a.files[len(a.files)-1].SHA256, nil
}

// manifest begins the manifest.
func (p *Dossier) manifest() Manifest {
	city := p.figures.Directory().City()
	m := Manifest{
		Format: Format, Program: p.maker.Version, Lang: p.s.Lang(), City: city.Name, Demo: city.Demo, Period: p.period.Code, PeriodName: p.period.Name,
		Agency: p.agency.Code, AgencyName: p.agency.Name, Audience: p.audience, LeftOut: []LeftOut{},
	}
	if p.asked.Unit == "" {
		m.Units = make([]*UnitFigures, len(p.units))
		for i := range m.Units {
			m.Units[i] = new(UnitFigures)
		}
	}
	return m
}

// made is the moment of a unit's newest release; without one the period's beginning, as in
// the reports.
func (p *Dossier) made(unit string) time.Time {
	if r := p.figures.Released(p.period.Code, unit); r != nil {
		return r.At.UTC()
	}
	return p.period.From.Time()
}

// Note tells the audit that a package was made, before anybody gets it.
func (p *Dossier) Note(ctx context.Context, w *SummedManifest) error {
	return p.maker.Note(ctx, p.asked.Who, w)
}

// Note tells the audit that somebody takes a package, before they get it.
func (m *Maker) Note(ctx context.Context, who access.Actor, w *SummedManifest) error {
	made, rows := &w.Manifest, "without rows"
	subject, units := made.Period+"/"+made.Agency, made.Units
	if made.UnitFigures != nil {
		subject, units = made.Period+"/"+made.Unit, []*UnitFigures{made.UnitFigures}
	}
	if made.Audience == Evaluators {
		rows = "with rows of answers"
	}
	e := audit.Entry{
		At: m.Now(), Actor: who.By(), Action: audit.Dossier, Subject: subject,
		Detail: fmt.Sprintf("evidence package for %s, %s, %d files, manifest sha256 %s", made.Audience, rows, len(made.Files)+1, w.Sum),
	}
	for _, unit := range units {
		e.Concerns(made.Period, unit.Unit)
	}
	if err := m.Audit.Audit(ctx, e); err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	return nil
}

// say returns a message; one that there isn't is its key, and a test holds that there are
// all.
func (p *Dossier) say(key string, args ...any) string {
	text, err := p.s.Say(key, args...)
	if err != nil {
		return key
	}
	return text
}

package dossier

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"persepsi/internal/access"
	"persepsi/internal/jobs"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// AgencyKind is the kind of long work that makes the package of an agency, unit by unit.
const AgencyKind = "evidence"

// AgencyRequest is a request for the package of an agency.
type AgencyRequest struct {
	Agency string `json:"agency"` // its key
	Period string `json:"period"`
	Lang   string `json:"lang"`
	// As are the grants of who asked: the package is the one that they would have taken then.
	As []access.Grant `json:"as"`
}

// Still reports whether somebody may read now all that was made for them.
func (of *AgencyRequest) Still(who access.Actor) bool {
	return reporting.Still(of.As, who, access.Agency(of.Agency), access.TakeEvidence, access.ReadDesk, access.ReadRows, access.ReadLive, access.ReadComments)
}

// Agencies asks for and does that work.
type Agencies struct {
	*Maker
	All *reporting.AllReports // finds who asks, and until when what is made for them may be kept
}

// open opens the package that was asked for, with figures of now.
func (g *Agencies) open(of *AgencyRequest) (*Dossier, error) {
	return g.Open(Request{Period: of.Period, Agency: of.Agency, Lang: of.Lang, Who: access.Actor{Name: AgencyKind, Grants: of.As}})
}

// Job returns the job that makes a package for somebody. Errors: NotFound for an agency that is
// not there or not theirs; Invalid names a period of which there is none; Conflict of the only
// fault "late" is of one whose comments are just being removed; report.ErrNotLoaded.
func (g *Agencies) Job(ctx context.Context, who access.Actor, of AgencyRequest) (jobs.Job, error) {
	d := g.Reports.Figures.Figures().Directory()
	agency, ok := d.Agency(of.Agency)
	if !ok || !access.Allow(who, access.TakeEvidence, access.Agency(agency.Key())) {
		return jobs.Job{}, survey.Errorf(survey.NotFound, "there is no such agency on this desk")
	}
	of.Agency = agency.Key()
	of.As = reporting.Lasting(who, access.Agency(of.Agency))
	made, err := g.open(&of)
	if code := survey.CodeOf(err); code == survey.NotFound || code == survey.Conflict {
		return jobs.Job{}, &survey.Error{Code: survey.Invalid, Message: "period: there is no evidence of it", Faults: []survey.Fault{{Field: "period", Code: "unknown", Message: "has no evidence"}}}
	}
	if err != nil {
		return jobs.Job{}, err
	}
	what, err := json.Marshal(of)
	if err != nil {
		return jobs.Job{}, fmt.Errorf("ask for evidence: %w", err)
	}
	j := jobs.Job{Kind: AgencyKind, What: what, Title: made.say("evidence.all.title", "Of", agency.Name, "Period", made.period.Name), Person: who.Person, Total: len(made.units)}
	j.Until, err = g.All.Until(ctx, d, made.period)
	return j, err
}

// Read returns what a job was asked for.
func (g *Agencies) Read(j jobs.Job) (of AgencyRequest, err error) {
	if err = json.Unmarshal(j.What, &of); err != nil {
		err = fmt.Errorf("read what a job was asked for: %w", err)
	}
	return of, err
}

// Kind returns how the work is done: a part for each unit, and then what the command writes
// before and after them.
func (g *Agencies) Kind() jobs.Kind { return jobs.Kind{Name: AgencyKind, Steps: g.steps, Last: g.last} }

func (g *Agencies) steps(ctx context.Context, j jobs.Job) ([]jobs.Step, error) {
	of, err := g.Read(j)
	if err != nil {
		return nil, err
	}
	who, err := g.All.Actor(ctx, j.Person)
	if err != nil {
		return nil, err
	}
	if !of.Still(who) {
		return nil, survey.Errorf(survey.Forbidden, "who asked may not take this evidence any more")
	}
	p, err := g.open(&of)
	if err != nil {
		return nil, err
	}
	var out []jobs.Step
	for i, place := range p.units {
		out = append(out, jobs.Step{
			Key: p.step(place), Name: place.Unit.Name,
			Make:    func(ctx context.Context, rest func()) (jobs.Part, error) { return p.part(ctx, i, rest) },
			Instead: func() (jobs.Part, error) { return p.without(i) },
		})
	}
	return out, nil
}

// step is the key of a unit's part: another one after a release, so that all parts of a package
// are of the same, whenever they were made.
func (p *Dossier) step(place survey.Place) string {
	serial := 0
	if r := p.figures.Released(p.period.Code, place.Unit.Code); r != nil {
		serial = r.Serial
	}
	return fmt.Sprintf("%s@%d", place.Unit.Key(), serial)
}

// note describes a part, for the last step and for whoever joins the parts.
type note struct {
	Unit    string         `json:"unit"`               // its key
	Figures *UnitFigures   `json:"standing,omitempty"` // nil: the part could not be made
	Facts   partFacts      `json:"facts"`
	Files   []File         `json:"files,omitempty"`
	LeftOut []LeftOut      `json:"left_out,omitempty"`
	Kept    map[string]int `json:"kept,omitempty"` // see archive
}

// told returns a part with its note.
func (n *note) told(part jobs.Part) (jobs.Part, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return jobs.Part{}, fmt.Errorf("tell of a part: %w", err)
	}
	part.Note = string(text)
	return part, nil
}

func noteOf(part jobs.Part) (n note, err error) {
	if err = json.Unmarshal([]byte(part.Note), &n); err != nil {
		err = fmt.Errorf("read what is told of a part: %w", err)
	}
	return n, err
}

// mostPart is how large the part of a unit may be: MongoDB takes no more than 16 MB at once.
const mostPart = 12 << 20

// errPart tells that a unit's part is larger.
var errPart = errors.New("the unit's part is too large")

// boundedBuffer is a buffer that takes no more than mostPart.
type boundedBuffer struct{ bytes.Buffer }

// Write writes what there is room for, all or nothing.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > mostPart {
		return 0, errPart
	}
	return b.Buffer.Write(p)
}

// part makes the part of a unit: a ZIP of its files but those of evidence, which are in the
// store already.
func (p *Dossier) part(ctx context.Context, i int, rest func()) (jobs.Part, error) {
	u, err := p.open(ctx, p.units[i])
	if err != nil {
		return jobs.Part{}, err
	}
	u.dir, u.rest = p.dir(i), rest
	var out boundedBuffer
	a := &archive{zip: zip.NewWriter(&out), at: p.newest(), evidence: map[string]int{}}
	if err := u.write(ctx, a); err != nil {
		return jobs.Part{}, err
	}
	if err := a.zip.Close(); err != nil {
		return jobs.Part{}, fmt.Errorf("write a part: %w", err)
	}
	facts, err := p.facts(u.unitFigures)
	if err != nil {
		return jobs.Part{}, err
	}
	n := &note{Unit: p.units[i].Unit.Key(), Figures: u.unitFigures, Facts: facts, Files: a.files, LeftOut: u.leftOut, Kept: a.evidence}
	return n.told(jobs.Part{File: strings.TrimSuffix(u.dir, "/"), Data: out.Bytes()})
}

// without is in the place of a unit's part that could not be made.
func (p *Dossier) without(i int) (jobs.Part, error) {
	n := &note{Unit: p.units[i].Unit.Key(), LeftOut: []LeftOut{{Name: p.dir(i), Why: "broken", Text: p.say("evidence.why.broken")}}}
	return n.told(jobs.Part{})
}

// last makes what stands before and after the parts of units: a ZIP of these files. Its name is
// that of the package. Unavailable: a release came meanwhile, and parts are to be made anew.
func (g *Agencies) last(_ context.Context, j jobs.Job, parts []jobs.Part) (jobs.Part, error) {
	of, err := g.Read(j)
	if err != nil {
		return jobs.Part{}, err
	}
	p, err := g.open(&of)
	if err != nil {
		return jobs.Part{}, err
	}
	var out bytes.Buffer
	a := &archive{zip: zip.NewWriter(&out), at: p.newest()}
	if err := p.together(a); err != nil {
		return jobs.Part{}, err
	}
	m := p.manifest()
	m.Units = m.Units[:0]
	var facts []partFacts
	var kept int64
	for _, part := range parts {
		n, err := noteOf(part)
		if err != nil {
			return jobs.Part{}, err
		}
		if !slices.ContainsFunc(p.units, func(place survey.Place) bool { return p.step(place) == part.Key }) {
			return jobs.Part{}, errReleased
		}
		if n.Figures != nil {
			m.Units, facts = append(m.Units, n.Figures), append(facts, n.Facts)
		}
		m.LeftOut = append(m.LeftOut, n.LeftOut...)
		a.files = append(a.files, n.Files...)
		for _, f := range n.Files {
			if _, ok := n.Kept[f.Name]; ok {
				kept += f.Size
			}
		}
	}
	if kept > jobs.MostBytes {
		return jobs.Part{}, jobs.ErrTooLarge
	}
	var all lastNote
	for _, place := range p.units { // one may have joined meanwhile
		if !slices.ContainsFunc(parts, func(part jobs.Part) bool { return part.Key == p.step(place) }) {
			return jobs.Part{}, errReleased
		}
		all.Parts = append(all.Parts, p.step(place))
	}
	if _, err := p.end(a, &m, facts); err != nil {
		return jobs.Part{}, err
	}
	if err := a.zip.Close(); err != nil {
		return jobs.Part{}, fmt.Errorf("write the package: %w", err)
	}
	told, err := json.Marshal(all)
	if err != nil {
		return jobs.Part{}, fmt.Errorf("tell of a package: %w", err)
	}
	return jobs.Part{File: p.Name(), Note: string(told), Data: out.Bytes()}, nil
}

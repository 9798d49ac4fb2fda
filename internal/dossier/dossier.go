// Package dossier makes the evidence package of a unit's survey in a period: everything that
// the internal assessors (TPI) ask of it, in one ZIP file that explains and checks itself.
//
// It gathers and computes nothing: the reports are those of internal/reporting, the tables
// those of internal/export, the sheet that of internal/sheet. What is of released figures
// depends on them alone, so that the same figures give the same bytes; the figures of every
// answer, and rows of answers, are for evaluators.
package dossier

import (
	"context"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/desk"
	"persepsi/internal/evidence"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Audience is whom a package is for.
type Audience string

// The audiences: who answers for units gets released figures, evaluators those of every
// answer until the final release, and the rows.
const (
	Managers   Audience = "manager"
	Evaluators Audience = "evaluator"
)

// Facts reads the stored facts that a package has beside the figures.
type Facts interface {
	survey.Reader
	// Imports calls fn with every import, the oldest first.
	Imports(ctx context.Context, fn func(*survey.Import) error) error
	// Erasure returns a period's erasure; nil: what citizens told of themselves is there.
	Erasure(ctx context.Context, period string) (*survey.Erasure, error)
}

// Maker makes packages. Safe for concurrent use.
type Maker struct {
	// Reports have the figures, and the address under which citizens reach the service: without
	// one there is no publication sheet, whose symbol leads there.
	Reports  *reporting.Reports
	Desks    *desk.Builder
	Facts    Facts
	Evidence evidence.Source
	Audit    audit.Store
	Version  string // the program's
	Now      func() time.Time
}

// Request is a request for the package of a unit or, where that is empty, of all units of an
// agency.
type Request struct {
	Period, Unit, Agency string
	Lang                 string
	// Who asks: what they may see is in it, and their name is what the audit tells.
	Who access.Actor
}

// Dossier is one that is ready to be written. What it shows is of the moment at which it was
// asked for.
type Dossier struct {
	maker    *Maker
	asked    Request
	audience Audience
	figures  *report.Figures
	on       *desk.Desk
	period   *survey.Period
	agency   *survey.Agency
	form     *survey.Form
	units    []survey.Place // whose parts it has, as they are declared
	s        *wording.Speaker
	words    *wording.Catalogue
	grades   *analytics.Grades
	audited  []audit.Entry // see entries; nil: not read yet
}

// Open finds what a package is of: for evaluators where who asks may read the rows of all of
// it. Errors: NotFound for a period, unit or agency that there is not, of which who asks may
// take no package, or that takes no part in the period; Conflict for a period that has not
// begun; report.ErrNotLoaded.
func (m *Maker) Open(asked Request) (*Dossier, error) {
	p := &Dossier{maker: m, asked: asked, audience: Managers, figures: m.Reports.Figures.Figures(), on: m.Desks.Desk().For(asked.Who)}
	if !p.figures.Loaded() {
		return nil, report.ErrNotLoaded
	}
	d := p.figures.Directory()
	var ok bool
	if p.period, ok = d.Period(asked.Period); !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no period %q", survey.Printable(asked.Period))
	}
	if d.Today(m.Now()) < p.period.From {
		return nil, survey.Errorf(survey.Conflict, "there is no evidence of period %s yet: it begins on %s", p.period.Code, p.period.From)
	}
	p.form = d.Form(p.period.Code)
	scope := p.find(d)
	if len(p.units) == 0 || !access.Allow(asked.Who, access.TakeEvidence, scope) {
		return nil, survey.Errorf(survey.NotFound, "there is nothing to be gathered in period %s", p.period.Code)
	}
	if access.Allow(asked.Who, access.ReadRows, scope) {
		p.audience = Evaluators
	}
	var err error
	if p.words, err = wording.Load(); err != nil {
		return nil, err
	}
	p.s = p.words.In(asked.Lang)
	p.grades, err = analytics.LoadGrades()
	return p, err
}

// find notes the units that are asked for and take part in the period, and returns the scope
// that holds them.
func (p *Dossier) find(d *survey.Directory) (scope access.Scope) {
	for _, place := range places(d) {
		switch {
		case slices.Contains(place.Unit.Codes(), p.asked.Unit):
			scope = access.Unit(place.Agency.Key(), place.Unit.Key())
		case p.asked.Unit == "" && slices.Contains(place.Agency.Codes(), p.asked.Agency):
			scope = access.Agency(place.Agency.Key())
		default:
			continue
		}
		if _, there := p.on.Unit(place.Unit.Code, p.period.Code); there {
			p.agency, p.units = place.Agency, append(p.units, place)
		}
	}
	return scope
}

// places returns every unit as it is declared.
func places(d *survey.Directory) (out []survey.Place) {
	for i := range d.Catalogue().Agencies {
		a := &d.Catalogue().Agencies[i]
		for j := range a.Units {
			if place, ok := d.Unit(a.Units[j].Code); ok {
				out = append(out, place)
			}
		}
	}
	return out
}

// Name is what the file is called.
func (p *Dossier) Name() string {
	of := p.agency.Code
	if p.asked.Unit != "" {
		of = p.units[0].Unit.Code
	}
	return safe("bukti-" + of + "-" + p.period.Code + ".zip")
}

// cut is what its figures are cut for.
func (p *Dossier) cut() report.Audience {
	if p.audience == Evaluators {
		return report.Live
	}
	return report.Managed
}

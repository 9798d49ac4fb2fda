package reporting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/desk"
	"persepsi/internal/jobs"
	"persepsi/survey"
)

// AllKind is the kind of long work that makes every report of an agency or of the city.
const AllKind = "reports"

// AllRequest is a request for the reports of an agency or of the city.
type AllRequest struct {
	Agency string `json:"agency,omitempty"` // its key; empty: the city
	Period string `json:"period"`
	Kind   Kind   `json:"kind"`
	Format string `json:"format"` // by its ending
	Lang   string `json:"lang"`
	// As are the grants of who asked: the reports are those that they would have read then.
	As []access.Grant `json:"as"`
}

// Whole returns the scope of all its units.
func (a *AllRequest) Whole() access.Scope {
	if a.Agency == "" {
		return access.City()
	}
	return access.Agency(a.Agency)
}

// Still reports whether somebody may read now all that was made for them: the desk, and sums
// and comments where those were theirs when they asked.
func (a *AllRequest) Still(who access.Actor) bool {
	return Still(a.As, who, a.Whole(), access.ReadDesk, access.ReadLive, access.ReadComments)
}

// Still reports whether somebody may do now on a scope all of some actions that their grants
// allowed them when they asked; the first one these must have allowed.
func Still(as []access.Grant, who access.Actor, on access.Scope, first access.Action, more ...access.Action) bool {
	then := access.Actor{Name: who.Name, Grants: as}
	if !access.Allow(then, first, on) {
		return false
	}
	for _, action := range append(more, first) {
		if access.Allow(then, action, on) && !access.Allow(who, action, on) {
			return false
		}
	}
	return true
}

// Lasting returns the grants of somebody on all that a scope holds, without their ends: what
// counts is what they may when it is made, and when it is read. Others say nothing of what is
// made.
func Lasting(who access.Actor, on access.Scope) (as []access.Grant) {
	for _, g := range who.Grants {
		if g.Scope.Covers(on) {
			g.Until = time.Time{}
			as = append(as, g)
		}
	}
	return as
}

// AllReports asks for and does that work.
type AllReports struct {
	Reports *Reports
	Desks   *desk.Builder
	People  access.PersonStore
	Audit   audit.Store
	Erased  Erasures
	Now     func() time.Time
}

// Erasures knows of which periods comments and what citizens told of themselves were removed.
type Erasures interface {
	// Erasure returns a period's erasure; nil: they are there.
	Erasure(ctx context.Context, period string) (*survey.Erasure, error)
}

// Actor returns who somebody is now, by their id. Forbidden: nobody any more.
func (r *AllReports) Actor(ctx context.Context, id string) (access.Actor, error) {
	people, err := r.People.People(ctx)
	if err != nil {
		return access.Actor{}, err
	}
	d := r.Reports.Figures.Figures().Directory()
	for i := range people {
		if people[i].ID == id && people[i].Open() {
			return people[i].Actor(r.Now(), func(unit string) string {
				place, ok := d.Unit(unit)
				if !ok {
					return ""
				}
				return place.Agency.Key()
			}), nil
		}
	}
	return access.Actor{}, survey.Errorf(survey.Forbidden, "who asked has no account any more")
}

// units returns the places that it is of, in the catalogue's order.
func (a *AllRequest) units(d *survey.Directory) (out []survey.Place) {
	for _, agency := range d.Catalogue().Agencies {
		if a.Agency != "" && agency.Key() != a.Agency {
			continue
		}
		for _, unit := range agency.Units {
			place, _ := d.Unit(unit.Code)
			out = append(out, place)
		}
	}
	return out
}

// Job returns the job that does it for somebody; errors: NotFound for what is not theirs or not
// there, Invalid names the field that is wrong, Conflict of the only fault "late" is of a period
// whose comments are just being removed.
func (r *AllReports) Job(ctx context.Context, who access.Actor, of AllRequest) (jobs.Job, error) {
	d := r.Reports.Figures.Figures().Directory()
	invalid := func(field string) (jobs.Job, error) {
		return jobs.Job{}, &survey.Error{Code: survey.Invalid, Message: field + ": there is no such report", Faults: []survey.Fault{{Field: field, Code: "unknown", Message: "is unknown"}}}
	}
	name := d.City().Name
	if of.Agency != "" {
		agency, ok := d.Agency(of.Agency)
		if !ok {
			return jobs.Job{}, survey.Errorf(survey.NotFound, "there is no such agency on this desk")
		}
		of.Agency, name = agency.Key(), agency.Name
	}
	if !access.Allow(who, access.ReadDesk, of.Whole()) {
		return jobs.Job{}, survey.Errorf(survey.NotFound, "there is no such agency on this desk")
	}
	period, ok := d.Period(of.Period)
	if !ok || period.From > d.Today(r.Now()) {
		return invalid("period")
	}
	if !slices.Contains(KindsOf(d.Form(period.Code)), of.Kind) {
		return invalid("jenis")
	}
	format, ok := FormatOf(of.Format)
	if !ok {
		return invalid("format")
	}
	of.As = Lasting(who, of.Whole())
	what, err := json.Marshal(of)
	if err != nil {
		return jobs.Job{}, fmt.Errorf("ask for all reports: %w", err)
	}
	words := r.Reports.words.In(of.Lang)
	title, err := words.Say("report.all.title", "Kind", string(of.Kind), "Of", name, "Period", period.Name, "Format", strings.ToUpper(format.Ending))
	j := jobs.Job{Kind: AllKind, What: what, Title: title, Person: who.Person, Total: len(of.units(d))}
	if err == nil {
		j.Until, err = r.Until(ctx, d, period)
	}
	return j, err
}

// Until is when what is made of a period must be gone, as it may quote comments: the day before
// those are removed. Zero, for as long as jobs are kept: they are not, or were already.
func (r *AllReports) Until(ctx context.Context, d *survey.Directory, period *survey.Period) (time.Time, error) {
	kept, ok := d.City().Notice.KeptUntil(period)
	if !ok {
		return time.Time{}, nil
	}
	until := kept.Time().Add(-24 * time.Hour)
	if r.Now().Before(until) {
		return until, nil
	}
	erasure, err := r.Erased.Erasure(ctx, period.Code)
	if err == nil && (erasure == nil || !erasure.Done) {
		err = &survey.Error{Code: survey.Conflict, Message: "the comments of the period are being removed", Faults: []survey.Fault{{Field: "period", Code: "late", Message: "is being cleared"}}}
	}
	return time.Time{}, err
}

// Kind returns how the work is done.
func (r *AllReports) Kind() jobs.Kind {
	return jobs.Kind{Name: AllKind, Steps: r.steps, Last: r.list}
}

// Read returns what a job was asked for.
func (r *AllReports) Read(j jobs.Job) (of AllRequest, err error) {
	if err = json.Unmarshal(j.What, &of); err != nil {
		err = fmt.Errorf("read what a job was asked for: %w", err)
	}
	return of, err
}

func (r *AllReports) steps(ctx context.Context, j jobs.Job) ([]jobs.Step, error) {
	of, err := r.Read(j)
	if err != nil {
		return nil, err
	}
	who, err := r.Actor(ctx, j.Person)
	if err != nil {
		return nil, err
	}
	if !of.Still(who) {
		return nil, survey.Errorf(survey.Forbidden, "who asked may not read these reports any more")
	}
	d := r.Reports.Figures.Figures().Directory()
	if _, ok := d.Period(of.Period); !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no such period any more")
	}
	units := of.units(d)
	if err := r.note(ctx, j, &of, who, units); err != nil {
		return nil, err
	}
	var out []jobs.Step
	for _, place := range units {
		out = append(out, jobs.Step{Key: place.Unit.Key(), Name: place.Unit.Name, Make: func(ctx context.Context, rest func()) (jobs.Part, error) { return r.part(ctx, &of, place, rest) }, Instead: func() (jobs.Part, error) { return r.none(&of, "broken") }})
	}
	return out, nil
}

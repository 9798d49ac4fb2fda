package reporting

import (
	"context"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Kind is a kind of report.
type Kind string

// The kinds: of the IKM (PermenPANRB 14/2017), and of IPKP and IPAK, which a zona integritas
// is judged by (PermenPANRB 90/2021).
const (
	SKM Kind = "skm"
	ZI  Kind = "zi"
)

// Kinds lists the kinds of report.
func Kinds() []Kind { return []Kind{SKM, ZI} }

// Indexes returns the codes of the indexes that a report of a kind is of, in its order.
func (k Kind) Indexes() []string {
	if k == ZI {
		return []string{analytics.IPKP, analytics.IPAK}
	}
	return []string{analytics.IKM}
}

// Of returns the kind's indexes that a form has.
func (k Kind) Of(form *survey.Form) []string {
	return slices.DeleteFunc(k.Indexes(), func(code string) bool { return form.Index(code) == nil })
}

// KindsOf returns the kinds that a form asks for.
func KindsOf(form *survey.Form) []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return len(k.Of(form)) == 0 })
}

// Input is what a report is made of.
type Input struct {
	Kind   Kind
	City   *survey.City
	Place  survey.Place
	Period *survey.Period
	Form   *survey.Form
	Zone   *time.Location
	// Before is the unit's last period before this one; nil: there is none.
	Before *survey.Period
	// Detail and Result are the figures of the newest release: in a closed period the final
	// one.
	Detail *desk.Detail
	Result *report.UnitResult // nil: nobody answered
	// Sums are the sums of scores of a final release by index, in the order of its aspects;
	// nil where who reads the report may not see them.
	Sums map[string][]int64

	// Address is where the newest figure is, and says which release this is of (sheet.LeadsTo);
	// empty: the print can't tell of a newer one.
	Address string

	// Written is what a person wrote into it; its version 0 is nothing yet.
	Written manuscript.Manuscript
	// Planned are the follow-ups that the report of the period before has.
	Planned []manuscript.FollowUp
	// Quoted are the comments that were chosen, as far as they may still be shown.
	Quoted []comment.Item
}

// Request is a request for the report of a unit in a period.
type Request struct {
	Kind         Kind
	Period, Unit string
	// Sums tells that who asks may see sums of scores: evaluators, and the operator.
	Sums bool
}

// Gather returns what is known of a unit in a period for a report: all but what a person
// adds. on is the desk of who asks. Errors: NotFound for a period that there is not, and
// where the unit takes no part in it or is none of theirs; those of desk.Details.Of and
// report.Figures.Results.
func Gather(ctx context.Context, figures *report.Figures, details *desk.Details, on *desk.Desk, asked Request) (*Input, error) {
	d := figures.Directory()
	p, ok := d.Period(asked.Period)
	if !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no period %q", survey.Printable(asked.Period))
	}
	u, ok := on.Unit(asked.Unit, p.Code)
	if !ok {
		return nil, survey.Errorf(survey.NotFound, "unit %s takes no part in period %s", survey.Printable(asked.Unit), p.Code)
	}
	in := &Input{Kind: asked.Kind, City: d.City(), Period: p, Form: d.Form(p.Code), Zone: d.Zone()}
	in.Place, _ = d.Unit(u.Code)
	for _, other := range d.PeriodsOf(u.Code) { // the newest first
		if in.Before == nil && other.To < p.From {
			in.Before = other
		}
	}
	of := func(audience report.Audience) (*report.UnitResult, error) {
		results, err := figures.Results(report.Scope{Period: p.Code, Unit: u.Code, Audience: audience, Explain: true})
		if err != nil || len(results.Units) == 0 {
			return nil, err
		}
		return results.Units[0], nil
	}
	var err error
	if in.Result, err = of(report.Managed); err != nil {
		return nil, err
	}
	if asked.Sums && in.Result != nil && in.Result.Final {
		whole, err := of(report.Live)
		if err != nil {
			return nil, err
		}
		in.Sums = sumsOf(whole)
	}
	in.Detail, err = details.Of(ctx, on, u, "")
	return in, err
}

// sumsOf returns the sums of scores that figures tell.
func sumsOf(r *report.UnitResult) map[string][]int64 {
	out := map[string][]int64{}
	for code, x := range r.Indexes {
		if x == nil {
			continue
		}
		for i := range x.Aspects {
			out[code] = append(out[code], x.Aspects[i].Sum)
		}
	}
	return out
}

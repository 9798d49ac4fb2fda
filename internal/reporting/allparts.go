package reporting

import (
	"context"
	"fmt"
	"strings"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/jobs"
	"persepsi/survey"
)

// none is the part of a unit that has no report.
func (r *AllReports) none(of *AllRequest, why string) (jobs.Part, error) {
	said, err := r.Reports.words.In(of.Lang).Say("report.all.none." + why)
	return jobs.Part{Note: said}, err
}

// note tells the audit of a job, before its first report is made; once, however often it is
// taken up.
func (r *AllReports) note(ctx context.Context, j jobs.Job, of *AllRequest, who access.Actor, units []survey.Place) error {
	subject, live := of.Period+"/"+of.Agency, "of released figures"
	if access.Allow(access.Actor{Name: AllKind, Grants: of.As}, access.ReadLive, of.Whole()) {
		live = "of all answers"
	}
	e := audit.Entry{
		ID: "job " + j.ID, At: r.Now(), Actor: who.By(), Action: audit.AllReports, Subject: subject,
		Detail: fmt.Sprintf("all %s reports as %s, %s, %d units, asked for at %s", of.Kind, of.Format, live, len(units), j.Asked.UTC().Format(time.RFC3339)),
	}
	for _, place := range units {
		e.Concerns(of.Period, place.Unit.Code)
	}
	if err := r.Audit.Audit(ctx, e); err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	return nil
}

// part makes the report of one unit, or says why there is none.
func (r *AllReports) part(ctx context.Context, of *AllRequest, place survey.Place, rest func()) (jobs.Part, error) {
	if !r.Reports.Figures.Figures().Loaded() {
		return jobs.Part{}, survey.Errorf(survey.Unavailable, "there are no figures yet")
	}
	as := access.Actor{Name: AllKind, Grants: of.As}
	subject := Subject{Kind: of.Kind, Period: of.Period, Unit: place.Unit.Code}
	in, err := r.Reports.Open(ctx, as, r.Desks.Desk().For(as), subject)
	switch {
	case survey.CodeOf(err) == survey.NotFound:
		return r.none(of, "apart")
	case err != nil:
		return jobs.Part{}, err
	}
	format, _ := FormatOf(of.Format)
	data, err := r.Reports.FileOnce(in, of.Lang, format, rest)
	if err != nil {
		return jobs.Part{}, err
	}
	file := subject.File(format)
	if of.Agency == "" {
		file = place.Agency.Code + "/" + file
	}
	note := ""
	if in.Detail.Withheld != "" {
		if note, err = r.Reports.words.In(of.Lang).Say("report.all.withheld"); err != nil {
			return jobs.Part{}, err
		}
	}
	return jobs.Part{File: file, Note: note, Data: data}, nil
}

// list makes what tells of each unit: its file, or why it has none.
func (r *AllReports) list(_ context.Context, j jobs.Job, parts []jobs.Part) (jobs.Part, error) {
	of, err := r.Read(j)
	if err != nil {
		return jobs.Part{}, err
	}
	d, words := r.Reports.Figures.Figures().Directory(), r.Reports.words.In(of.Lang)
	made := 0
	var lines strings.Builder
	for _, p := range parts {
		name := p.Key
		if place, ok := d.Unit(p.Key); ok {
			name = place.Agency.Name + " · " + place.Unit.Name
		}
		fmt.Fprintf(&lines, "%s\n", name)
		for _, line := range []string{p.File, p.Note} {
			if line != "" {
				fmt.Fprintf(&lines, "    %s\n", line)
			}
		}
		if p.File != "" {
			made++
		}
	}
	head, err := words.Say("report.all.list", "Title", j.Title, "Made", words.Whole(made), "All", words.Whole(len(parts)))
	if err != nil {
		return jobs.Part{}, err
	}
	file, err := words.Say("report.all.file")
	return jobs.Part{File: file, Data: []byte("\ufeff" + head + "\n\n" + lines.String())}, err
}

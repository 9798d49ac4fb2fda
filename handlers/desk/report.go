package desk

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/manuscript"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// unitReport is where a unit's report is read and written; with a format behind it is the
// file.
const unitReport = unitPath + "/laporan"

// kindParam is the kind of a report, versionParam an earlier version of its text.
const kindParam, versionParam = "jenis", view.ReportVersion

// reports makes the reports of units.
type reports struct {
	layout   *layout
	site     *web.Site
	units    *unitPages // whose frame they have
	reports  *reporting.Reports
	comments *comment.Reader // that may be quoted
	queue    *web.FileQueue
}

const (
	mostReports   = 16 // files that are written or wait to be, one at a time
	reportsWithin = 10 * time.Second
)

func (r *reports) mount(area *web.Area) {
	area.Get(unitReport, access.ReadDesk, r.page)
	area.Post(unitReport, access.WriteReport, r.write)
	for _, f := range reporting.Formats() {
		area.Get(unitReport+"."+f.Ending, access.ReadDesk, r.file(f))
	}
}

// openReport is the report that a request is about.
type openReport struct {
	mine  *desk.Desk
	unit  *desk.Unit
	kind  reporting.Kind
	kinds []reporting.Kind // that the period's form asks for
	in    *reporting.Input // nil: the period has not begun
}

// subject is the report, unit and period that a form is about.
func (o *openReport) subject() reporting.Subject {
	return reporting.Subject{Kind: o.kind, Period: o.unit.Period.Code, Unit: o.unit.Code}
}

// text returns the report's manuscript.
func (o *openReport) text() manuscript.Manuscript {
	if o.in == nil {
		return manuscript.Manuscript{}
	}
	return o.in.Written
}

// open finds the report that a request asks for, with what is written into it. What is not on
// the desk of who asks is refused as what isn't there.
func (r *reports) open(ctx context.Context, c *fiber.Ctx) (*openReport, error) {
	out := &openReport{}
	var err error
	if out.mine, err = r.layout.deskOf(web.ActorOf(c), ""); err != nil {
		return nil, err
	}
	var ok bool
	if out.unit, ok = out.mine.Unit(c.Params("unit"), c.Query(periodParam)); !ok {
		if _, there := out.mine.Unit(c.Params("unit"), ""); there {
			return nil, errNoPeriod
		}
		return nil, errNoUnit
	}
	out.kinds = reporting.KindsOf(r.site.Directories.Directory().Form(out.unit.Period.Code))
	if err := out.choose(c.Query(kindParam)); err != nil || out.unit.State == desk.Before || len(out.kinds) == 0 {
		return out, err
	}
	if out.in, err = r.reports.Open(ctx, web.ActorOf(c), out.mine, out.subject()); err != nil {
		return nil, err
	}
	if address, _, err := r.site.Address(c); err == nil { // a demonstration's is that of the request
		out.in.LeadTo(address)
	}
	return out, nil
}

// choose takes the kind that is asked for; without any the first that there is.
func (o *openReport) choose(asked string) error {
	for _, k := range o.kinds {
		if asked == "" || asked == string(k) {
			o.kind = k
			return nil
		}
	}
	if asked == "" {
		return nil
	}
	return survey.Errorf(survey.NotFound, "there is no report of that kind")
}

// file returns the handler of GET /meja/unit/{unit}/laporan.FORMAT: the report to sign.
func (r *reports) file(f reporting.Format) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), readWithin)
		defer cancel()
		o, err := r.open(ctx, c)
		if err != nil {
			return err
		}
		if o.in == nil {
			return survey.Errorf(survey.NotFound, "there is no report of a period that has not begun")
		}
		data, err := r.reports.File(o.in, web.Asked(c, "lang"), f, func(write func() error) error {
			return r.queue.Do(ctx, func(context.Context) error { return write() })
		})
		if err != nil {
			return err
		}
		web.Attach(c, o.subject().File(f), f.Type)
		return c.Send(data)
	}
}

// page is GET /meja/unit/{unit}/laporan: the report, and what may be written into it.
func (r *reports) page(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), readWithin)
	defer cancel()
	o, err := r.open(ctx, c)
	if err != nil {
		return err
	}
	if asked := c.Query(versionParam); asked != "" && o.in != nil {
		return r.earlier(ctx, c, o, asked)
	}
	page, err := r.shownReport(ctx, c, o)
	if err != nil {
		return err
	}
	page.Saved = c.Query("tersimpan") != ""
	return r.site.Page(c, "desk-report", page)
}

// earlier shows the report with an earlier version of its text, in the form too: saving it
// makes it the newest.
func (r *reports) earlier(ctx context.Context, c *fiber.Ctx, o *openReport, asked string) error {
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		return errNoVersion
	}
	newest := o.in.Written.Version
	was, err := r.reports.Written.Version(ctx, o.in.Written.Place, n)
	if err != nil {
		return err
	}
	if was.Version != n {
		return errNoVersion
	}
	back, in := *o, *o.in
	in.Written, in.Quoted = was, nil
	if place, _ := r.site.Directories.Directory().Unit(o.unit.Code); r.site.May(c, access.ReadComments, unitScope(place)) {
		if in.Quoted, err = r.reports.Quoted(ctx, &was); err != nil {
			return err
		}
	}
	back.in = &in
	page, err := r.shownReport(ctx, c, &back)
	if err != nil {
		return err
	}
	page.Earlier, page.Text.Version = &was, newest
	return r.site.Page(c, "desk-report", page)
}

var errNoVersion = survey.Errorf(survey.NotFound, "there is no such version of the report's text")

// shownReport returns the page of a report.
func (r *reports) shownReport(ctx context.Context, c *fiber.Ctx, o *openReport) (*view.ReportPage, error) {
	unit, err := r.units.unitOf(ctx, c, o.mine, o.unit, view.UnitReport)
	if err != nil {
		return nil, err
	}
	unit.Desk.Live = "" // what is being typed is not to be taken away by newer figures
	place, _ := r.site.Directories.Directory().Unit(o.unit.Code)
	page := &view.ReportPage{UnitPage: *unit, Kind: o.kind, Text: o.text(), Writes: r.site.May(c, access.WriteReport, unitScope(place))}
	for _, k := range o.kinds {
		page.Kinds = append(page.Kinds, view.ReportKind{Kind: k, Path: view.ReportAddress(o.unit.Code, o.unit.Period.Code, k, page.Lang, ""), Here: k == o.kind})
	}
	if o.in == nil {
		return page, nil
	}
	on := unitScope(place)
	page.Dossier = view.NewDossier(place.Unit.Code, o.unit.Period.Code, page.Lang, r.site.May(c, access.TakeEvidence, on), r.site.May(c, access.ReadRows, on))
	page.Embed = r.embed(c, place.Unit, page)
	page.Published = o.in.Result != nil && o.in.Result.Published()
	if page.Document, err = r.reports.Document(o.in, web.Asked(c, "lang")); err != nil {
		return nil, err
	}
	r.fields(page, o)
	if page.Writes {
		page.Quotes, page.MoreQuotes, err = r.quotes(ctx, o)
	}
	return page, err
}

// mostQuotes is how many comments are offered to be quoted.
const mostQuotes = 60

// quotes returns the comments that may be quoted: those that are, then those that somebody
// marked as followed up, then those that somebody read, the newest first. more tells that
// there are others.
func (r *reports) quotes(ctx context.Context, o *openReport) (out []view.Quote, more bool, err error) {
	seen := map[comment.Key]bool{}
	for _, item := range o.in.Quoted {
		seen[item.Key] = true
		out = append(out, view.Quote{Item: item, Chosen: true})
	}
	for _, state := range []comment.State{comment.FollowedUp, comment.Read} {
		q := comment.Query{Period: o.in.Period.Code, Units: []string{o.in.Place.Unit.Key()}, State: state}
		for {
			list, err := r.comments.List(ctx, q)
			if err != nil {
				return nil, false, err
			}
			for _, item := range list.Items {
				switch {
				case seen[item.Key]:
				case len(out) >= mostQuotes:
					return out, true, nil
				default:
					out = append(out, view.Quote{Item: item})
				}
			}
			if !list.More {
				break
			}
			q.After, q.AfterUnit = list.LastKey, list.LastUnit
		}
	}
	return out, false, nil
}

// embed returns the code by which the office shows a unit's newest figures on its own site.
func (r *reports) embed(c *fiber.Ctx, unit *survey.Unit, page *view.ReportPage) *view.Embed {
	out := &view.Embed{Lang: page.Lang, Unit: unit}
	out.Base, _, _ = r.site.Address(c)
	form := r.site.Directories.Directory().Form(page.Unit.Period.Code)
	for _, code := range analytics.Order(form) {
		out.Indexes = append(out.Indexes, view.EmbedIndex{Code: code, Name: form.Index(code).Name})
	}
	return out
}

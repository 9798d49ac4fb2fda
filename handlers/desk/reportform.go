package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/manuscript"
	"persepsi/survey"
)

// The rows of a form that are empty, beside those that are written in.
const spareRows = 2

// fields fills the form of a report with what is written.
func (r *reports) fields(page *view.ReportPage, o *openReport) {
	for i := range page.Document.Sections {
		s := &page.Document.Sections[i]
		text := o.in.Written.Texts[s.ID]
		page.Sections = append(page.Sections, view.ReportSection{Section: s, Body: text.Body, Instead: text.Instead})
	}
	for i := range max(len(o.in.Written.Signers), 1) + 1 {
		if i >= manuscript.MostSigners {
			break
		}
		one := view.ReportSigner{N: i + 1}
		if i < len(o.in.Written.Signers) {
			one.Signer = o.in.Written.Signers[i]
		}
		page.Signers = append(page.Signers, one)
	}
	for i := range min(len(o.in.Written.FollowUps)+spareRows, manuscript.MostFollowUps) {
		row := view.ReportRow{N: i + 1}
		if i < len(o.in.Written.FollowUps) {
			row.FollowUp = o.in.Written.FollowUps[i]
		}
		page.Rows = append(page.Rows, row)
	}
	form := r.site.Directories.Directory().Form(o.unit.Period.Code)
	for _, code := range o.kind.Of(form) {
		for _, a := range form.Index(code).Aspects {
			one := view.ReportAspect{Code: a.Code, Name: a.Name.In(page.Lang)}
			if !slices.ContainsFunc(page.Aspects, func(x view.ReportAspect) bool { return x.Code == one.Code }) {
				page.Aspects = append(page.Aspects, one)
			}
		}
	}
}

// sentReport is what a form says, and the version that its author saw.
type sentReport struct {
	text manuscript.Manuscript
	read int
}

// readReport reads the form of a report: of the sections that it has, and no other.
func readReport(c *fiber.Ctx, o *openReport, sections []string) (*sentReport, error) {
	args := c.Request().PostArgs()
	field := func(name string) string { return strings.TrimSpace(string(args.Peek(name))) }
	out := &sentReport{text: manuscript.Manuscript{
		Place: o.in.Written.Place, Texts: map[string]manuscript.Text{}, Town: field("town"), Day: field("day"), By: web.ActorOf(c).By(),
	}}
	var err error
	if out.read, err = strconv.Atoi(field("version")); err != nil || out.read < 0 {
		return nil, survey.Errorf(survey.Malformed, "version: which version was seen is lacking")
	}
	for _, id := range sections {
		if body := field("texts." + id); body != "" {
			out.text.Texts[id] = manuscript.Text{Body: body, Instead: field("instead."+id) != ""}
		}
	}
	for n := 1; n <= manuscript.MostSigners; n++ {
		at := fmt.Sprintf("signers.%d.", n)
		s := manuscript.Signer{Office: field(at + "office"), Name: field(at + "name"), Rank: field(at + "rank"), Number: field(at + "number")}
		if s != (manuscript.Signer{}) {
			out.text.Signers = append(out.text.Signers, s)
		}
	}
	for n := 1; n <= manuscript.MostFollowUps; n++ {
		at := fmt.Sprintf("follow_ups.%d.", n)
		f := manuscript.FollowUp{
			Aspect: field(at + "aspect"), Found: field(at + "found"), Action: field(at + "action"),
			By: field(at + "by"), Until: field(at + "until"), Status: field(at + "status"),
		}
		if f != (manuscript.FollowUp{Aspect: f.Aspect}) {
			out.text.FollowUps = append(out.text.FollowUps, f)
		}
	}
	for _, key := range args.PeekMulti("comments") {
		out.text.Comments = append(out.text.Comments, string(key))
	}
	return out, nil
}

// previewField is the name of the button that shows a report before it is stored.
const previewField = "pratinjau"

// write is POST /meja/unit/{unit}/laporan: stores what is written as the next version, or shows
// the report with it and stores nothing where the button of a preview was pressed. With a fault, or where somebody else wrote meanwhile, the form comes back with all that it held.
func (r *reports) write(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), readWithin)
	defer cancel()
	o, err := r.open(ctx, c)
	if err != nil {
		return err
	}
	place, _ := r.site.Directories.Directory().Unit(o.unit.Code)
	if err := r.site.Require(c, unitScope(place)); err != nil {
		return err
	}
	if o.in == nil {
		return survey.Errorf(survey.NotFound, "there is no report of a period that has not begun")
	}
	doc, err := r.reports.Document(o.in, web.Asked(c, "lang"))
	if err != nil {
		return err
	}
	var sections []string
	for i := range doc.Sections {
		sections = append(sections, doc.Sections[i].ID)
	}
	sent, err := readReport(c, o, sections)
	if err != nil {
		return err
	}
	if c.Request().PostArgs().Has(previewField) {
		return r.preview(ctx, c, o, sent)
	}
	// Every version is kept.
	if err := r.site.LimitDemo(c, web.DeskPath); err != nil {
		return err
	}
	now, err := r.reports.Written.Write(ctx, sent.text, sent.read)
	switch survey.CodeOf(err) {
	case survey.Invalid:
		return r.faulty(ctx, c, o, sent, err)
	case survey.Conflict:
		return r.clash(ctx, c, o, sent, &now)
	}
	if err != nil {
		return err
	}
	return c.Redirect(view.ReportAddress(o.unit.Code, o.unit.Period.Code, o.kind, view.Language(web.Asked(c, "lang")), "")+"&tersimpan=1", fiber.StatusSeeOther)
}

// again returns the page with what was sent in place of what is stored.
func (r *reports) again(ctx context.Context, c *fiber.Ctx, o *openReport, sent *sentReport) (*view.ReportPage, error) {
	back, in, was := *o, *o.in, o.in.Written
	in.Written = sent.text
	in.Written.Version, in.Written.At, in.Written.By = was.Version, was.At, was.By
	var err error
	if in.Quoted, err = r.reports.Quoted(ctx, &in.Written); err != nil {
		return nil, err
	}
	back.in = &in
	return r.shownReport(ctx, c, &back)
}

// preview shows the report as it would be with what was sent, and the form with that: what is
// stored by it then is what was seen.
func (r *reports) preview(ctx context.Context, c *fiber.Ctx, o *openReport, sent *sentReport) error {
	if err := sent.text.Check(); err != nil {
		return r.faulty(ctx, c, o, sent, err)
	}
	page, err := r.again(ctx, c, o, sent)
	if err != nil {
		return err
	}
	page.Preview, page.Text.Version = true, sent.read
	return r.site.Page(c, "desk-report", page)
}

// faulty shows the form again with each fault at its field: 422.
func (r *reports) faulty(ctx context.Context, c *fiber.Ctx, o *openReport, sent *sentReport, refusal error) error {
	page, err := r.again(ctx, c, o, sent)
	if err != nil {
		return err
	}
	var e *survey.Error
	if !errors.As(refusal, &e) {
		return refusal
	}
	page.Text.Version = sent.read
	page.Faults = map[string]string{}
	for _, f := range e.Faults {
		text := r.site.Pages.Say(page.Lang, "desk.report.fault."+f.Code)
		page.Faults[f.Field] = text
		page.Summary = append(page.Summary, view.FaultLine{Anchor: f.Field, Name: r.fieldName(page, f.Field), Text: text})
	}
	for i := range page.Sections {
		page.Sections[i].Fault = page.Faults["texts."+page.Sections[i].ID]
	}
	for i := range page.Rows {
		page.Rows[i].Fault = page.Faults[fmt.Sprintf("follow_ups.%d.action", page.Rows[i].N)]
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return r.site.Page(c, "desk-report", page)
}

// fieldName is what the page calls a field.
func (r *reports) fieldName(page *view.ReportPage, field string) string {
	if id, ok := strings.CutPrefix(field, "texts."); ok {
		for i := range page.Sections {
			if page.Sections[i].ID == id {
				return page.Sections[i].Title
			}
		}
	}
	parts := strings.Split(field, ".")
	name := r.site.Pages.Say(page.Lang, "desk.report.field."+parts[0])
	if len(parts) > 1 {
		name += " " + parts[1]
	}
	return name
}

// clash shows the form again beside what somebody else stored while it was filled in: 409.
// Sent once more it replaces that.
func (r *reports) clash(ctx context.Context, c *fiber.Ctx, o *openReport, sent *sentReport, now *manuscript.Manuscript) error {
	page, err := r.again(ctx, c, o, sent)
	if err != nil {
		return err
	}
	page.Clash, page.Text.Version = now, now.Version
	c.Status(fiber.StatusConflict)
	return r.site.Page(c, "desk-report", page)
}

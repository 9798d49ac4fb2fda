package desk

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/internal/jobs"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// workPath is where people find the long work that they asked for.
const workPath = Home + "/pekerjaan"

// formatParam is the format of reports, idParam a job.
const formatParam, idParam = "format", "id"

// Work is long work, and the kinds of it that there are.
type Work struct {
	Jobs     *jobs.Queue
	Reports  *reporting.AllReports
	Evidence *dossier.Agencies
}

type work struct {
	layout *layout
	site   *web.Site
	Work
	queue *web.FileQueue
}

func (w *work) mount(area *web.Area) {
	area.Get(workPath, access.ReadDesk, w.list)
	area.Get(workPath+"/baru", access.ReadDesk, w.showPage("desk-asked", w.formPage))
	area.Post(workPath+"/baru", access.ReadDesk, w.ask)
	area.Get(workEvidence, access.TakeEvidence, w.showPage("desk-dossier", w.dossierPage))
	area.Post(workEvidence, access.TakeEvidence, w.askDossier)
	area.Post(workPath+"/hapus", access.ReadDesk, w.end)
	area.Get(workPath+"/:id.zip", access.ReadDesk, w.file)
}

// frame returns the frame of a page about long work.
func (w *work) page(c *fiber.Ctx) (*view.WorkPage, error) {
	d, err := w.layout.deskOf(web.ActorOf(c), "")
	if err != nil {
		return nil, err
	}
	page := &view.WorkPage{Frame: w.layout.frame(c, d, "", "desk.work.title", view.DeskWork)}
	page.Desk.Live = "" // it is not about the desk's figures
	return page, nil
}

// workLive is the stream that tells when the list is to be shown anew.
const workLive = livePath + "?" + aboutParam + "=" + aboutWork

// told are the jobs of somebody as the page tells of them, and its revision: another one if and
// only if the page says something else.
func (w *work) told(ctx context.Context, who access.Actor) (out []view.Work, revision string, err error) {
	all, err := w.Jobs.Of(ctx, who.Person)
	if err != nil {
		return nil, "", err
	}
	zone := w.site.Directories.Directory().Zone()
	sum := sha256.New()
	for i := range all {
		one := view.NewWork(&all[i], zone)
		one.Lost = !w.may(who, all[i])
		out = append(out, one)
		fmt.Fprintln(sum, one.ID, one.State, one.Lost, one.Done, one.At, one.Lacking, one.Fault, one.Until.Unix())
	}
	return out, hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func (w *work) revision(ctx context.Context, who access.Actor) (string, error) {
	_, revision, err := w.told(ctx, who)
	return revision, err
}

// list is GET /meja/pekerjaan: what somebody asked for, and how far it is.
func (w *work) list(c *fiber.Ctx) error {
	page, err := w.page(c)
	if err != nil {
		return err
	}
	if page.Jobs, page.Desk.Revision, err = w.told(c.UserContext(), web.ActorOf(c)); err != nil {
		return err
	}
	page.Desk.Live = workLive
	page.Open = slices.ContainsFunc(page.Jobs, func(one view.Work) bool { return one.Open() })
	return w.site.Page(c, "desk-work", page)
}

// may reports whether somebody may still read what a job of theirs made.
func (w *work) may(who access.Actor, j jobs.Job) bool {
	switch j.Kind {
	case reporting.AllKind:
		of, err := w.Reports.Read(j)
		return err == nil && of.Still(who)
	case dossier.AgencyKind:
		of, err := w.Evidence.Read(j)
		return err == nil && of.Still(who)
	}
	return false
}

// showPage returns what shows a page by its template.
func (w *work) showPage(template string, page func(*fiber.Ctx) (*view.WorkPage, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p, err := page(c)
		if err != nil {
			return err
		}
		return w.site.Page(c, template, p)
	}
}

// formPage is GET /meja/pekerjaan/baru?opd=AGENCY&period=P: what can be asked for of an agency, or
// of the city.
func (w *work) formPage(c *fiber.Ctx) (*view.WorkPage, error) {
	page, err := w.page(c)
	if err != nil {
		return nil, err
	}
	who, d := web.ActorOf(c), w.site.Directories.Directory()
	scope := access.City()
	page.Of = d.City().Name
	if code := c.Query(agencyParam); code != "" {
		agency, ok := d.Agency(code)
		if !ok {
			return nil, errNoAgency
		}
		scope, page.Agency, page.Of = access.Agency(agency.Key()), agency.Code, agency.Name
		page.Dossier, page.Rows = access.Allow(who, access.TakeEvidence, scope), access.Allow(who, access.ReadRows, scope)
	}
	if !access.Allow(who, access.ReadDesk, scope) {
		return nil, errNoAgency
	}
	mine, err := w.layout.deskOf(who, "")
	if err != nil {
		return nil, err
	}
	for _, period := range mine.Periods {
		if period.From <= mine.Today {
			page.Periods = append(page.Periods, period)
		}
	}
	page.Period, page.Kinds = c.Query(periodParam), reporting.Kinds()
	for _, f := range reporting.Formats() {
		page.Formats = append(page.Formats, f.Ending)
	}
	return page, nil
}

// ask is POST to the same address: asks for all reports.
func (w *work) ask(c *fiber.Ctx) error {
	page, err := w.formPage(c)
	if err != nil {
		return err
	}
	who := web.ActorOf(c)
	j, err := w.Reports.Job(c.UserContext(), who, reporting.AllRequest{
		Agency: page.Agency, Period: posted(c, periodParam), Kind: reporting.Kind(posted(c, kindParam)), Format: posted(c, formatParam), Lang: page.Lang,
	})
	return w.begin(c, page, "desk-asked", "asked", j, err)
}

// begin asks for a job, if there is no fault in what is asked for, and leads to the list, else
// back to the form, which says what is wrong.
func (w *work) begin(c *fiber.Ctx, page *view.WorkPage, form, wrong string, j jobs.Job, err error) error {
	if err == nil {
		_, err = w.Jobs.Ask(c.UserContext(), j)
	}
	switch survey.CodeOf(err) {
	case survey.Invalid:
		page.Fault = wrong
		c.Status(fiber.StatusUnprocessableEntity)
	case survey.Conflict:
		page.Fault = "many"
		if tooLate(err) {
			page.Fault = "late"
		}
		c.Status(fiber.StatusConflict)
	default:
		if err != nil {
			return err
		}
		return c.Redirect(workPath+"?lang="+page.Lang, fiber.StatusSeeOther)
	}
	page.Period = posted(c, periodParam)
	return w.site.Page(c, form, page)
}

// tooLate reports whether what is asked for would have to be gone already.
func tooLate(err error) bool {
	var fault *survey.Error
	return errors.As(err, &fault) && len(fault.Faults) == 1 && fault.Faults[0].Code == "late"
}

// end is POST /meja/pekerjaan/hapus: cancels a job, or forgets one that ended.
func (w *work) end(c *fiber.Ctx) error {
	if err := w.Jobs.Cancel(c.UserContext(), web.ActorOf(c).Person, posted(c, idParam)); err != nil {
		return err
	}
	return c.Redirect(workPath+"?lang="+view.Language(web.Asked(c, "lang")), fiber.StatusSeeOther)
}

// file is GET /meja/pekerjaan/{id}.zip: what a job made, to whom asked for it and may still
// read it.
func (w *work) file(c *fiber.Ctx) error {
	ctx := c.UserContext()
	j, err := w.Jobs.One(ctx, web.ActorOf(c).Person, c.Params("id"))
	if err != nil {
		return err
	}
	if j.State != jobs.Ready || !w.may(web.ActorOf(c), j) {
		return survey.Errorf(survey.NotFound, "there is no such job")
	}
	if err := w.site.LimitDemo(c, web.DeskPath); err != nil {
		return err
	}
	parts, err := w.Jobs.Store.Parts(ctx, j.ID)
	if err != nil {
		return err
	}
	if len(parts) == 0 { // it was removed meanwhile
		return survey.Errorf(survey.NotFound, "there is no such job")
	}
	name, join := "laporan-"+j.Ended.Format("20060102")+".zip", w.reports
	if j.Kind == dossier.AgencyKind {
		name, join = parts[0].File, w.evidence // what comes last has the key that comes first
	}
	return w.queue.Send(c, name, "application/zip", func(ctx context.Context, to io.Writer) error { return join(ctx, c, &j, parts, to) })
}

// reports joins all reports; one at a time is in memory.
func (w *work) reports(ctx context.Context, _ *fiber.Ctx, j *jobs.Job, parts []jobs.Part, to io.Writer) error {
	out := zip.NewWriter(to)
	for _, part := range parts {
		if part.File == "" {
			continue
		}
		data, err := w.Jobs.Store.PartData(ctx, j.ID, part.Key)
		if err != nil {
			return err
		}
		file, err := out.CreateHeader(&zip.FileHeader{Name: part.File, Method: zip.Store, Modified: j.Ended})
		if err == nil {
			_, err = file.Write(data)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", part.File, err)
		}
	}
	return out.Close()
}

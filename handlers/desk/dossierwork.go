package desk

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/internal/jobs"
)

// workEvidence is where the evidence package of an agency is asked for.
const workEvidence = workPath + "/paket-bukti"

// dossierPage is GET /meja/pekerjaan/paket-bukti?opd=AGENCY&period=P: the form that asks for the
// evidence package of an agency.
func (w *work) dossierPage(c *fiber.Ctx) (*view.WorkPage, error) {
	page, err := w.formPage(c)
	if err != nil {
		return nil, err
	}
	agency, ok := w.site.Directories.Directory().Agency(page.Agency)
	if !ok { // of the city there is none
		return nil, errNoAgency
	}
	page.Title = w.site.Pages.Say(page.Lang, "desk.work.dossier")
	return page, w.site.Require(c, access.Agency(agency.Key()))
}

// askDossier is POST to the same address: asks for the package. In a demonstration, where anybody
// may enter, each counts like an entry.
func (w *work) askDossier(c *fiber.Ctx) error {
	page, err := w.dossierPage(c)
	if err != nil {
		return err
	}
	if err := w.site.LimitDemo(c, web.DeskPath); err != nil {
		return err
	}
	j, err := w.Evidence.Job(c.UserContext(), web.ActorOf(c), dossier.AgencyRequest{Agency: page.Agency, Period: posted(c, periodParam), Lang: page.Lang})
	return w.begin(c, page, "desk-dossier", "period", j, err)
}

// evidence joins the evidence package of an agency, and tells the audit of it before its first
// byte is sent.
func (w *work) evidence(ctx context.Context, c *fiber.Ctx, j *jobs.Job, _ []jobs.Part, to io.Writer) error {
	written, err := w.Evidence.Join(ctx, w.Jobs.Store, *j, to)
	if err != nil {
		return err
	}
	return w.Evidence.Note(ctx, web.ActorOf(c), written)
}

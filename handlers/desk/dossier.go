package desk

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
)

const dossierPath = unitPath + "/" + view.UnitDossier

// mostDossiers is how many packages are made or being sent at once: each is a file on the disk
// meanwhile, of some 64 MB at most and the rows of answers. One at a time is made.
const mostDossiers = 4

// dossierWithin is how long a package may wait for its turn and be made.
const dossierWithin = time.Minute

// dossiers hands out evidence packages of units.
type dossiers struct {
	layout *layout
	site   *web.Site
	maker  *dossier.Maker
	queue  *web.FileQueue
}

func (p *dossiers) mount(area *web.Area) { area.Get(dossierPath, access.TakeEvidence, p.take) }

// take is GET /meja/unit/{unit}/paket-bukti.zip?period=&lang=: the evidence package of a unit,
// for evaluators with rows of answers. It is on the disk, and told in the audit, before the
// first byte is sent. Unavailable: too many are made or sent.
func (p *dossiers) take(c *fiber.Ctx) error {
	mine, err := p.layout.deskOf(web.ActorOf(c), "")
	if err != nil {
		return err
	}
	unit, ok := mine.Unit(c.Params("unit"), c.Query(periodParam))
	if !ok {
		if _, there := mine.Unit(c.Params("unit"), ""); there {
			return errNoPeriod
		}
		return errNoUnit
	}
	place, _ := p.site.Directories.Directory().Unit(unit.Code)
	if err := p.site.Require(c, unitScope(place)); err != nil { // who sees the unit may know that it is there
		return err
	}
	if err := p.site.LimitDemo(c, web.DeskPath); err != nil {
		return err
	}
	made, err := p.maker.Open(dossier.Request{Period: unit.Period.Code, Unit: unit.Code, Lang: view.Language(c.Query("lang")), Who: web.ActorOf(c)})
	if err != nil {
		return err
	}
	web.Attach(c, made.Name(), "application/zip")
	if c.Method() == fiber.MethodHead { // nobody gets it
		return nil
	}
	file, size, err := p.make(c.UserContext(), made)
	if err != nil {
		c.Response().Header.Del(fiber.HeaderContentDisposition)
		return err
	}
	return web.SendFile(c, file, size)
}

// make writes a package into a file, which is gone when it is closed, and notes it.
func (p *dossiers) make(ctx context.Context, made *dossier.Dossier) (io.ReadCloser, int64, error) {
	var written *dossier.SummedManifest
	file, size, err := p.queue.Make(ctx, func(ctx context.Context, to io.Writer) (err error) {
		written, err = made.Write(ctx, to)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, dossierWithin)
	defer cancel()
	if err := made.Note(ctx, written); err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, size, nil
}

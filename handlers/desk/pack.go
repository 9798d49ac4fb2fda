package desk

import (
	"context"
	"errors"
	"io"
	"mime"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/survey"
)

const packPath = unitPath + "/" + view.UnitPack

// mostPacks is how many packages are made or being sent at once: each is a file on the disk
// meanwhile, of some 64 MB at most and the rows of answers. One at a time is made.
const mostPacks = 4

// packWithin is how long a package may wait for its turn and be made.
const packWithin = time.Minute

// packs hands out evidence packages of units.
type packs struct {
	*pages
	*dossier.Office
	places, turn chan struct{}
}

// mountPacks adds the evidence packages to an area of people.
func (p *pages) mountPacks(area *web.Area, of *dossier.Office) {
	packs := &packs{p, of, make(chan struct{}, mostPacks), make(chan struct{}, 1)}
	area.Get(packPath, access.TakeEvidence, packs.take)
}

// take is GET /meja/unit/{unit}/paket-bukti.zip?period=&lang=: the evidence package of a unit,
// for evaluators with rows of answers. It is on the disk, and told in the audit, before the
// first byte is sent. Unavailable: too many are made or sent.
func (p *packs) take(c *fiber.Ctx) error {
	mine, err := p.deskOf(web.ActorOf(c), "")
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
	place, _ := p.Directories.Directory().Unit(unit.Code)
	if err := p.Require(c, unitScope(place)); err != nil { // who sees the unit may know that it is there
		return err
	}
	if p.Directories.Directory().City().Demo { // where anybody may enter as an evaluator
		if err := p.Passing(c)(web.DeskPath); err != nil {
			return err
		}
	}
	pack, err := p.Open(dossier.Asked{Period: unit.Period.Code, Unit: unit.Code, Lang: view.Language(c.Query("lang")), Who: web.ActorOf(c)})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": pack.Name()}))
	if c.Method() == fiber.MethodHead { // nobody gets it
		return nil
	}
	file, size, err := p.make(c, pack)
	if err != nil {
		c.Response().Header.Del(fiber.HeaderContentDisposition)
		return err
	}
	return web.SendFile(c, file, size)
}

// make writes a package into a file, which is gone when it is closed, and notes it.
func (p *packs) make(c *fiber.Ctx, pack *dossier.Package) (io.ReadCloser, int64, error) {
	select {
	case p.places <- struct{}{}:
	default:
		return nil, 0, &survey.Error{Code: survey.Unavailable, Message: "too many packages are being made or sent; try again in a moment", RetryAfter: 10 * time.Second} //nolint:mnd // about what some of them take
	}
	out, whole := &passing{done: func() { <-p.places }}, false
	defer func() {
		if !whole {
			_ = out.Close()
		}
	}()
	if err := out.create(); err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), packWithin)
	defer cancel()
	written, err := p.write(ctx, pack, out)
	if err != nil {
		return nil, 0, err
	}
	size, err := out.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, 0, err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return nil, 0, err
	}
	if err := pack.Note(ctx, written); err != nil {
		return nil, 0, err
	}
	whole = true
	return out, size, nil
}

// write writes a package in its turn.
func (p *packs) write(ctx context.Context, pack *dossier.Package, to io.Writer) (*dossier.Written, error) {
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	return pack.Write(ctx, to)
}

// passing is a file that only its owner may read and that is gone when it is closed, or when
// the process ends: it may hold rows of answers.
type passing struct {
	*os.File
	left bool // its name is there until it is closed: not every system lets it go before
	done func()
}

// create makes the file.
func (f *passing) create() (err error) {
	if f.File, err = os.CreateTemp("", "persepsi-*.zip"); err != nil {
		return err
	}
	f.left = os.Remove(f.Name()) != nil
	return nil
}

// Close removes the file and frees its place.
func (f *passing) Close() (err error) {
	defer f.done()
	if f.File == nil {
		return nil
	}
	err = f.File.Close()
	if f.left {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

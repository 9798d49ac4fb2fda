package public

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/cache"
	"persepsi/internal/poster"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

// poster is GET /poster/{point}.pdf?size=&lang=: the sheet of one point, for whoever hangs
// it up. A closed point has none.
func (s *pages) poster(c *fiber.Ctx) error {
	d := s.site.Directories.Directory()
	code, isPDF := strings.CutSuffix(c.Params("file"), ".pdf")
	place, known := d.Point(code)
	if !isPDF || !known {
		return survey.Errorf(survey.NotFound, "there is no such poster")
	}
	size, err := poster.SizeOf(c.Query("size"))
	if err != nil {
		return err
	}
	open, _ := poster.Select(d, "", "", place.Point.Code)
	if len(open) == 0 {
		return survey.Errorf(survey.Closed, "point %s is closed: it has no poster", place.Point.Code)
	}
	base, fixed, err := s.site.Address(c)
	if err != nil {
		return err
	}
	now := s.site.Now()
	var behind *sheet.Input // on the back of a tent
	var serial uint64
	if size == poster.Tent {
		if behind, err = sheet.Last(s.figures.Figures(), s.grades, place.Unit.Code); err != nil {
			return err
		}
		if behind != nil {
			serial = behind.Result.Serial
		}
	}
	key := posterKey{serial: serial, version: d.Catalogue().Version, code: place.Point.Code, address: base, size: size, lang: view.Language(c.Query("lang")), day: d.Today(now)}
	data, err := cache.Get(s.site.Cache, key, func() ([]byte, int, error) {
		var out bytes.Buffer
		err := poster.Write(&out, poster.Order{Directory: d, Places: open, Address: base, Size: size, Lang: key.lang, At: now, Results: func(string) (*sheet.Input, error) { return behind, nil }})
		return out.Bytes(), out.Len(), err
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="poster-`+place.Point.Code+"-"+string(size)+`.pdf"`)
	return send(c, data, fixed)
}

// posterKey names a poster by all that stands on it.
type posterKey struct {
	serial              uint64 // of the result on the back; 0: none
	version             int64
	code, address, lang string
	size                poster.Size
	day                 survey.Date
}

package public

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/badge"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// badge is GET /hasil/{unit}/lencana.svg?indeks=&period=&lang=: the released figure of one
// index as a small picture, for the sites of offices. What there is not is told by a picture
// too, with 404: nobody sees the words of an error in the place of a picture.
func (s *pages) badge(c *fiber.Ctx) error {
	anywhere(c)
	f := s.figures.Figures()
	d := f.Directory()
	speaker := s.words.In(view.Language(c.Query("lang")))
	data, err := s.badgeOf(f, speaker, c.Params("unit"), c.Query("period"), c.Query("indeks"))
	if fault := (*survey.Error)(nil); errors.As(err, &fault) && fault.Code == survey.NotFound {
		c.Status(fiber.StatusNotFound)
		why, name := "badge.unknown", ""
		if place, ok := d.Unit(c.Params("unit")); ok {
			name = place.Unit.Name
			switch {
			case errors.Is(err, errOtherIndex):
				why = "badge.other"
			case c.Query("period") == "":
				why = "badge.before"
			}
		}
		lacking, err := badge.Lacking(speaker, name, why)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, "image/svg+xml")
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Send(lacking.SVG())
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	return send(c, data, true)
}

// errOtherIndex is of an index that a period's form has not.
var errOtherIndex = survey.Errorf(survey.NotFound, "there is no such index")

// badgeOf returns the picture of an index; without a code of the form's first.
func (s *pages) badgeOf(f *report.Figures, speaker *wording.Speaker, unit, period, index string) ([]byte, error) {
	in, err := s.published(f, unit, period)
	if err != nil {
		return nil, err
	}
	if index == "" {
		index = analytics.Order(in.Form)[0]
	}
	if in.Form.Index(index) == nil {
		return nil, errOtherIndex
	}
	key := badgeKey{
		serial: in.Result.Serial, unit: in.Place.Unit.Code, period: in.Period.Code, index: index, lang: speaker.Lang(),
		over: in.Period.To < f.Directory().Today(s.site.Now()),
	}
	return cache.Get(s.site.Cache, key, func() ([]byte, int, error) {
		b, err := badge.Make(speaker, in, index, key.over)
		if err != nil {
			return nil, 0, err
		}
		data := b.SVG()
		return data, len(data), nil
	})
}

// badgeKey names a badge by all that stands on it.
type badgeKey struct {
	serial                    uint64 // of the unit's result, and so of the catalogue
	unit, period, index, lang string
	over                      bool
}

// anywhere lets any site show this picture, one too that asks each picture for leave
// (Cross-Origin-Embedder-Policy).
func anywhere(c *fiber.Ctx) { c.Set("Cross-Origin-Resource-Policy", "cross-origin") }

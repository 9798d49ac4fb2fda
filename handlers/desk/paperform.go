package desk

import (
	"bytes"
	"io"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/export"
	"persepsi/internal/paperform"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// unitForm is where the questionnaire on paper of a unit is, with a format behind it.
const unitForm = unitPath + "/formulir"

// askedForm is the form that a request asks for.
type askedForm struct {
	city   *survey.City
	place  survey.Place
	period *survey.Period
	form   *survey.Form
	lang   string
}

// paperForms are the questionnaires on paper, and the empty files that they are typed into.
type paperForms struct {
	layout      *layout
	directories web.Directories
	cache       *cache.Cache
	words       *wording.Catalogue
}

func (p *paperForms) mount(area *web.Area) {
	area.Get(unitForm+".pdf", access.ReadDesk, p.paperForm("application/pdf", "pdf", func(w io.Writer, a askedForm) error {
		return paperform.Write(w, paperform.Order{City: a.city, Period: a.period, Form: a.form, Place: a.place, Lang: a.lang})
	}))
	area.Get(unitForm+".xlsx", access.ReadDesk, p.paperForm("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", func(w io.Writer, a askedForm) error {
		return (&export.EmptyForm{Period: a.period, Form: a.form, Place: a.place}).XLSX(w, p.words.In(a.lang))
	}))
}

// paperForm returns the handler of GET /meja/unit/{unit}/formulir.FORMAT?period=&lang=: the
// form of a period that the unit takes part in, also before it begins.
func (p *paperForms) paperForm(kind, ending string, write func(io.Writer, askedForm) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		mine, err := p.layout.deskOf(web.ActorOf(c), "")
		if err != nil {
			return err
		}
		unit, ok := mine.Unit(c.Params("unit"), "")
		if !ok {
			return errNoUnit
		}
		if asked := c.Query(periodParam); asked != "" {
			if unit, ok = mine.Unit(unit.Code, asked); !ok {
				return errNoPeriod
			}
		}
		d := p.directories.Directory()
		a := askedForm{city: d.City(), lang: view.Language(web.Asked(c, "lang")), form: d.Form(unit.Period.Code)}
		a.place, _ = d.Unit(unit.Code)
		a.period, _ = d.Period(unit.Period.Code)
		key := formKey{d.Catalogue().Version, unit.Code, a.period.Code, a.lang, ending}
		data, err := cache.Get(p.cache, key, func() ([]byte, int, error) {
			var out bytes.Buffer
			err := write(&out, a)
			return out.Bytes(), out.Len(), err
		})
		if err != nil {
			return err
		}
		name := "formulir-" + unit.Code + "-" + unit.Period.Code + "." + ending
		web.Attach(c, name, kind)
		return c.Send(data)
	}
}

// formKey names a form by all that stands on it.
type formKey struct {
	version                    int64
	unit, period, lang, ending string
}

package public

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/survey"
)

// privacy is GET /privasi: what every form of the city tells of the data that are
// kept, for everybody and to be printed.
func (s *pages) privacy(c *fiber.Ctx) error {
	d := s.site.Directories.Directory()
	if d.City().Name == "" {
		return survey.Errorf(survey.NotFound, "no city is declared yet")
	}
	data := &view.Privacy{Frame: s.site.Frame(c, "notice.title")}
	data.Index = true
	data.Notice = s.site.Pages.Notice(data.Lang, d.City(), nil, asked(d), "")
	return s.site.Page(c, "privacy", data)
}

// asked returns what citizens may tell of themselves in any period, in the words of
// the last one that asks it.
func asked(d *survey.Directory) []survey.Field {
	var out []survey.Field
	for i := range d.Catalogue().Periods {
		for _, f := range d.Form(d.Catalogue().Periods[i].Code).Fields {
			at := slices.IndexFunc(out, func(o survey.Field) bool { return o.Code == f.Code })
			if at < 0 {
				out = append(out, f)
			} else {
				out[at] = f
			}
		}
	}
	return out
}

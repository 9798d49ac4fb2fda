package evaluation

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
	"persepsi/internal/evidence"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Deps is what the area needs.
type Deps struct {
	Figures      *report.Builder
	Desks        *desk.Builder // for the pace of answers
	Entries      *lke.Entries
	Evidence     evidence.Store
	MostEvidence int64 // bytes that its files may take, of the whole city
}

// Mount adds the evaluation sheet, and each unit's part of it.
func Mount(app *fiber.App, site *web.Site, of Deps) error {
	table, err := analytics.LoadLKE()
	if err != nil {
		return err
	}
	proof := &evidence.Entries{Store: of.Evidence, Rows: evidence.Rows(table), Most: of.MostEvidence, Now: site.Now}
	queue, reading := site.NewFileQueue(mostFiles, makeWithin), make(turns, mostReading)
	ahead, names := &readinessFinder{site, of.Desks, table, site.NewFileQueue(mostFiles, makeWithin)}, &entryNames{site.Pages, lke.SheetCells(table)}
	units := &unitPages{site, of.Figures, of.Entries, table, names, ahead}
	site.FileForms = append(site.FileForms, fileForms()...)
	area := site.PeopleArea(app)
	(&cityPages{site, of.Figures, of.Evidence, queue}).mount(area)
	(&readinessPages{site, of.Figures, ahead, queue}).mount(area)
	(&uploadPages{site, of.Figures, of.Entries, table, names, reading}).mount(area) // before what may be a unit's code
	units.mount(area)
	(&evidencePages{site, units, proof, reading}).mount(area)
	return nil
}

// cityPages are the evaluation sheet of the city or a part of it, and its files.
type cityPages struct {
	site     *web.Site
	figures  *report.Builder
	evidence evidence.Store
	queue    *web.FileQueue // of files
}

func (s *cityPages) mount(area *web.Area) {
	area.Get("/lke", access.ReadLKE, s.sheet)
	area.Get("/lke.xlsx", access.ReadLKE, s.workbook)
	area.Get("/lke.csv", access.ReadLKE, s.flatTable)
	area.Get("/hasil.xlsx", access.ReadLKE, s.results)
}

// sheet is GET /lke: the evaluation sheet of the city, or of the agency that who
// asks is bound to.
func (s *cityPages) sheet(c *fiber.Ctx) error {
	f := s.figures.Figures()
	d := f.Directory()
	on := bound(web.ActorOf(c), c.Query(part))
	scope := scopeOf(c, on)
	data, err := newSheet(s.site, c, d)
	if err != nil {
		return err
	}
	data.In, data.Parts = reader(d, web.ActorOf(c), on), parts(d, web.ActorOf(c), on)
	data.Uploads = access.Somewhere(web.ActorOf(c), access.WriteLKE)
	if data.Period == nil {
		return s.site.Page(c, "lke", data)
	}
	scope.Period = data.Period.Code
	v, err := f.View(scope)
	if err != nil {
		return err
	}
	fill := func() (view.PageData, bool, error) {
		err := s.fill(c, f, scope, data)
		return data, true, err
	}
	// A key has no person's page, and what was taken from a file is shown to its person alone.
	if web.ActorOf(c).Person == "" || c.Query(taken) != "" {
		if _, _, err := fill(); err != nil {
			return err
		}
		return s.site.Page(c, "lke", data)
	}
	return s.site.SharedPage(c, data.Frame, newSheetKey(s.site, c, "lke", v), "lke", fill)
}

// fill fills in the rows of a sheet.
func (s *cityPages) fill(c *fiber.Ctx, f *report.Figures, scope report.Scope, data *view.LKE) error {
	if err := rows(c, f, scope, data); err != nil {
		return err
	}
	for _, row := range data.Rows {
		if unfilled(row.UnitResult) && s.site.May(c, access.WriteLKE, web.ScopeOf(f.Directory(), report.Scope{Unit: row.Unit})) {
			data.Fill = cmp.Or(data.Fill, row.UnitResult)
			data.Fillable++
		}
	}
	return nil
}

// sheetKey is all that a sheet of a city or a part of it depends on but who is signed in.
type sheetKey struct {
	template        string
	address, grants string
	view            uint64
	catalogue       int64
	today           survey.Date
	desk            string // the revision of the desk that paces are of; empty: none are shown
}

func newSheetKey(site *web.Site, c *fiber.Ctx, template string, v *report.View) sheetKey {
	d := site.Directories.Directory()
	return sheetKey{template, c.OriginalURL(), fmt.Sprint(web.ActorOf(c).Grants), v.Serial, d.Catalogue().Version, d.Today(site.Now()), ""}
}

// newSheet returns the sheet that is asked for, without its rows.
func newSheet(site *web.Site, c *fiber.Ctx, d *survey.Directory) (*view.LKE, error) {
	data := &view.LKE{Frame: site.FormFrame(c, "lke.title"), Sort: c.Query("sort")}
	if !slices.Contains(data.Sorts(), data.Sort) {
		data.Sort = data.Sorts()[0]
	}
	today := d.Today(site.Now())
	for i := range d.Catalogue().Periods {
		if p := &d.Catalogue().Periods[i]; p.From <= today {
			data.Periods = append(data.Periods, p)
		}
	}
	slices.SortStableFunc(data.Periods, func(a, b *survey.Period) int { return cmp.Compare(b.From, a.From) })
	// The newest closed period is the one that is evaluated.
	var err error
	data.Period, err = d.Choose(data.Periods, c.Query("period"), func(p *survey.Period) bool { return p.To < today })
	data.Names = wording.AmendedNames(d, data.Period)
	return data, err
}

func rows(c *fiber.Ctx, f *report.Figures, scope report.Scope, data *view.LKE) error {
	results, err := f.Results(scope)
	if err != nil {
		return err
	}
	groups(results, data)
	data.Taken = takenNow(c, results.Units)
	for _, u := range results.Units {
		row := newRow(u)
		data.Count(&row)
		data.Rows = append(data.Rows, row)
	}
	if by := sorting(data.Sort); by != nil {
		slices.SortStableFunc(data.Rows, func(a, b wording.LKERow) int { return cmp.Compare(by(b), by(a)) })
	}
	for _, row := range data.Rows {
		u := view.NewNonresponse(results.Form, row.UnitResult)
		data.Nonresponse = data.Nonresponse || u != nil
		if u != nil && u.Most() != nil {
			data.Declining = append(data.Declining, u)
		}
	}
	return nil
}

// sorting returns what rows are sorted by, the highest first; nil: as declared.
func sorting(name string) func(wording.LKERow) float64 {
	index := func(x *analytics.Index) float64 {
		if x == nil {
			return -1
		}
		return x.Mean
	}
	switch name {
	case "ipak":
		return func(r wording.LKERow) float64 { return index(r.IPAK) }
	case "ipkp":
		return func(r wording.LKERow) float64 { return index(r.IPKP) }
	case "total":
		return func(r wording.LKERow) float64 {
			if r.LKE.Total == nil {
				return -1
			}
			return r.LKE.Total.Points
		}
	default:
		return nil
	}
}

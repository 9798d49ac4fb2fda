package evaluation

import (
	"cmp"
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

// sheets are the evaluators' pages.
type sheets struct {
	*web.Site
	figures *report.Builder
	entries *lke.Entries
	desks   *desk.Builder
	shelf   *evidence.Shelf
	table   *analytics.LKETable
	cells   []lke.SheetCell // of a unit's sheet that are read back
	reading chan struct{}   // has a place for each workbook that is read
	making  *web.Making     // of files
	judging *web.Making     // of the page of readiness
}

// Mount adds the evaluation sheet, and each unit's part of it.
func Mount(app *fiber.App, site *web.Site, figures *report.Builder, entries *lke.Entries, desks *desk.Builder, kept evidence.Store, mostEvidence int64) error {
	table, err := analytics.LoadLKE()
	if err != nil {
		return err
	}
	shelf := &evidence.Shelf{Store: kept, Rows: evidence.Rows(table), Most: mostEvidence, Now: site.Now}
	s := &sheets{site, figures, entries, desks, shelf, table, lke.SheetCells(table), make(chan struct{}, mostReading), site.NewMaking(mostMaking, makeWithin), site.NewMaking(mostMaking, makeWithin)}
	sheet := site.PeopleArea(app)
	sheet.Get("/lke", access.ReadLKE, s.sheet)
	sheet.Get("/lke.xlsx", access.ReadLKE, s.workbook)
	sheet.Get("/hasil.xlsx", access.ReadLKE, s.results)
	sheet.Get(readyPath, access.ReadLKE, s.readiness)
	sheet.Get(readyPath+".csv", access.ReadLKE, s.readinessCSV)
	sheet.Get(readyPath+".xlsx", access.ReadLKE, s.readinessXLSX)
	sheet.Get("/lke.csv", access.ReadLKE, s.flatTable)
	sheet.Get(web.UploadPath, access.WriteLKE, s.uploadPage)
	sheet.Post(web.UploadPath, access.WriteLKE, s.upload)
	sheet.Get("/lke/:unit", access.ReadLKE, s.unitSheet)
	sheet.Post("/lke/:unit", access.WriteLKE, s.save)
	sheet.Get(evidencePath, access.ReadEvidence, s.evidencePage)
	sheet.Post(evidencePath, access.WriteEvidence, s.addEvidence)
	sheet.Get(evidencePath+"/:n", access.ReadEvidence, s.evidenceFile)
	sheet.Post(evidencePath+"/:n/tarik", access.WriteEvidence, s.withdrawEvidence)
	return nil
}

// sheet is GET /lke: the evaluation sheet of the city, or of the agency that who
// asks is bound to.
func (s *sheets) sheet(c *fiber.Ctx) error {
	f := s.figures.Figures()
	d := f.Directory()
	on := bound(web.ActorOf(c), c.Query(part))
	scope := s.scope(c, on)
	data, err := s.newSheet(c, d)
	if err != nil {
		return err
	}
	data.In, data.Parts = reader(d, web.ActorOf(c), on), parts(d, web.ActorOf(c), on)
	if data.Period != nil {
		scope.Period = data.Period.Code
		if err := rows(c, f, scope, data); err != nil {
			return err
		}
		for _, row := range data.Rows {
			if unfilled(row.UnitResult) && s.May(c, access.WriteLKE, web.ScopeOf(d, report.Scope{Unit: row.Unit})) {
				data.Fill = cmp.Or(data.Fill, row.UnitResult)
				data.Fillable++
			}
		}
	}
	data.Uploads = access.Somewhere(web.ActorOf(c), access.WriteLKE)
	return s.Page(c, "lke", data)
}

// newSheet returns the sheet that is asked for, without its rows.
func (s *sheets) newSheet(c *fiber.Ctx, d *survey.Directory) (*view.LKE, error) {
	data := &view.LKE{Frame: s.FormFrame(c, "lke.title"), Sort: c.Query("sort")}
	if !slices.Contains(data.Sorts(), data.Sort) {
		data.Sort = data.Sorts()[0]
	}
	today := d.Today(s.Now())
	for i := range d.Catalogue().Periods {
		if p := &d.Catalogue().Periods[i]; p.From <= today {
			data.Periods = append(data.Periods, p)
		}
	}
	slices.SortStableFunc(data.Periods, func(a, b *survey.Period) int { return cmp.Compare(b.From, a.From) })
	// The newest closed period is the one that is evaluated.
	var err error
	data.Period, err = web.ChoosePeriod(d, data.Periods, c.Query("period"), func(p *survey.Period) bool { return p.To < today })
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
		if u := view.NewUnsaid(results.Form, row.UnitResult); u != nil {
			data.Unsaid = append(data.Unsaid, u)
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

package handlers

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// sheet is GET /lke: the city's evaluation sheet. In a demonstration city
// everybody sees it; elsewhere a key opens it, sent by a form (POST) and kept
// nowhere.
func (s *server) sheet(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	data := &view.LKE{Frame: s.frame(c, "lke.title"), Sort: c.Query("sort")}
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
	period, err := choose(d, data.Periods, c.Query("period"), func(p *survey.Period) bool { return p.To < today })
	if err != nil {
		return err
	}
	data.Period = period
	scope := analytics.Scope{}
	if period != nil {
		scope.Period = period.Code
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if !d.City().Demo {
		actor, opened, err := s.opens(c)
		if err != nil {
			return err
		}
		if !opened {
			data.NeedsKey, data.WrongKey = true, c.Method() == fiber.MethodPost
			data.Path = "/lke"
			if data.WrongKey {
				c.Status(fiber.StatusUnauthorized)
			}
			return s.page(c, "lke", data)
		}
		scope.Agency = actor.Agency
	}
	if period != nil {
		if err := s.rows(d, scope, data); err != nil {
			return err
		}
	}
	return s.page(c, "lke", data)
}

// opens reports whether the request brings a key that may read the sheet.
func (s *server) opens(c *fiber.Ctx) (access.Actor, bool, error) {
	secret := c.FormValue("key")
	if c.Method() != fiber.MethodPost || secret == "" {
		return access.Actor{}, false, nil
	}
	actor, err := s.keys.find(c.UserContext(), secret)
	if survey.CodeOf(err) == survey.Unauthorized {
		return access.Actor{}, false, nil
	}
	return actor, err == nil && access.Allow(actor, access.ReadLKE, actor.Agency), err
}

func (s *server) rows(d *survey.Directory, scope analytics.Scope, data *view.LKE) error {
	results, err := s.Reporter.Results(d, s.Board, scope)
	if err != nil {
		return err
	}
	for _, u := range results.Units {
		row := view.LKERow{UnitResult: u, IPAK: u.Indexes[analytics.IPAK], IPKP: u.Indexes[analytics.IPKP]}
		for _, t := range u.LKE.WBK.Tests {
			// I and total lack only what their own parts lack.
			if t.Missing && t.Row != "total" && t.Row != "I" {
				row.Lacks = append(row.Lacks, t.Row)
			}
		}
		switch {
		case u.LKE.WBK.Missing():
			data.Missing++
		case u.LKE.WBK.OK():
			data.Passed++
		default:
			data.Failed++
		}
		data.Rows = append(data.Rows, row)
	}
	if by := sorting(data.Sort); by != nil {
		slices.SortStableFunc(data.Rows, func(a, b view.LKERow) int { return cmp.Compare(by(b), by(a)) })
	}
	return nil
}

// sorting gives what rows are sorted by, the highest first; nil: as declared.
func sorting(name string) func(view.LKERow) float64 {
	index := func(x *analytics.Index) float64 {
		if x == nil {
			return -1
		}
		return x.Mean
	}
	switch name {
	case "ipak":
		return func(r view.LKERow) float64 { return index(r.IPAK) }
	case "ipkp":
		return func(r view.LKERow) float64 { return index(r.IPKP) }
	case "total":
		return func(r view.LKERow) float64 {
			if r.LKE.Total == nil {
				return -1
			}
			return r.LKE.Total.Points
		}
	default:
		return nil
	}
}

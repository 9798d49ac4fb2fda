package evaluation

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/internal/wording"
)

// newUnitSheet returns a unit's sheet with what stands in its form.
func (s *unitPages) newUnitSheet(c *fiber.Ctx, o *unitRequest, typed map[string]string) (*view.UnitSheet, error) {
	now := o.newest()
	data := &view.UnitSheet{
		Frame: s.site.FormFrame(c, "lke.title"), Place: o.Place, Periods: o.periods, Period: o.period, Row: newRow(o.unit),
		Fields: s.fields(typed, &now), Writes: s.site.May(c, access.WriteLKE, o.on()), Related: s.site.May(c, access.ReadLive, o.on()), Version: now.Version, Behind: o.behind,
	}
	data.Dossier = view.NewDossier(o.Unit.Code, o.period.Code, data.Lang, s.site.May(c, access.TakeEvidence, o.on()), s.site.May(c, access.ReadRows, o.on()))
	data.Nonresponse = view.NewNonresponse(o.directory.Form(o.period.Code), o.unit)
	if data.Writes {
		web.Scripted(c)
	}
	one := o.scope
	one.Unit = o.Unit.Code
	ready, err := s.finder.of(c, o.figures, one)
	if err != nil {
		return nil, err
	}
	data.Ready = ready[0]
	data.Title = o.Unit.Name + " – " + data.Title
	for i := range o.steps {
		data.History = append(data.History, s.told(o, &o.steps[i], data.Lang))
	}
	data.Remarks = s.remarks(o, data.History, data.Lang)
	return data, s.walk(c, o, data)
}

// told returns a step of the history as a page of a language tells it, its changes in
// the order of the form.
func (s *unitPages) told(o *unitRequest, step *lke.Step, lang string) view.EntryStep {
	out := view.EntryStep{Version: step.Version, At: step.At.In(o.directory.Zone()), Who: step.Who, Why: step.Why}
	if step.Key != step.Who {
		out.Key = step.Key
	}
	tell := func(field string) {
		for _, change := range step.Changes {
			if change.What == field {
				out.Changes = append(out.Changes, view.EntryChange{Name: s.names.fieldName(lang, field), Before: typedIn(lang, field, change.Before), After: typedIn(lang, field, change.After)})
			}
		}
	}
	tell(lke.Achievement)
	for _, a := range s.table.Areas {
		tell(lke.AreaPrefix + a.Code)
	}
	tell(lke.Total)
	for i := range s.names.cells {
		if s.names.cells[i].Remark() {
			tell(s.names.cells[i].Field)
		}
	}
	return out
}

// newRow returns a unit's row of the sheet.
func newRow(u *report.UnitResult) wording.LKERow {
	row := wording.LKERow{UnitResult: u, IPAK: u.Indexes[analytics.IPAK], IPKP: u.Indexes[analytics.IPKP]}
	for _, t := range u.LKE.WBK.Tests {
		// I and total lack only what their own parts lack.
		if t.Missing && t.Row != "total" && t.Row != "I" {
			row.Lacks = append(row.Lacks, t.Row)
		}
	}
	return row
}

// unfilled reports whether something that evaluators enter is missing at a unit.
func unfilled(u *report.UnitResult) bool {
	for _, t := range u.LKE.WBK.Tests {
		if t.Missing && (t.Row == "I.b" || strings.HasPrefix(t.Row, lke.AreaPrefix)) {
			return true
		}
	}
	return false
}

// walk tells where to go on from a unit: to its neighbours in the order of the sheet,
// and to the next one, from the top again after the last, that is not filled in.
func (s *unitPages) walk(c *fiber.Ctx, o *unitRequest, data *view.UnitSheet) error {
	results, err := o.figures.Results(o.scope)
	if err != nil {
		return err
	}
	action := access.ReadLKE
	if data.Writes {
		action = access.WriteLKE
	}
	var list []*report.UnitResult
	here := -1
	for _, u := range results.Units {
		if u.Unit == o.unit.Unit {
			here = len(list)
		}
		if s.site.May(c, action, web.ScopeOf(o.directory, report.Scope{Unit: u.Unit})) {
			list = append(list, u)
		}
	}
	if here > 0 {
		data.Before = list[here-1]
	}
	if here+1 < len(list) {
		data.After = list[here+1]
	}
	for i := 1; i < len(list); i++ {
		if u := list[(here+i)%len(list)]; unfilled(u) {
			data.OpenCount++
			if data.Open == nil {
				data.Open = u
			}
		}
	}
	return nil
}

package evaluation

import (
	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/report"
)

// groups adds the figures of the agencies and of the city that results hold.
func groups(r *report.Results, data *view.LKE) {
	for _, g := range r.Groups() {
		figures := view.GroupFigures{Name: g.Name}
		for _, code := range analytics.Order(r.Form) {
			x := view.GroupIndex{Code: code, Index: g.Indexes[code], Makeup: g.Makeup(code)}
			if name := r.Form.Index(code).Name; name != nil {
				x.Title = name.In(data.Lang)
			}
			figures.Indexes = append(figures.Indexes, x)
		}
		if g.GroupResult == r.City {
			data.Together = &figures
		} else {
			data.Agencies = append(data.Agencies, figures)
		}
	}
}

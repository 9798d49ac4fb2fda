package evaluation

import (
	"persepsi/handlers/view"
	"persepsi/internal/report"
)

// groups adds the figures of the agencies and of the city that results hold.
func groups(r *report.Results, data *view.LKE) {
	for _, g := range r.Groups() {
		figures := view.NewGroupFigures(r.Form, g, data.Lang)
		if g.GroupResult == r.City {
			data.Together = &figures
		} else {
			data.Agencies = append(data.Agencies, figures)
		}
	}
}

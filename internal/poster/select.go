package poster

import "persepsi/survey"

// Select divides the points of a city, or of one agency, unit or point where they are named
// by code, into open ones, in the order of the city's file, and closed ones, which need no
// poster: a symbol of theirs leads nowhere. What is closed as a whole closes its points.
func Select(d *survey.Directory, agency, unit, point string) (open, closed []survey.Place) {
	only, _ := d.Agency(agency)
	of, _ := d.Unit(unit)
	at, _ := d.Point(point)
	agencies := d.Catalogue().Agencies
	for a := range agencies {
		if agency != "" && only != &agencies[a] {
			continue
		}
		for u := range agencies[a].Units {
			one := &agencies[a].Units[u]
			if unit != "" && of.Unit != one {
				continue
			}
			for p := range one.Points {
				place := survey.Place{Agency: &agencies[a], Unit: one, Point: &one.Points[p]}
				switch {
				case point != "" && at.Point != place.Point:
				case place.Agency.Closed || place.Unit.Closed || place.Point.Closed:
					closed = append(closed, place)
				default:
					open = append(open, place)
				}
			}
		}
	}
	return open, closed
}

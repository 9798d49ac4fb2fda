package web

import "persepsi/survey"

// AmendedNames returns the names that a page tells a period's amendments by: those of units
// by code, and of agencies by `agencies.CODE`. nil where it was not amended.
func AmendedNames(d *survey.Directory, p *survey.Period) map[string]string {
	if p == nil || len(p.Amendments) == 0 {
		return nil
	}
	out := map[string]string{}
	for i := range d.Catalogue().Agencies {
		a := &d.Catalogue().Agencies[i]
		out["agencies."+a.Code] = a.Name
		for j := range a.Units {
			out[a.Units[j].Code] = a.Units[j].Name
		}
	}
	return out
}

package analytics

import "persepsi/survey"

// Responses counts the answers behind a unit's figures.
type Responses struct {
	Valid int64 `json:"valid"`
	// Counted are the answers in released figures; null where the figures are live
	// and hold all.
	Counted *int64 `json:"counted,omitempty"`
	// Excluded is 0: no answer that is stored is left out of the figures. Readers of the API
	// rely on the field.
	Excluded int64 `json:"excluded"`
	// Undone are the answers of imports that were undone: Valid holds none of them,
	// released figures do until they follow.
	Undone int64            `json:"undone,omitempty"`
	ByMode map[string]int64 `json:"by_mode"`
}

// Sample compares the answers with the sample size that the population needs.
type Sample struct {
	Population *int `json:"population"` // null where it was not declared
	Needed     *int `json:"needed"`     // Krejcie-Morgan; null where nobody was served, as far as is known
	Slovin     *int `json:"slovin"`     // margin 5 %
	Cochran    *int `json:"cochran"`    // 95 %, margin 5 %
	// Adequate tells that every index that has answers is adequate; where figures are
	// withheld, that there are as many answers as needed. Never where there is a Fault.
	Adequate bool `json:"adequate"`
	// Fault tells what is wrong with Population, as Index.SampleFault does.
	Fault string `json:"fault,omitempty"`
}

// GroupResult are the indexes of an agency or of the city, pooled over the
// answers.
type GroupResult struct {
	Agency    string            `json:"agency,omitempty"`
	Name      string            `json:"name"`
	Units     int               `json:"units"`    // units that take part
	Answered  int               `json:"answered"` // of them, those with answers
	Responses Responses         `json:"responses"`
	Indexes   map[string]*Index `json:"indexes"`
}

// CountResponses counts the answers in a tally; none for nil.
func CountResponses(t *Tally) Responses {
	r := Responses{ByMode: make(map[string]int64, survey.ModeCount)}
	for m := survey.Mode(0); m < survey.ModeCount; m++ {
		r.ByMode[m.String()] = 0
	}
	if t == nil {
		return r
	}
	r.Valid = t.N
	for m, n := range t.Modes {
		r.ByMode[survey.Mode(m).String()] = n
	}
	return r
}

// Of compares a unit's n answers in a period, and the indexes that are computed of
// them (nil where they are withheld), with what the people served need.
func (s *Samples) Of(p *survey.Period, unit string, n int64, indexes map[string]*Index) Sample {
	served := PopulationOf(p, unit)
	out := Sample{Fault: served.fault(n)}
	population, ok := p.Population[unit]
	if !ok {
		return out
	}
	out.Population = &population
	if population <= 0 {
		return out
	}
	needed, slovin, cochran := s.KrejcieMorgan(population), s.Slovin(population), s.Cochran(population)
	out.Needed, out.Slovin, out.Cochran = &needed, &slovin, &cochran
	out.Adequate = out.Fault == "" && n >= int64(needed)
	for _, x := range indexes {
		out.Adequate = out.Adequate && (x == nil || x.Adequate)
	}
	return out
}

package analytics

import "persepsi/survey"

// Responses counts the answers behind a unit's figures.
type Responses struct {
	Valid int64 `json:"valid"`
	// Counted are those that released figures hold; null where the figures are
	// live and hold all.
	Counted  *int64 `json:"counted,omitempty"`
	Excluded int64  `json:"excluded"`
	// Undone are those that an import brought which was undone: Valid holds none of
	// them, released figures do until they follow.
	Undone int64            `json:"undone,omitempty"`
	ByMode map[string]int64 `json:"by_mode"`
}

// Sample compares the answers with the sample size that the population needs.
type Sample struct {
	Population *int `json:"population"` // null where it was not declared
	Needed     *int `json:"needed"`     // Krejcie-Morgan
	Slovin     *int `json:"slovin"`     // margin 5 %
	Cochran    *int `json:"cochran"`    // 95 %, margin 5 %
	Adequate   bool `json:"adequate"`
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

// Of compares n answers with what the people served by a unit in a period
// need; nothing is needed where their number was not declared.
func (s *Samples) Of(p *survey.Period, unit string, n int64) Sample {
	population, ok := p.Population[unit]
	if !ok {
		return Sample{}
	}
	needed, slovin, cochran := s.KrejcieMorgan(population), s.Slovin(population), s.Cochran(population)
	return Sample{Population: &population, Needed: &needed, Slovin: &slovin, Cochran: &cochran, Adequate: n > 0 && n >= int64(needed)}
}

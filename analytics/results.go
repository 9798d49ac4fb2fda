package analytics

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"persepsi/survey"
)

// Results are the result indicators of one period: the one report value that
// pages, API, exports and command line read, so that two places can't show two
// numbers.
type Results struct {
	Period      string    `json:"period"`
	PeriodName  string    `json:"period_name"`
	Instrument  string    `json:"instrument"`
	GeneratedAt time.Time `json:"generated_at"`
	Sealed      bool      `json:"sealed"`
	CityName    string    `json:"city_name"`
	Demo        bool      `json:"demo,omitempty"`

	Units    []*UnitResult  `json:"-"`
	Agencies []*GroupResult `json:"-"`
	City     *GroupResult   `json:"-"`

	groups []byte // what of the JSON text follows the units, made once
}

// UnitResult are the indicators of one unit.
type UnitResult struct {
	Agency     string            `json:"agency"`
	AgencyName string            `json:"agency_name"`
	Unit       string            `json:"unit"`
	UnitName   string            `json:"unit_name"`
	Responses  Responses         `json:"responses"`
	Sample     Sample            `json:"sample"`
	Indexes    map[string]*Index `json:"indexes"` // null where there is no answer
	LKE        LKE               `json:"lke"`
	// Signals counts the answers to the unscored questions by option; only
	// for those who may see more than the public figures.
	Signals map[string][]int64 `json:"signals,omitempty"`
	// Evaluation is the evaluator's newest entry; never public.
	Evaluation *Evaluation `json:"evaluation,omitempty"`

	json []byte // as it is sent, made once
}

// Responses counts the answers behind a unit's figures.
type Responses struct {
	Valid    int64            `json:"valid"`
	Excluded int64            `json:"excluded"`
	ByMode   map[string]int64 `json:"by_mode"`
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

// JSON gives the results as the contract's JSON object in pieces that follow
// each other. A unit's pieces are the same slices until its figures change, so
// what is made of them can be kept.
func (r *Results) JSON() ([]JSONPiece, error) {
	head, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write results: %w", err)
	}
	out := make([]JSONPiece, 0, 2*len(r.Units)+2)
	fresh := append(bytes.TrimSuffix(head, []byte("}")), `,"units":[`...)
	for _, u := range r.Units {
		out = append(out, JSONPiece{Text: fresh}, JSONPiece{Unit: u.Unit, Text: u.json})
		fresh = []byte(",")
	}
	if len(r.Units) > 0 {
		fresh = nil
	}
	fresh = append(fresh, ']')
	return append(out, JSONPiece{Text: append(fresh, r.groups...)}), nil
}

// writeGroups makes the part of the JSON text that follows the units.
func (r *Results) writeGroups() error {
	if r.Agencies == nil {
		r.groups = []byte("}")
		return nil
	}
	text, err := json.Marshal(struct {
		Agencies []*GroupResult `json:"agencies"`
		City     *GroupResult   `json:"city,omitempty"`
	}{r.Agencies, r.City})
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	r.groups = append([]byte(","), text[1:]...)
	return nil
}

// JSONPiece is a part of a JSON text: a unit's, or what stands around them.
type JSONPiece struct {
	Unit string // empty around them
	Text []byte // must not be changed
}

// AppendJSON writes the results as one JSON text.
func (r *Results) AppendJSON(b []byte) ([]byte, error) {
	pieces, err := r.JSON()
	if err != nil {
		return nil, err
	}
	size := 0
	for _, p := range pieces {
		size += len(p.Text)
	}
	b = slices.Grow(b, size)
	for _, p := range pieces {
		b = append(b, p.Text...)
	}
	return b, nil
}

func countResponses(t *Tally) Responses {
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

func (s *Samples) of(p *survey.Period, unit string, n int64) Sample {
	population, ok := p.Population[unit]
	if !ok {
		return Sample{}
	}
	needed, slovin, cochran := s.KrejcieMorgan(population), s.Slovin(population), s.Cochran(population)
	return Sample{Population: &population, Needed: &needed, Slovin: &slovin, Cochran: &cochran, Adequate: n > 0 && n >= int64(needed)}
}

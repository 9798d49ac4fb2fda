package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"persepsi/analytics"
)

// Results are the result indicators of one period: the one report value that
// pages, API, exports and command line read, so that two places can't show two
// numbers. Nothing of it may be changed: it is shared by all who read.
type Results struct {
	Period     string `json:"period"`
	PeriodName string `json:"period_name"`
	Instrument string `json:"instrument"`
	// GeneratedAt dates the figures: they hold every answer that was acknowledged
	// before, and stay until another one comes.
	GeneratedAt time.Time `json:"generated_at"`
	Sealed      bool      `json:"sealed"`
	CityName    string    `json:"city_name"`
	Demo        bool      `json:"demo,omitempty"`

	Units    []*UnitResult            `json:"-"`
	Agencies []*analytics.GroupResult `json:"-"`
	City     *analytics.GroupResult   `json:"-"`

	texts func(unit int) []byte // the JSON text of a unit where it is written already, else nil; may be nil
}

// UnitResult are the indicators of one unit.
type UnitResult struct {
	Agency     string                      `json:"agency"`
	AgencyName string                      `json:"agency_name"`
	Unit       string                      `json:"unit"`
	UnitName   string                      `json:"unit_name"`
	Responses  analytics.Responses         `json:"responses"`
	Sample     analytics.Sample            `json:"sample"`
	Indexes    map[string]*analytics.Index `json:"indexes"` // null where there is no answer
	LKE        analytics.LKE               `json:"lke"`
	// Signals counts the answers to the unscored questions by option; only
	// for those who may see more than the public figures.
	Signals map[string][]int64 `json:"signals,omitempty"`
	// Evaluation is the evaluator's newest entry; never public.
	Evaluation *analytics.Evaluation `json:"evaluation,omitempty"`

	// Serial is another one whenever something else of this, or of the catalogue
	// that it was made with, is another: what is made of it is kept by it.
	Serial uint64 `json:"-"`
}

// AppendJSON writes the results as the contract's JSON object.
func (r *Results) AppendJSON(b []byte) ([]byte, error) {
	b, _, err := r.appendJSON(b)
	return b, err
}

// span is where a unit's text stands in that of its city.
type span struct{ from, to int }

// appendJSON writes the results, and tells where each unit's text stands.
func (r *Results) appendJSON(b []byte) ([]byte, []span, error) {
	head, err := json.Marshal(r)
	if err != nil {
		return nil, nil, fmt.Errorf("write results: %w", err)
	}
	b = append(append(b, bytes.TrimSuffix(head, []byte("}"))...), `,"units":[`...)
	spans := make([]span, len(r.Units))
	for i, u := range r.Units {
		if i > 0 {
			b = append(b, ',')
		}
		text, err := r.unit(i)
		if err != nil {
			return nil, nil, fmt.Errorf("write results of unit %s: %w", u.Unit, err)
		}
		spans[i].from = len(b)
		b = append(b, text...)
		spans[i].to = len(b)
	}
	if r.Agencies == nil {
		return append(b, "]}"...), spans, nil
	}
	groups, err := json.Marshal(struct {
		Agencies []*analytics.GroupResult `json:"agencies"`
		City     *analytics.GroupResult   `json:"city,omitempty"`
	}{r.Agencies, r.City})
	if err != nil {
		return nil, nil, fmt.Errorf("write results: %w", err)
	}
	return append(append(b, "],"...), groups[1:]...), spans, nil
}

// unit returns the text of the i-th unit.
func (r *Results) unit(i int) ([]byte, error) {
	if r.texts != nil {
		if text := r.texts(i); text != nil {
			return text, nil
		}
	}
	return json.Marshal(r.Units[i])
}

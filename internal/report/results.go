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
// numbers.
type Results struct {
	Period      string    `json:"period"`
	PeriodName  string    `json:"period_name"`
	Instrument  string    `json:"instrument"`
	GeneratedAt time.Time `json:"generated_at"`
	Sealed      bool      `json:"sealed"`
	CityName    string    `json:"city_name"`
	Demo        bool      `json:"demo,omitempty"`

	Units    []*UnitResult            `json:"-"`
	Agencies []*analytics.GroupResult `json:"-"`
	City     *analytics.GroupResult   `json:"-"`
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
}

// Text is the JSON text of results: a head, then the rest, which is there in
// one piece and in many. Nothing of it must be changed.
type Text struct {
	Head []byte // differs from one moment to the next
	Rest
}

// Rest is what follows the head.
type Rest struct {
	Whole  []byte
	Pieces []JSONPiece // Whole, cut
	// Serial is another one whenever Whole is another one, so that what is made
	// of it can be kept; 0 where that is not worth while.
	Serial uint64
}

// JSONPiece is a part of a JSON text: a unit's, or what stands around them.
type JSONPiece struct {
	Unit   string // empty around them
	Text   []byte
	Serial uint64 // as that of the rest
}

// head writes what stands before the units.
func (r *Results) head() ([]byte, error) {
	head, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write results: %w", err)
	}
	return append(bytes.TrimSuffix(head, []byte("}")), `,"units":[`...), nil
}

// rest writes what follows the head: the units and then their groups.
func (r *Results) rest(units []JSONPiece) (Rest, error) {
	end := []byte("]}")
	if r.Agencies != nil {
		groups, err := json.Marshal(struct {
			Agencies []*analytics.GroupResult `json:"agencies"`
			City     *analytics.GroupResult   `json:"city,omitempty"`
		}{r.Agencies, r.City})
		if err != nil {
			return Rest{}, fmt.Errorf("write results: %w", err)
		}
		end = append([]byte("],"), groups[1:]...)
	}
	size := len(end)
	for _, u := range units {
		size += len(u.Text) + 1
	}
	out := Rest{Whole: make([]byte, 0, size), Pieces: make([]JSONPiece, 0, 2*len(units)+1)}
	add := func(p JSONPiece) {
		from := len(out.Whole)
		out.Whole = append(out.Whole, p.Text...)
		p.Text = out.Whole[from:]
		out.Pieces = append(out.Pieces, p)
	}
	for i, u := range units {
		if i > 0 {
			add(JSONPiece{Text: []byte(",")})
		}
		add(u)
	}
	add(JSONPiece{Text: end})
	return out, nil
}

// AppendJSON writes the results as one JSON text.
func (r *Results) AppendJSON(b []byte) ([]byte, error) {
	head, err := r.head()
	if err != nil {
		return nil, err
	}
	units := make([]JSONPiece, len(r.Units))
	for i, u := range r.Units {
		units[i].Unit = u.Unit
		if units[i].Text, err = json.Marshal(u); err != nil {
			return nil, fmt.Errorf("write results of unit %s: %w", u.Unit, err)
		}
	}
	rest, err := r.rest(units)
	if err != nil {
		return nil, err
	}
	return append(append(b, head...), rest.Whole...), nil
}

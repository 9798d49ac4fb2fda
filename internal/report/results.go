package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// Results are the result indicators of one period: the one report value that
// pages, API, exports and command line read, so that two places can't show two
// numbers. Nothing of it may be changed: it is shared by all who read.
type Results struct {
	Period     string `json:"period"`
	PeriodName string `json:"period_name"`
	Instrument string `json:"instrument"`
	// GeneratedAt dates the figures, as Figures.At does, and stays until another
	// answer comes.
	GeneratedAt time.Time `json:"generated_at"`
	Sealed      bool      `json:"sealed"`
	// State is `live`, or `released`: then AsOf is the newest moment up to which a
	// unit's answers are counted, null where there is no release.
	State string     `json:"state"`
	AsOf  *time.Time `json:"as_of"`
	// Amendments are the changes of the period that were made when it had answers.
	Amendments []survey.Amendment `json:"amendments,omitempty"`
	CityName   string             `json:"city_name"`
	Demo       bool               `json:"demo,omitempty"`

	// Form is the period's form: it tells which indexes there are.
	Form *survey.Form `json:"-"`

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
	Indexes    map[string]*analytics.Index `json:"indexes"` // null where there is no answer; no map where Withheld
	LKE        analytics.LKE               `json:"-"`       // without the indexes where Withheld
	ShownLKE   *analytics.LKE              `json:"lke"`     // LKE, null where Withheld
	// Withheld says why there are no figures: `fewer_than_10` answers that nobody
	// can be told among (or as many as the city says), `not_yet` released, `closing`
	// while the figures of a period that is over are being made, `brought_again` where a
	// closed period's answers were taken back and brought once more, or the newest
	// release is `damaged`.
	Withheld string `json:"withheld,omitempty"`
	// AsOf is the moment up to which answers are counted, Final that they are those
	// of the closed period; of released figures.
	AsOf  *time.Time `json:"as_of,omitempty"`
	Final bool       `json:"final,omitempty"`
	// Signals counts the answers to the unscored questions by option; only
	// for those who may see more than the public figures.
	Signals map[string][]int64 `json:"signals,omitempty"`
	// Declined counts "don't know / prefer not to say" by question, for those who see
	// Signals.
	Declined map[string]int64 `json:"declined,omitempty"`
	// Evaluation is the evaluator's newest entry; never public.
	Evaluation *analytics.Evaluation `json:"evaluation,omitempty"`

	// Serial is another one whenever something else of this, or of the catalogue
	// that it was made with, is another: what is made of it is kept by it.
	Serial uint64 `json:"-"`
	// Released is the release that the figures are of, nil for live ones.
	Released *analytics.ReleasedTally `json:"-"`
}

// Lags reports whether released figures hold more answers than there are: some that
// were taken out, and that can't leave yet without telling of somebody.
func (r *UnitResult) Lags() bool {
	return r.Responses.Counted != nil && *r.Responses.Counted > r.Responses.Valid
}

// Published reports whether there is a released figure of some index.
func (r *UnitResult) Published() bool {
	for _, x := range r.Indexes {
		if x != nil && r.Released != nil {
			return true
		}
	}
	return false
}

// SomeWithheld reports whether the answers to some question are too few to be shown.
func (r *UnitResult) SomeWithheld() bool {
	for _, x := range r.Indexes {
		if x != nil && slices.ContainsFunc(x.Aspects, func(a analytics.AspectResult) bool { return a.Withheld }) {
			return true
		}
	}
	return false
}

// AppendJSON writes the results as the contract's JSON object.
func (r *Results) AppendJSON(b []byte) ([]byte, error) {
	to := bytes.NewBuffer(b)
	err := r.writeJSON(to)
	return to.Bytes(), err
}

// writeJSON writes the results unit by unit: a city's are megabytes.
func (r *Results) writeJSON(to io.Writer) error {
	w := jsonWriter{to: to}
	w.encoder = json.NewEncoder(&w.value)
	w.object(r)
	w.text(`,"units":[`)
	for i, u := range r.Units {
		if i > 0 {
			w.text(",")
		}
		w.encode(u)
	}
	w.text("]")
	if r.Agencies != nil {
		w.text(`,"agencies":`)
		w.encode(r.Agencies)
		if r.City != nil {
			w.text(`,"city":`)
			w.encode(r.City)
		}
	}
	w.text("}")
	if w.err != nil {
		return fmt.Errorf("write results: %w", w.err)
	}
	return nil
}

// jsonWriter writes values one after the other; the memory of one is used for
// the next.
type jsonWriter struct {
	to      io.Writer
	value   bytes.Buffer
	encoder *json.Encoder
	err     error
}

// encode writes a value without the line end that the encoder puts after it.
func (w *jsonWriter) encode(v any) {
	if w.err == nil {
		w.err = w.encoder.Encode(v)
	}
	w.value.Truncate(max(w.value.Len()-1, 0))
}

// object writes an object whose last brace is still to come.
func (w *jsonWriter) object(v any) {
	w.encode(v)
	w.value.Truncate(max(w.value.Len()-1, 0))
}

// text sends a text after the value before it.
func (w *jsonWriter) text(s string) {
	w.value.WriteString(s)
	if w.err == nil {
		_, w.err = w.to.Write(w.value.Bytes())
	}
	w.value.Reset()
}

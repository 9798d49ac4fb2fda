package analytics

import (
	"strings"
	"time"

	"persepsi/survey"
)

// Evaluation is what an evaluator enters for a unit's LKE beside the survey:
// the level of capaian kinerja and the pengungkit. Entries are only added; the
// newest counts, the older ones stay as its history.
type Evaluation struct {
	Period string `json:"period"`
	Unit   string `json:"unit"`
	// Version counts the entries of one period and unit from 1.
	Version int `json:"version"`
	// Achievement is the level A..E of row I.b, empty where not yet entered.
	Achievement string `json:"capaian_kinerja,omitempty"`
	// Pengungkit is the total as a decimal number (0..60) in text, empty where
	// not entered or given by area.
	Pengungkit string `json:"pengungkit,omitempty"`
	// Areas are the six areas' points as decimal numbers in text, by code.
	Areas map[string]string `json:"areas,omitempty"`
	// Remarks stand in the LKE beside these and move no figure: the unit's notes, answers and
	// notes of TPI and TPN, by the field that internal/lke names.
	Remarks map[string]string `json:"remarks,omitempty"`
	Who     string            `json:"who"`
	Why     string            `json:"why"`
	// Key is the name of the API key that was used.
	Key string    `json:"key"`
	At  time.Time `json:"at"`
}

// Enter adds an evaluator's entry to the survey's indexes. Invalid names the
// field that is no number of points.
func (in *LKEInput) Enter(e Evaluation) error {
	in.Achievement = e.Achievement
	if e.Pengungkit != "" {
		x, ok := points(e.Pengungkit)
		if !ok {
			return survey.Faulty("the entry has faults", []survey.Fault{{Field: "pengungkit", Code: "wrong_type", Message: notPoints}})
		}
		in.Pengungkit = x
	}
	for code, text := range e.Areas {
		x, ok := points(text)
		if !ok {
			return survey.Faulty("the entry has faults", []survey.Fault{{Field: "pengungkit." + survey.Printable(code), Code: "wrong_type", Message: notPoints}})
		}
		if in.Areas == nil {
			in.Areas = map[string]Ratio{}
		}
		in.Areas[code] = x
	}
	return nil
}

const notPoints = "must be a number of points such as 47.875"

// points reads a number of points as it is written: without an exponent, which
// could stand for more digits than there is memory.
func points(text string) (Ratio, bool) {
	if len(text) > 20 || strings.ContainsAny(text, "eEpPxX/_") {
		return Ratio{}, false
	}
	return ParseRatio(text)
}

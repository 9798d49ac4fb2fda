package dossier

import (
	"time"

	"persepsi/internal/report"
)

// Format names the shape of the manifest.
const Format = "persepsi-evidence/1"

// Manifest lists every other file of a package, and says what it is of.
type Manifest struct {
	Format     string   `json:"format"`
	Program    string   `json:"program"` // its version
	Lang       string   `json:"lang"`
	City       string   `json:"city"`
	Demo       bool     `json:"demonstration,omitempty"`
	Period     string   `json:"period"`
	PeriodName string   `json:"period_name"`
	Agency     string   `json:"agency"`
	AgencyName string   `json:"agency_name"`
	Audience   Audience `json:"audience"`
	// UnitFigures is the unit's; in an agency's package each of Units has its own.
	*UnitFigures
	Units   []*UnitFigures `json:"units,omitempty"`
	Files   []File         `json:"files"`
	LeftOut []LeftOut      `json:"left_out"`
}

// UnitFigures says which figures a unit's part of a package has.
type UnitFigures struct {
	Unit     string `json:"unit"`
	UnitName string `json:"unit_name"`
	// State is `final`, `released`, `live` or `none`; Withheld says why there are none, as in
	// the results.
	State    string `json:"state"`
	Withheld string `json:"withheld,omitempty"`
	// AsOf is the moment up to which answers are counted; null where there are no figures.
	AsOf *time.Time `json:"as_of"`
	// Release is the release of the figures and reports; of live figures the newest, of which
	// the reports are. null: none was made.
	Release *Release `json:"release"`

	results *report.UnitResult // nil: nothing is known of it
}

// Release names a release of figures.
type Release struct {
	Serial   int       `json:"serial"`
	Final    bool      `json:"final"`
	AsOf     time.Time `json:"as_of"`
	MadeAt   time.Time `json:"made_at"`
	Checksum string    `json:"checksum"` // of the fact, as `recount` verifies it
}

// LeftOut is what a package could have and has not.
type LeftOut struct {
	Name string `json:"name"`
	Why  string `json:"why"`  // a key of `evidence.why` in the catalogues
	Text string `json:"text"` // the same in words
}

// The states of a unit's figures.
const (
	stateFinal    = "final"
	stateReleased = "released"
	stateLive     = "live"
	stateNone     = "none"
)

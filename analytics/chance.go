package analytics

// Chances tell what another sample of the same size would show: how much of a grade,
// or of a minimum that is reached, is the luck of who was asked. All are between 0 and
// 1 and rounded to three decimals.
type Chances struct {
	// Method names how they were computed, NAME@VERSION.
	Method string `json:"method"`
	// Grades has, by mutu, how often a sample of this size shows it for an office
	// that really is at the measured value. Grades of less than 0.0005 are left out.
	Grades map[string]float64 `json:"grades"`
	// Minima are the sheet's minima for this index, the easiest level first; empty but
	// for IPAK and IPKP.
	Minima []ChanceOfMinimum `json:"minima,omitempty"`
}

// ChanceOfMinimum is the chance of reaching a minimum of the LKE.
type ChanceOfMinimum struct {
	Level   string  `json:"level"`   // wbk or wbbm
	Minimum float64 `json:"minimum"` // of the index, 0..4
	// Pass is how often a sample of this size reaches the minimum for an office that
	// really is at the measured value.
	Pass float64 `json:"pass"`
	// Short tells of an office that in truth falls short by a little.
	Short ChanceWhenShort `json:"short"`
}

// ChanceWhenShort is the chance of an office that is truly below a minimum to be
// measured at or above it.
type ChanceWhenShort struct {
	Truth  float64 `json:"truth"`  // the minimum less 0.05
	Passes float64 `json:"passes"` // the share of samples of this size that pass
}

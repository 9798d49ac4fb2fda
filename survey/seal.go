package survey

// Seal tells what nobody can make anew once the respondent fields of a period's answers
// are removed: which releases there were, and what its tallies told of respondents. It is
// made between the two, stored with an entry of the audit that tells the same, and never
// changed.
type Seal struct {
	Units []SealedUnit `json:"units,omitempty"` // by their code
}

// SealedUnit is what a seal tells of a unit.
type SealedUnit struct {
	Unit string `json:"unit"`
	// Release is the serial of its newest release, 0 where it has none, and Checksum
	// that of the release, which holds those of all before it.
	Release  int    `json:"release,omitempty"`
	Checksum string `json:"checksum,omitempty"`
	// Cells are the checksums of the cells by respondent field, by form and day. A day
	// on which nobody told anything has none.
	Cells map[string]map[Date]string `json:"cells,omitempty"`
}

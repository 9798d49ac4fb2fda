package survey

// Seal tells what nobody can make anew once the respondent fields of a period's answers
// are removed: which releases there were, as they are from then on. It is made between the
// two, stored with an entry of the audit that tells the same, and never changed.
//
// It holds no checksum of what few people told: whoever has one, and knows all else, can
// try out what they told.
type Seal struct {
	Units []SealedUnit `json:"units,omitempty"` // by their code; those that have a release
}

// SealedUnit is what a seal tells of a unit.
type SealedUnit struct {
	Unit string `json:"unit"`
	// Release is the serial of its newest release, and Checksum that of the release, which
	// holds those of all before it.
	Release  int    `json:"release"`
	Checksum string `json:"checksum"`
}

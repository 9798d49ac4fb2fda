package audit

import (
	"encoding/json"
	"fmt"
)

// Encode returns an entry as the text that stores keep.
func (e *Entry) Encode() (string, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("write an entry of the audit: %w", err)
	}
	return string(text), nil
}

// Decode returns the entry of a text that a store kept under a serial with a hash.
// From a text that cannot be read comes an entry with nothing else in it, which a
// Chain takes for the changed one that it is: the others are shown all the same.
func Decode(serial int64, hash, text string) Entry {
	var e Entry
	if json.Unmarshal([]byte(text), &e) != nil {
		e = Entry{}
	}
	e.Serial, e.Hash = serial, hash
	return e
}

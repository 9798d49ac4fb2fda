package paper

import (
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Brought returns what a file brings of each unit, ordered by the units' codes.
func (r *Reading) Brought() (out []survey.ImportedUnit) {
	rows := map[string]int{}
	for _, one := range r.Responses {
		rows[one.Unit]++
	}
	for _, unit := range slices.Sorted(maps.Keys(rows)) {
		digest := r.Digests[unit]
		out = append(out, survey.ImportedUnit{Unit: unit, Rows: rows[unit], Digest: hex.EncodeToString(digest[:])})
	}
	return out
}

// Clashes returns the faults of rows whose ids are stored with other content, or were taken
// out. stored are the answers that there are of ids of the file, out the serials of the imports
// with which answers of the period were taken out. The same answer again is no fault.
func (r *Reading) Clashes(stored []*survey.Response, out map[uuid.UUID]int) (faults []survey.Fault) {
	byID := make(map[uuid.UUID]*survey.Response, len(r.Responses))
	for _, one := range r.Responses {
		byID[one.ID] = one
	}
	for _, old := range stored {
		if serial, undone := out[old.ID]; undone {
			faults = append(faults, r.takenOut(old.ID, serial))
		} else if one, there := byID[old.ID]; !there || !one.Same(old) {
			faults = append(faults, r.conflict(old.ID))
		}
	}
	return faults
}

// RepeatedFaults returns why a file can't be imported beside imports that brought the same
// rows. today returns the code that a unit has now; days are those of a zone.
func RepeatedFaults(list []survey.RepeatedImport, today func(unit string) string, zone *time.Location) (faults []survey.Fault) {
	for _, old := range list {
		unit := today(old.Of)
		if old.Done {
			faults = append(faults, sameRows(unit, old.Serial, survey.DateOf(old.At, zone)))
		} else {
			faults = append(faults, brokenOff(unit, old.Serial))
		}
	}
	return faults
}

// conflict returns the fault of a row whose id is stored with other content.
func (r *Reading) conflict(id uuid.UUID) survey.Fault {
	return newFault(atCell(r.rows[id], string(kindID)), "conflict", "value", id)
}

// takenOut returns the fault of a row whose id is that of an answer that was taken out with
// the import of a serial.
func (r *Reading) takenOut(id uuid.UUID, serial int) survey.Fault {
	return newFault(atCell(r.rows[id], string(kindID)), "taken_out", "serial", serial)
}

// sameRows returns the fault of a unit whose rows an import brought on a day.
func sameRows(unit string, serial int, day survey.Date) survey.Fault {
	return newFault("unit "+unit, "same_rows", "serial", serial, "day", day)
}

// brokenOff returns the fault of a unit whose rows an import brought that was broken off.
func brokenOff(unit string, serial int) survey.Fault {
	return newFault("unit "+unit, "broken_off", "serial", serial)
}

// Refused returns the error of a file with such faults, nil where there is none.
func Refused(faults []survey.Fault) error { return survey.Faulty(say("refusal"), faults) }

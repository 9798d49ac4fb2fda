// Package migrations brings a store to the shape that the program needs:
// ordered steps with frozen shapes, each applied once and noted in a ledger
// inside the store. A store that a newer program wrote is refused.
package migrations

import (
	"fmt"

	"persepsi/survey"
)

// plan returns the numbers of the steps that a store still needs. have is what
// its ledger holds, newest what the program knows (steps count from 1).
func plan(have []int, newest int) ([]int, error) {
	applied := make(map[int]bool, len(have))
	for _, n := range have {
		if n > newest {
			return nil, survey.Errorf(survey.Conflict,
				"the data were written by a newer version of the program (shape %d, this program knows %d); use that version", n, newest)
		}
		applied[n] = true
	}
	var out []int
	for n := 1; n <= newest; n++ {
		if !applied[n] {
			out = append(out, n)
		}
	}
	return out, nil
}

func failed(number int, name string, err error) error {
	return fmt.Errorf("migration %d (%s): %w", number, name, err)
}

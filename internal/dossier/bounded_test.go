package dossier

import (
	"errors"
	"testing"
)

// A store takes no part that is larger, and a server has no more memory for one.
func TestThePartOfAUnitHasABound(t *testing.T) {
	t.Parallel()
	var b boundedBuffer
	for i, tc := range []struct {
		n    int
		full bool
	}{{mostPart - 1, false}, {2, true}, {1, false}, {1, true}} {
		if _, err := b.Write(make([]byte, tc.n)); errors.Is(err, errPart) != tc.full {
			t.Errorf("write %d, of %d bytes: %v", i, tc.n, err)
		}
	}
}

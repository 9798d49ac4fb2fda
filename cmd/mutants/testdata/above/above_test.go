// Package above tests what the package below it does not.
package above

import (
	"testing"

	"persepsi/cmd/mutants/testdata/little"
)

func TestOdd(t *testing.T) {
	if little.Odd(2) || !little.Odd(3) {
		t.Fail()
	}
}

// Package little is broken by the tests of cmd/mutants.
package little

import "errors"

var errNone = errors.New("none")

// Larger is killed where it is negated and survives where equality falls on the
// other side.
func Larger(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// Count never ends where it counts the other way.
func Count(n int) (sum int) {
	for n > 0 {
		sum += n
		n--
	}
	return sum
}

// First loses its error unnoticed.
func First(s []int) (int, error) {
	if len(s) == 0 {
		return 0, errNone
	}
	return s[0], nil
}

// Unseen is reached by no test.
func Unseen(a, b bool) bool { return a && !b }

type flag bool

// Named does not compile behind a switch: its value is no plain bool.
func Named(n uint8) flag { return n%2 == 0 }

// Odd is tested by the package above alone.
func Odd(n uint8) bool { return n%2 != 0 }

package desk

import (
	"slices"

	"persepsi/analytics"
)

// Difference is how one index differs between two units, agencies or periods.
type Difference struct {
	Code string
	// First and Second are what is compared; nil where there is no figure. Change is
	// Second less First.
	First, Second *Index
	analytics.Change
}

// Differences compares the indexes of two units, two agencies or two periods, whose answers
// are other ones: an agency is not to be compared with one of its units. They come in the
// order of the first, then what only the second has.
func Differences(first, second []Index) []Difference {
	var out []Difference
	for i := range first {
		d := Difference{Code: first[i].Code, First: &first[i]}
		if at := slices.IndexFunc(second, func(x Index) bool { return x.Code == d.Code }); at >= 0 {
			d.Second = &second[at]
		}
		out = append(out, d.compared())
	}
	for i := range second {
		if !slices.ContainsFunc(first, func(x Index) bool { return x.Code == second[i].Code }) {
			out = append(out, Difference{Code: second[i].Code, Second: &second[i]}.compared())
		}
	}
	return out
}

func (d Difference) compared() Difference {
	figure := func(x *Index) *analytics.Figure {
		if x == nil {
			return nil
		}
		return x.figure
	}
	d.Change = analytics.Changed(figure(d.First), figure(d.Second))
	return d
}

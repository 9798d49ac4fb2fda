package survey

import (
	"fmt"
	"slices"
	"strings"
)

// within reports whether a path is another one or lies below it.
func within(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// faultList holds the first fault of each place: what cannot be read or has a
// wrong shape is not judged for its meaning as well, nor is what lies within it.
type faultList []Fault

func (l *faultList) add(field, code, message string, args map[string]any) {
	if !slices.ContainsFunc(*l, func(f Fault) bool { return within(field, f.Field) }) {
		*l = append(*l, Fault{Field: field, Code: code, Message: message, Args: args})
	}
}

// appendFault appends a fault of a file; beyond maxFaults none is kept, since an
// alias can repeat one without end.
func appendFault(faults []Fault, field, code, format string, args ...any) []Fault {
	if len(faults) > maxFaults {
		return faults
	}
	return append(faults, Fault{Field: field, Code: code, Message: fmt.Sprintf(format, args...)})
}

// capFaults returns the first maxFaults faults, and says where there are more.
func capFaults(faults []Fault) []Fault {
	if len(faults) <= maxFaults {
		return faults
	}
	return append(faults[:maxFaults:maxFaults], Fault{Field: "file", Code: "more_faults", Message: "has more faults than are told; mend these first"})
}

// withoutConsequences joins the faults of a file's shape and those of its
// meaning, without those of the latter that follow from the former: a name that
// has a wrong type is not missing as well.
func withoutConsequences(shape, meaning []Fault) []Fault {
	out := slices.Clone(shape)
	for _, f := range meaning {
		if !slices.ContainsFunc(shape, func(s Fault) bool { return within(f.Field, s.Field) || within(s.Field, f.Field) }) {
			out = append(out, f)
		}
	}
	return out
}

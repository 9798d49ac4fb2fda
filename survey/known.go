package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// mostKnown is how many known names a fault lists, the nearest ones first.
const mostKnown = 8

// Unknown returns the error of a flag, or of what has no place, that names something
// that there isn't; it lists what there is.
func Unknown(place, kind, name string, known []string) *Error {
	return Errorf(NotFound, "%s: %s", place, unknownName(kind, name, known))
}

// unknownName says that there is no such thing, and which ones there are: first the
// one that may be meant.
func unknownName(kind, name string, known []string) string {
	out := fmt.Sprintf("there is no %s %q", kind, Printable(name))
	if len(known) == 0 {
		return out + "; none is declared yet"
	}
	near := slices.Clone(known)
	far := make(map[string]int, len(near))
	for _, k := range near {
		far[k] = distance(strings.ToLower(name), strings.ToLower(k))
	}
	slices.SortFunc(near, func(a, b string) int { return cmp.Or(cmp.Compare(far[a], far[b]), cmp.Compare(a, b)) })
	near = slices.Compact(near)
	if length := min(len(name), maxCompared); far[near[0]] <= max(1, length/3) && far[near[0]] < length {
		out += "; did you mean " + near[0] + "?"
	} else {
		out += ";"
	}
	out += " known: " + strings.Join(near[:min(len(near), mostKnown)], ", ")
	if more := len(near) - mostKnown; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

// maxCompared bounds what is compared of a name that somebody else chose.
const maxCompared = 60

// distance is the number of letters to add, take out or replace that make one text of
// another (Levenshtein).
func distance(a, b string) int {
	a, b = a[:min(len(a), maxCompared)], b[:min(len(b), maxCompared)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// Units returns the codes of the units, as far as they are known.
func (d *Directory) Units() []string {
	var out []string
	for i := range d.catalogue.Agencies {
		for j := range d.catalogue.Agencies[i].Units {
			out = append(out, d.catalogue.Agencies[i].Units[j].Code)
		}
	}
	return out
}

// Agencies returns the codes of the agencies.
func (d *Directory) Agencies() []string {
	var out []string
	for i := range d.catalogue.Agencies {
		out = append(out, d.catalogue.Agencies[i].Code)
	}
	return out
}

// Periods returns the codes of the periods.
func (d *Directory) Periods() []string {
	var out []string
	for i := range d.catalogue.Periods {
		out = append(out, d.catalogue.Periods[i].Code)
	}
	return out
}

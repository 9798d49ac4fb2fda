package audit

import (
	"slices"
	"strings"

	"persepsi/survey"
)

// Declare tells in an entry what a declaration changes: the changes one by one with
// all that new things hold, and the periods and units that they are about. A change
// of an agency is about all its units, one of a period's units about those that come
// or go; what concerns the whole city is about no unit of its own.
func (e *Entry) Declare(before, after *survey.Catalogue, changes []survey.Change) {
	for _, c := range survey.WithContents(before, after, changes) {
		e.Changes = append(e.Changes, told(&c))
		path := strings.Split(c.Path, ".")
		for i := 0; i+1 < len(path); i++ {
			switch path[i] {
			case "periods":
				e.Concerns(path[i+1], "")
			case "units", "population":
				e.Concerns("", path[i+1])
			}
		}
		switch {
		case path[0] == "earlier" && len(path) > 1:
			e.Concerns("", path[1])
		case path[0] == "agencies" && len(path) > 1 && !slices.Contains(path, "units"):
			for _, catalogue := range []*survey.Catalogue{before, after} {
				for i := range catalogue.Agencies {
					for j := range catalogue.Agencies[i].Units {
						if catalogue.Agencies[i].Code == path[1] {
							e.Concerns("", catalogue.Agencies[i].Units[j].Code)
						}
					}
				}
			}
		case path[0] == "periods" && path[len(path)-1] == "units":
			was, is := strings.Split(c.Before, ", "), strings.Split(c.After, ", ")
			for _, unit := range append(was, is...) {
				if slices.Contains(was, unit) != slices.Contains(is, unit) {
					e.Concerns("", unit)
				}
			}
		}
	}
}

// told returns a change with a path of its own for what is no value.
func told(c *survey.Change) Change {
	switch c.Kind {
	case survey.ChangeRenamed:
		return Change{c.Path + ".code", c.Before, c.After}
	case survey.ChangeMoved:
		return Change{c.Path + ".of", c.Before, c.After}
	case survey.ChangeClosed:
		return Change{c.Path + ".closed", "", "true"}
	case survey.ChangeReopened:
		return Change{c.Path + ".closed", "true", ""}
	default:
		return Change{c.Path, c.Before, c.After}
	}
}

// Concerns notes a period and a unit that an entry is about; an empty code is none.
func (e *Entry) Concerns(period, unit string) {
	add := func(list *[]string, code string) {
		if code != "" && !slices.Contains(*list, code) {
			*list = append(*list, code)
		}
	}
	add(&e.Periods, period)
	add(&e.Units, unit)
}

package lke

import (
	"fmt"
	"maps"
	"slices"

	"persepsi/analytics"
	"persepsi/internal/audit"
)

// The fields of an entry, as the API, the audit and the form name them. An area is
// AreaPrefix and its code.
const (
	Achievement = "capaian_kinerja"
	Total       = "pengungkit"
	AreaPrefix  = Total + "."
)

// Values returns an entry's fields in text; what is missing is not there.
func Values(e *analytics.Evaluation) map[string]string {
	out := map[string]string{}
	put := func(field, value string) {
		if value != "" {
			out[field] = value
		}
	}
	put(Achievement, e.Achievement)
	put(Total, e.Pengungkit)
	for code, points := range e.Areas {
		put(AreaPrefix+code, points)
	}
	for field, text := range e.Remarks {
		put(field, text)
	}
	return out
}

// Changes returns what is otherwise in an entry than in the one before, by field: capaian
// kinerja, notes of the unit, the total, the areas by their codes, TPI, TPN.
func Changes(before, after *analytics.Evaluation) []audit.Change {
	was, is := Values(before), Values(after)
	all := maps.Clone(was)
	maps.Copy(all, is)
	var out []audit.Change
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if was[field] != is[field] {
			out = append(out, audit.Change{What: field, Before: was[field], After: is[field]})
		}
	}
	return out
}

// Audited returns what the audit tells of an entry that replaces another.
func Audited(old, entry *analytics.Evaluation) audit.Entry {
	out := audit.Entry{
		At: entry.At, Actor: entry.Key, Action: audit.SetEvaluation, Subject: entry.Period + "/" + entry.Unit,
		Detail: fmt.Sprintf("version %d by %s", entry.Version, entry.Who), Reason: entry.Why, Changes: Changes(old, entry),
	}
	for i, c := range out.Changes {
		out.Changes[i].Before, out.Changes[i].After = veiled(c.What, c.Before), veiled(c.What, c.After)
	}
	out.Concerns(entry.Period, entry.Unit)
	return out
}

// Step is an entry with what it changed.
type Step struct {
	analytics.Evaluation
	Changes []audit.Change
}

// Steps returns a history, the oldest entry first, as steps, the newest first.
func Steps(history []analytics.Evaluation) []Step {
	out := make([]Step, len(history))
	var before analytics.Evaluation
	for i, e := range history {
		out[len(history)-1-i] = Step{e, Changes(&before, &e)}
		before = e
	}
	return out
}

// LastChange returns, by field, the newest step after a version that changed it: who
// entered what since that version was read.
func LastChange(steps []Step, since int) map[string]*Step {
	out := map[string]*Step{}
	for i := range steps {
		for _, c := range steps[i].Changes {
			if steps[i].Version > since && out[c.What] == nil {
				out[c.What] = &steps[i]
			}
		}
	}
	return out
}

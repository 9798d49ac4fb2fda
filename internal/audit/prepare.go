package audit

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// mostText is about how many bytes the changes of one entry may have. What changes
// more than that is told by several entries, for a document of MongoDB has at most
// 16 MiB.
const mostText = 1 << 20

// Prepare returns entries as a store adds them: with an ID, with times and texts that
// come back from every store as they were, and those with very many changes as
// several parts.
func Prepare(entries []Entry) []Entry {
	var out []Entry
	for _, e := range entries {
		if e.ID == "" {
			e.ID = uuid.NewString()
		}
		e.At = e.At.UTC().Truncate(time.Millisecond)
		for _, text := range []*string{&e.ID, &e.Actor, &e.Action, &e.Subject, &e.Detail, &e.Reason} {
			*text = clean(*text)
		}
		e.Periods, e.Units = cleanAll(e.Periods), cleanAll(e.Units)
		lists := split(e.Changes)
		for i, changes := range lists {
			part := e
			part.Changes = changes
			if i > 0 {
				part.ID = fmt.Sprintf("%s/%d", e.ID, i+1)
			}
			if len(lists) > 1 {
				part.Detail = fmt.Sprintf("%s (part %d of %d)", e.Detail, i+1, len(lists))
			}
			out = append(out, part)
		}
	}
	return out
}

// split cuts changes into lists of about mostText at the most; there is always one.
func split(changes []Change) [][]Change {
	lists, size := [][]Change{{}}, 0
	for _, c := range changes {
		c = Change{clean(c.What), clean(c.Before), clean(c.After)}
		n := len(c.What) + len(c.Before) + len(c.After)
		last := len(lists) - 1
		if size > 0 && size+n > mostText {
			lists, last, size = append(lists, nil), last+1, 0
		}
		lists[last], size = append(lists[last], c), size+n
	}
	return lists
}

// clean returns a text that every store and JSON give back byte by byte.
func clean(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func cleanAll(list []string) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = clean(text)
	}
	return out
}

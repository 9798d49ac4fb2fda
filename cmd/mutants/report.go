package main

import (
	"fmt"
	"io"
	"strings"
)

func (f fate) String() string {
	return [...]string{"not tried", "killed", "timed out", "survived", "not reached", "does not compile"}[f]
}

// report lists what was not noticed, and how many changes ended how.
func report(out io.Writer, path string, changes []*change, r *runner) {
	count := map[fate]int{}
	for _, c := range changes {
		count[c.fate]++
	}
	for _, fate := range []fate{survived, unreached, timedOut} {
		for _, c := range changes {
			if c.fate != fate {
				continue
			}
			fmt.Fprintf(out, "%-11s %s/%s\n            %s\n", fate, path, c.name, c.what)
			if fate == survived {
				fmt.Fprintf(out, "            tried with %d tests of the %d that reach it: %s\n", len(c.tests), len(c.tests)+c.more, strings.Join(c.tests[:min(3, len(c.tests))], ", "))
			}
		}
	}
	if len(r.excluded) > 0 {
		fmt.Fprintf(out, "left out, for they fail or are skipped as the package is: %s\n", strings.Join(r.excluded, ", "))
	}
	fmt.Fprintf(out, "%s: %d changes; tried %d: killed %d, timed out %d (taken for killed), survived %d; not reached %d, not tried %d, did not compile %d\n",
		path, len(changes), count[killed]+count[timedOut]+count[survived], count[killed], count[timedOut], count[survived], count[unreached], count[untried], count[uncompiled])
}

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
)

// listFlags say how a list is written.
type listFlags struct {
	Format string `help:"table or json (${enum})." enum:"table,json" default:"table"`
}

// writeList writes what a command lists: as a table with a heading, or as a JSON array.
func writeList[T, J any](e *environment, f listFlags, list []T, asJSON func(*T) J, heading string, row func(*T) []string) error {
	if f.Format == "json" {
		out := make([]J, len(list))
		for i := range list {
			out[i] = asJSON(&list[i])
		}
		enc := json.NewEncoder(e.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, heading)
	for i := range list {
		fmt.Fprintln(w, strings.Join(row(&list[i]), "\t"))
	}
	return w.Flush()
}

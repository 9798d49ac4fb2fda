package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"persepsi/survey"
)

type importList struct {
	Period string `help:"Imports of this period." placeholder:"P" shown:"all"`
	Unit   string `help:"Imports that brought answers of this unit." placeholder:"U" shown:"all"`
	Format string `help:"${enum}." enum:"table,json" default:"table"`
}

// listedImport is one import of the list.
type listedImport struct {
	Serial int `json:"import"`
	*survey.Import
	Rows   int          `json:"rows"`
	Stored int          `json:"stored"`
	Done   bool         `json:"done"`
	Undone *survey.Undo `json:"undone"`
}

// Run prints the list, the oldest first.
func (l *importList) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	if _, ok := d.Period(l.Period); !ok && l.Period != "" {
		return survey.Unknown("--period", "period", l.Period, d.Periods())
	}
	unit, ok := d.Unit(l.Unit)
	if !ok && l.Unit != "" {
		return survey.Unknown("--unit", "unit", l.Unit, d.Units())
	}
	list := []listedImport{}
	if err := s.Imports(ctx, func(i *survey.Import) error {
		about := l.Unit == ""
		for _, u := range i.Units {
			about = about || unit.Unit != nil && u.Unit == unit.Unit.Key()
		}
		if about && (l.Period == "" || i.Period == l.Period) {
			list = append(list, listedImport{i.Serial, i, i.Rows(), i.Stored, i.Done, i.Undone})
		}
		return nil
	}); err != nil {
		return err
	}
	if l.Format == "json" {
		return json.NewEncoder(e.Out).Encode(list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(e.Out, "there are no imports")
		return err
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "import\ton\tby\tperiod\tunits\trows\tstored\tstate")
	for _, i := range list {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", i.Serial, i.At.In(d.Zone()).Format("2006-01-02 15:04"), i.By, i.Period, unitsShown(d, i.Import), i.Rows, i.Stored, stateOf(i.Import, d.Zone()))
	}
	return w.Flush()
}

// unitsShown names the units of an import with their rows, the first few of them.
func unitsShown(d *survey.Directory, i *survey.Import) string {
	const most = 3
	var out []string
	for _, u := range i.Units[:min(most, len(i.Units))] {
		out = append(out, fmt.Sprintf("%s %d", codeToday(d, u.Unit), u.Rows))
	}
	if more := len(i.Units) - most; more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

func stateOf(i *survey.Import, zone *time.Location) string {
	switch {
	case i.Undone != nil:
		return fmt.Sprintf("undone on %s by %s: %s", survey.DateOf(i.Undone.At, zone), i.Undone.By, i.Undone.Reason)
	case !i.Done:
		return "broken off: import the same file again to finish it"
	case i.Reason != "":
		return "counts, with the reason: " + i.Reason
	default:
		return "counts"
	}
}

package main

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"persepsi/internal/audit"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// watchedFigures are the live figures of a period before a command changed what they
// are made of.
type watchedFigures struct {
	period    string
	directory *survey.Directory
	builder   *report.Builder
	before    map[string]string
}

func (e *environment) watchFigures(ctx context.Context, s *store, d *survey.Directory, period string) (*watchedFigures, error) {
	b, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return nil, err
	}
	w := &watchedFigures{period: period, directory: d, builder: b}
	w.before, _, err = w.now(ctx)
	return w, err
}

// now returns the figures as they are, by a name, and the names in their order.
func (w *watchedFigures) now(ctx context.Context) (shown map[string]string, order []figure, err error) {
	if err := w.builder.Refresh(ctx); err != nil {
		return nil, nil, err
	}
	r, err := w.builder.Figures().Results(report.Scope{Audience: report.Live, Period: w.period})
	if err != nil {
		return nil, nil, err
	}
	shown = figuresOf(r, w.directory, &order)
	for _, u := range r.Units {
		name := u.Unit + " answers"
		shown[name] = strconv.FormatInt(u.Responses.Valid, 10)
		order = append(order, figure{u.Unit, name})
	}
	return shown, order, nil
}

// record writes into an entry which live figures of an import's units are others now.
func (w *watchedFigures) record(ctx context.Context, entry *audit.Entry, of *survey.Import) error {
	after, order, err := w.now(ctx)
	if err != nil {
		return err
	}
	for _, code := range codesOf(w.directory, of) {
		entry.Concerns(w.period, code)
	}
	for _, name := range slices.Sorted(maps.Keys(w.before)) {
		if _, ok := after[name]; !ok {
			order = append(order, figure{name: name})
		}
	}
	for _, f := range order {
		if name := f.name; w.before[name] != after[name] {
			entry.Changes = append(entry.Changes, audit.Change{What: "figure " + w.period + " " + name, Before: w.before[name], After: after[name]})
		}
	}
	return nil
}

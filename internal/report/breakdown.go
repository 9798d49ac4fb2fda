package report

import (
	"context"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// Breakdown shows a unit's answers by one dimension.
type Breakdown struct {
	Period string `json:"period"`
	Unit   string `json:"unit"`
	By     string `json:"by"`
	// State is live where the cells count every answer and show their scores,
	// final where they are the closed period's tables, whose answers never change,
	// counts where the period has none yet and only evaluators see scores, and removed
	// where respondent fields and all scores by them were removed: the cells are what is
	// left of the newest release's numbers of people, for everybody the same.
	State string `json:"state"`
	// Removed is the city's day on which they were removed; nil: they are there.
	Removed *survey.Date `json:"removed,omitempty"`
	// N is the number of answers that the cells are made of; absent where they
	// are counts, or what is left of them.
	N *int64 `json:"n,omitempty"`
	// Least is the number of people that a cell hides among.
	Least int                    `json:"least"`
	Cells []analytics.CellResult `json:"cells"`
}

// Breakdown returns the cells of a unit by one dimension, as an audience sees
// them. From the close of a period on they are of the same answers for everybody;
// who sees released figures sees those that tell on nobody beside all others.
// Before it that audience sees counts: of respondents as released, of others live.
//
// The cells of a closed period are made once and kept by the release that has the tables.
// Those of a running one are made of the unit's tally as it is saved, for each who asks: few do,
// and it changes while nobody asks. The background is woken to save what it has counted first,
// and who asks waits for that without a lock, a second at most: where it can't be done by
// then, the cells lack the answers of the last seconds. Invalid for an unknown dimension.
func (b *Builder) Breakdown(ctx context.Context, f *Figures, period *survey.Period, unit, by string, of Audience) (*Breakdown, error) {
	out := &Breakdown{Period: period.Code, Unit: unit, By: by, Least: analytics.LeastCell}
	place, known := f.Directory().Unit(unit)
	if known {
		out.Unit, unit = place.Unit.Code, place.Unit.Key()
	}
	if err := b.cells(ctx, f, period, unit, out, of); err != nil {
		return nil, err
	}
	if known {
		out.present(f.Directory(), place)
	}
	return out, nil
}

// present gives services and points the codes that they have now.
func (d *Breakdown) present(in *survey.Directory, place survey.Place) {
	for i := range d.Cells {
		c := &d.Cells[i]
		switch d.By {
		case "service":
			if s, ok := place.Unit.Service(c.Code); ok {
				c.Code = s.Code
			}
		case "point":
			if p, ok := in.Point(c.Code); ok {
				c.Code = p.Point.Code
			}
		}
	}
}

// cells fills in the cells of a unit, by its key.
func (b *Builder) cells(ctx context.Context, f *Figures, period *survey.Period, unit string, out *Breakdown, of Audience) error {
	by := out.By
	form := f.Directory().Form(period.Code)
	field, ofPeople := form.FieldPosition(by)
	if ofPeople {
		erasure, err := b.source.Erasure(ctx, period.Code)
		if err != nil {
			return err
		}
		if erasure != nil && erasure.Removes() {
			out.State, out.Removed = "removed", &erasure.Day
			out.Cells = analytics.RespondentCells(form, field, f.Released(period.Code, unit))
			return nil
		}
	}
	methods, err := analytics.ChooseMethods(f.Directory(), period, form)
	if err != nil {
		return err
	}
	if r := f.Released(period.Code, unit); r != nil && r.Tables && r.Tally.Form().ID == form.ID {
		return b.final(ctx, f, period, unit, r, out, methods, of)
	}
	out.State = "counts"
	if ofPeople && of != Live {
		out.Cells = analytics.RespondentCells(form, field, f.Released(period.Code, unit))
		return nil
	}
	done := b.source.SaveSoon()
	b.waitFor(ctx, savedWithin, func(*Figures) bool { return done() })
	tally, err := b.source.Breakdown(ctx, period, unit, form)
	if err != nil {
		return err
	}
	if tally == nil {
		tally = analytics.NewTally(form)
	}
	if of != Live {
		out.Cells, err = tally.CellCounts(by)
		return err
	}
	out.State, out.N = "live", &tally.N
	out.Cells, err = tally.Breakdown(by, methods)
	return err
}

// Distributions returns how often each score of a closed period's questions was given in a
// unit, by its tables; nil where it has none. Errors: those of the source.
func (b *Builder) Distributions(ctx context.Context, f *Figures, period *survey.Period, unit string) ([]analytics.Distribution, error) {
	place, ok := f.Directory().Unit(unit)
	form := f.Directory().Form(period.Code)
	if !ok {
		return nil, nil
	}
	r := f.Released(period.Code, place.Unit.Key())
	if r == nil || !r.Tables || r.Tally.Form().ID != form.ID {
		return nil, nil
	}
	tables, err := b.tables(ctx, period.Code, place.Unit.Key(), r, form)
	if err != nil {
		return nil, err
	}
	return tables.Distributions(), nil
}

// tablesKey names the tables of a release.
type tablesKey struct {
	period, unit, checksum string
}

// tablesWithin is how long the tables of a release may take to be read.
const tablesWithin = 3 * time.Second

// tables reads the tables of a release, and keeps them for who asks next. Whoever asks first
// may leave while others wait with them, so that reading has a time of its own.
func (b *Builder) tables(ctx context.Context, period, unit string, r *analytics.ReleasedTally, form *survey.Form) (*analytics.OpenTables, error) {
	return cache.Get(b.cache, tablesKey{period, unit, r.Checksum}, func() (*analytics.OpenTables, int, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tablesWithin)
		defer cancel()
		stored, err := b.source.Tables(ctx, period, unit, r.Serial)
		if err != nil {
			return nil, 0, err
		}
		if stored == nil {
			return nil, 0, survey.Errorf(survey.Unavailable, "release %d of unit %s has no tables any more", r.Serial, unit)
		}
		tables, err := stored.Read(form)
		return tables, 4 * len(stored.Tally), err
	})
}

// cellsKey names the cells of a release's tables as an audience sees them: those who see live
// figures see other ones. Methods go by the catalogue.
type cellsKey struct {
	tablesKey
	by        string
	live      bool
	catalogue int64
}

// closedCells are cells of a closed period. They are never changed.
type closedCells struct {
	n     int64
	cells []analytics.CellResult
}

// cellBytes is what a cell takes in memory, roughly.
const cellBytes = 500

// final fills in the cells of a closed period.
func (b *Builder) final(ctx context.Context, f *Figures, period *survey.Period, unit string, r *analytics.ReleasedTally, out *Breakdown, methods []*survey.Method, of Audience) error {
	key := cellsKey{tablesKey{period.Code, unit, r.Checksum}, out.By, of == Live, f.Directory().Catalogue().Version}
	made, err := cache.Get(b.cache, key, func() (*closedCells, int, error) {
		tables, err := b.tables(ctx, period.Code, unit, r, r.Tally.Form())
		if err != nil {
			return nil, 0, err
		}
		got := &closedCells{n: tables.Tally.N}
		if key.live {
			got.cells, err = tables.Tally.Breakdown(key.by, methods)
		} else {
			got.cells, err = tables.Cells(key.by, methods)
		}
		return got, len(got.cells) * cellBytes, err
	})
	if err != nil {
		return err
	}
	out.State, out.N, out.Cells = "final", &made.n, slices.Clone(made.cells) // their codes are made those of now
	return nil
}

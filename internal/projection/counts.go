package projection

import (
	"context"
	"fmt"

	"persepsi/analytics"
	"persepsi/survey"
)

// Counts calls fn with the number of answers that a unit got in a period on a day,
// for each that has any and each form, of all that are stored.
func (p *Projector) Counts(ctx context.Context, period string, fn func(unit string, day survey.Date, answers int64)) error {
	if _, err := p.Settle(ctx); err != nil {
		return err
	}
	days := Selection{TallyFilter: analytics.TallyFilter{Level: analytics.LevelDay, Period: period}}
	return p.store.Docs(ctx, days, func(k analytics.Key, doc Doc) error {
		if doc.Tally == nil {
			return nil
		}
		t, err := analytics.DecodeTotals(p.pool.forms, doc.Tally)
		if err != nil {
			return fmt.Errorf("tally of unit %s on %s: %w", k.Unit, k.Start, err)
		}
		fn(k.Unit, k.Start, t.N)
		return nil
	})
}

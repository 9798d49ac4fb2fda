package projection

import (
	"context"
	"fmt"

	"persepsi/survey"
)

// Once an erased period is sealed no tally of it tells what respondents told of
// themselves: those of days would tell it of who was alone, and those of months and of the
// period have the same answers. All of them are what the answers make that are left, like
// those of any period. What everybody may see of it is in the releases.

// Erasure returns the erasure of a period; nil: its answers are whole.
func (p *Projector) Erasure(ctx context.Context, period string) (*survey.Erasure, error) {
	list, err := p.store.Erasures(ctx)
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	for i := range list {
		if list[i].Period == period {
			return &list[i], nil
		}
	}
	return nil, nil //nolint:nilnil // most periods have none
}

// removing returns the periods whose answers lose, or lost, what they tell of respondents:
// no tally that is written of them may tell it any more, and whoever counts it of answers
// that are whole still forgets it. The documents were read before: whoever replaces one
// that was read before the seal finds another.
func (w *work) removing(ctx context.Context) (map[string]bool, error) {
	list, err := w.store.Erasures(ctx)
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	var out map[string]bool
	for i := range list {
		if list[i].Removes() {
			if out == nil {
				out = map[string]bool{}
			}
			out[list[i].Period] = true
		}
	}
	return out, nil
}

package projection

import (
	"context"
	"fmt"

	"persepsi/analytics"
	"persepsi/survey"
)

// In an erased period the stored tallies are the only ones that still tell what
// respondents told of themselves. Whatever is counted of its answers anew takes these
// cells from the document that it replaces; all else is counted as ever. What nobody can
// read any more is lost, and said to be.

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

// erased reports whether the answers of a period may have been changed until now.
// Who asks after reading them knows whether those that were read are whole.
func (p *Projector) erased(ctx context.Context, period string) (bool, error) {
	e, err := p.Erasure(ctx, period)
	return e != nil, err
}

// carry completes a tally of an erased period by the cells of its stored document;
// false where there are none to be trusted.
func (p *pool) carry(t *analytics.Tally, doc []byte) bool {
	if doc == nil || t.N == 0 {
		return t.N == 0
	}
	old, err := p.take(t.Form().ID)
	if err != nil {
		return false
	}
	defer p.put(old)
	return old.Decode(doc) == nil && t.CarryRespondents(old)
}

// complete completes a bucket's tally that was counted from its responses.
func (c *computation) complete(ctx context.Context, k analytics.Key, t *analytics.Tally, doc Doc) error {
	erased, err := c.erased(ctx, k.Period)
	if err != nil || !erased || doc.Tally == nil && !c.plan.damaged[k] {
		return err
	}
	if !c.pool.carry(t, doc.Tally) {
		c.plan.lost[k] = true
	}
	return nil
}

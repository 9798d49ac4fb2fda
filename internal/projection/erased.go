package projection

import (
	"context"
	"fmt"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// In an erased period the stored tallies are the only ones that still tell what
// respondents told of themselves. So what they tell never changes again: whatever is
// counted of its answers anew takes these cells from the document that it replaces, and
// who answers later counts as not having told. All else is counted as ever. What nobody
// can read any more is lost, and said to be.

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
	return e != nil && e.Removes(), err
}

// carriage is what became of a tally of an erased period that was counted anew.
type carriage int

const (
	// carriedOver: it has the cells of the stored document.
	carriedOver carriage = iota
	// lost: there is no document, or nobody can read it.
	lost
	// contradicted: the document tells of other answers than there are.
	contradicted
)

// carry completes a tally of an erased period by the cells of its stored document.
func (p *pool) carry(t *analytics.Tally, doc []byte) carriage {
	old, err := p.take(t.Form().ID)
	if err == nil {
		defer p.put(old)
		err = old.Decode(doc)
	}
	switch {
	case err != nil:
		return lost
	case t.CarryRespondents(old):
		return carriedOver
	default:
		return contradicted
	}
}

// complete completes a bucket's tally that was counted from its responses. A document
// that contradicts these stays as it is: its cells would be lost. Recount tells of it.
func (c *computation) complete(ctx context.Context, k analytics.Key, t *analytics.Tally, doc Doc) error {
	of, err := c.Erasure(ctx, k.Period)
	if err != nil || of == nil {
		return err
	}
	if !of.Removes() && (c.alone[k] || c.plan.damaged[k]) { // its answers are whole, and tell better
		return nil
	}
	switch c.pool.carry(t, doc.Tally) {
	case lost:
		t.ForgetRespondents()
		c.plan.lost[k] = c.plan.damaged[k]
	case contradicted:
		return t.Decode(doc.Tally)
	}
	return nil
}

// keep has a rollup of an erased period keep its own cells where it is made anew, as far
// as they fit: those of a day below it may be forged or lost. Recount compares them.
func (c *computation) keep(ctx context.Context, k analytics.Key, t, old *analytics.Tally) error {
	erased, err := c.erased(ctx, k.Period)
	if erased {
		t.CarryRespondents(old)
	}
	return err
}

// untold has answers that no document holds yet count as not having told, where the
// erasure of their period began. The documents were read before: whoever reads a seal
// finds no more of them.
func (w *work) untold(ctx context.Context, keys []analytics.Key) error {
	if !slices.ContainsFunc(keys, func(k analytics.Key) bool { return w.batch.Fresh[k].Tally != nil }) {
		return nil
	}
	list, err := w.store.Erasures(ctx)
	if err != nil {
		return fmt.Errorf("read erasures: %w", err)
	}
	for _, k := range keys {
		if d := w.batch.Fresh[k]; d.Tally != nil && slices.ContainsFunc(list, func(e survey.Erasure) bool { return e.Period == k.Period }) {
			d.ForgetRespondents()
		}
	}
	return nil
}

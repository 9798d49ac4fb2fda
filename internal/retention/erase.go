package retention

import (
	"cmp"
	"context"
	"fmt"

	"persepsi/survey"
)

// answers are what a store keeps that an erasure removes something of.
type answers interface {
	// Seal returns a period's seal; nil: there is none.
	Seal(ctx context.Context, period string) (*survey.Seal, error)
	// EraseAnswers removes what is left to remove of the answers of a sealed period, in many
	// short steps beside those who store answers and other erasers: how long a step is, and
	// where the next begins, is the store's to say, which knows what its writers wait for. An
	// answer that no tally holds yet is left. It may be repeated. ErrNotNow: something was
	// left.
	EraseAnswers(ctx context.Context, period string) error
	// EraseComments removes what is known of the comments of a period and what was marked of
	// them, likewise.
	EraseComments(ctx context.Context, period string) error
	Imports(ctx context.Context, fn func(*survey.Import) error) error
	// ReplaceImport stores an import without what survey.Import.Erase removed.
	ReplaceImport(ctx context.Context, i *survey.Import) error
}

// Erase removes what is left to remove of the answers of a sealed period and of what was
// made of them. It may be repeated, and goes on where it was broken off: each part looks for
// what is left of it. ErrNotNow: something was left, or there is no seal.
func Erase(ctx context.Context, s answers, period string) error {
	if seal, err := s.Seal(ctx, period); err != nil || seal == nil {
		return cmp.Or(err, ErrNotNow)
	}
	if err := s.EraseAnswers(ctx, period); err != nil {
		return err
	}
	if err := s.EraseComments(ctx, period); err != nil {
		return err
	}
	return eraseDigests(ctx, s, period)
}

// eraseDigests removes the digests of what the rows of a period's imports said: of few
// rows whoever has one could try out what they said.
func eraseDigests(ctx context.Context, s answers, period string) error {
	var list []*survey.Import
	if err := s.Imports(ctx, func(i *survey.Import) error {
		if i.Period == period && i.Erase() {
			list = append(list, i)
		}
		return nil
	}); err != nil {
		return fmt.Errorf("erase digests: %w", err)
	}
	for _, i := range list {
		if err := s.ReplaceImport(ctx, i); err != nil {
			return fmt.Errorf("erase digests: %w", err)
		}
	}
	return nil
}

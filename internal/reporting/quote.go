package reporting

import (
	"context"
	"slices"

	"persepsi/internal/comment"
	"persepsi/internal/manuscript"
	"persepsi/survey"
)

// Comments shows comments as far as they may be shown.
type Comments interface {
	// One returns a comment of a unit in a period. NotFound: there is none, or none any more.
	One(ctx context.Context, at comment.Place, k comment.Key) (*comment.Item, error)
}

// Quoted returns the comments that a text quotes, masked. One that may not be shown any more,
// as after the erasure of its period, is left out, and so is what is more than
// manuscript.MostComments or said twice.
func Quoted(ctx context.Context, from Comments, text *manuscript.Manuscript) ([]comment.Item, error) {
	var out []comment.Item
	for i, said := range text.Comments {
		if i >= manuscript.MostComments || slices.Contains(text.Comments[:i], said) {
			continue
		}
		key, err := comment.ParseKey(said)
		if err == nil {
			var item *comment.Item
			if item, err = from.One(ctx, comment.Place{Period: text.Period, Unit: text.Unit}, key); err == nil {
				out = append(out, *item)
			}
		}
		if err != nil && survey.CodeOf(err) != survey.NotFound {
			return nil, err
		}
	}
	return out, nil
}

package comment

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// readMarks reads the marks of units that have new ones.
func (r *Reader) readMarks(ctx context.Context) error {
	marked, err := r.store.Marked(ctx)
	if err != nil {
		return fmt.Errorf("look for marks: %w", err)
	}
	for at, s := range *r.indexes.Load() {
		if s.marked == marked[at] {
			continue
		}
		list, err := r.store.Marks(ctx, at)
		if err != nil {
			return fmt.Errorf("read marks of unit %s in period %s: %w", at.Unit, at.Period, err)
		}
		r.mark(at, marked[at], list)
	}
	return nil
}

// mark applies marks to a unit. n is what the store told of their number, -1: it is to be
// asked.
func (r *Reader) mark(at Place, n int64, list []Mark) {
	apply := r.marking(list)
	r.publish(at, func(s *index) *index {
		if s == nil {
			return nil
		}
		next := s.changed(r.classifier, apply)
		next.marked = n
		return next
	})
}

// marking returns what applies marks to the comments that they are of.
func (r *Reader) marking(list []Mark) func(*entry) {
	by := make(map[uuid.UUID]*Mark, len(list))
	for i := range list {
		by[list[i].ID] = &list[i]
	}
	return func(e *entry) {
		if m := by[e.id]; m != nil && m.Version > int(e.version) {
			e.mark(m, r.classifier)
		}
	}
}

package comment

import (
	"maps"
	"slices"

	"github.com/google/uuid"
)

func (r *Reader) index(at Place) *index { return (*r.indexes.Load())[at] }

// publish replaces the index of a unit; nil removes it. fn gets the present one.
func (r *Reader) publish(at Place, fn func(*index) *index) {
	r.publishing.Lock()
	defer r.publishing.Unlock()
	old := *r.indexes.Load()
	next := maps.Clone(old)
	if s := fn(old[at]); s == nil {
		delete(next, at)
	} else {
		next[at] = s
	}
	r.indexes.Store(&next)
}

// update publishes a unit with more steps and the marks of their comments, and without what was
// taken out or is left of too few.
func (r *Reader) update(at Place, list []Step, marks []Mark, out func(uuid.UUID) bool) {
	s := r.index(at)
	moved := len(list) > 0
	if s != nil && !moved {
		moved = slices.ContainsFunc(s.entries, func(e entry) bool { return e.out != out(e.id) })
	}
	if !moved {
		return
	}
	mark := r.marking(marks)
	r.publish(at, func(s *index) *index {
		if s == nil {
			s = &index{unit: at.Unit}
		}
		next := s.with(list)
		return next.changed(r.classifier, func(e *entry) {
			mark(e)
			e.out = out(e.id)
		})
	})
}

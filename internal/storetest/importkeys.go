package storetest

import (
	"errors"
	"testing"

	"persepsi/survey"
)

// importKeys begins two first imports of a period at the same moment: each drew a key, and
// only one of them is stored with its own. The same rows made with two keys would have two
// ids each, and count twice.
func importKeys(t *testing.T, e Engine) {
	s := fresh(t, e)
	list := NewMaker(t, 41).Batch(6)
	of := func(key string, part []*survey.Response) *survey.Import {
		i := importOf(part)
		i.Key = key
		return i
	}
	if _, err := s.Import(t.Context(), of("aa", list[:2]), list[:2]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(t.Context(), of("bb", list[2:4]), list[2:4]); !errors.Is(err, survey.ErrOtherKey) {
		t.Errorf("a second key: %v", err)
	}
	if n := len(listed(t, s)); n != 1 {
		t.Errorf("%d imports are kept, want 1", n)
	}
	if got, err := s.Import(t.Context(), of("aa", list[2:4]), list[2:4]); err != nil || got.Stored != 2 {
		t.Errorf("with the key of the first: %+v, %v", got, err)
	}
	elsewhere := of("cc", list[4:])
	elsewhere.Period = "2026-s2"
	if _, err := s.Import(t.Context(), elsewhere, list[4:]); err != nil {
		t.Errorf("a key of another period: %v", err)
	}
}

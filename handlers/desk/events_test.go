package desk

import (
	"testing"

	"persepsi/internal/connection"
)

func TestStreamsAreBoundedInAllAndForEachPerson(t *testing.T) {
	t.Parallel()
	s := countStreams()
	if s.each != streamsEach || s.most < 1 || s.most > mostStreams || s.most > connection.Most()/streamShare {
		t.Errorf("at most %d, %d of a person", s.most, s.each)
	}
	s.most, s.each = 5, 2
	for _, tc := range []struct {
		person string
		want   int
	}{{"a", 0}, {"a", 0}, {"a", 204}, {"b", 0}, {"b", 0}, {"c", 0}, {"d", 503}, {"a", 204}} {
		if got := s.enter(tc.person); got != tc.want {
			t.Errorf("%s enters: %d, want %d", tc.person, got, tc.want)
		}
	}
	s.leave("a")
	if got := s.enter("d"); got != 0 || s.all != 5 {
		t.Errorf("after one left: %d, %d open", got, s.all)
	}
	for _, person := range []string{"a", "b", "b", "c", "d"} {
		s.leave(person)
	}
	if s.all != 0 || len(s.byPerson) != 0 {
		t.Errorf("%d are open, %v", s.all, s.byPerson)
	}
}

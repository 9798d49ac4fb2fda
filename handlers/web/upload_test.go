package web

import (
	"testing"
	"time"
)

func TestUploadsHaveFewPlacesOneASessionAndComeFreeAgain(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	u := &uploads{now: func() time.Time { return now }, until: map[string]uploadPlace{}}
	for i, step := range []struct {
		session string
		large   bool
		want    bool
	}{{"a", true, true}, {"a", false, false}, {"b", true, true}, {"c", true, false}, {"c", false, true}, {"d", false, true}, {"e", false, false}} {
		if got := u.begin(step.session, step.large); got != step.want {
			t.Errorf("%d: session %s has a place: %v", i, step.session, got)
		}
	}
	u.end("b")
	if !u.begin("e", false) || u.begin("b", false) {
		t.Error("the place of one that was answered went to nobody, or to two")
	}
	now = now.Add(uploadWithin)
	if u.begin("f", false) {
		t.Error("a place went away while its body may still arrive")
	}
	now = now.Add(10 * time.Second)
	if !u.begin("f", false) || !u.begin("a", false) {
		t.Error("what never arrived keeps its place")
	}
}

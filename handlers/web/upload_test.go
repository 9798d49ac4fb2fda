package web

import (
	"testing"
	"time"
)

func TestUploadsHaveFewPlacesOneASessionAndComeFreeAgain(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	u := &uploads{now: func() time.Time { return now }, until: map[string]time.Time{}}
	for i, step := range []struct {
		session string
		want    bool
	}{{"a", true}, {"a", false}, {"b", true}, {"c", true}, {"d", true}, {"e", false}} {
		if got := u.begin(step.session); got != step.want {
			t.Errorf("%d: session %s has a place: %v", i, step.session, got)
		}
	}
	u.end("b")
	if !u.begin("e") || u.begin("b") {
		t.Error("the place of one that was answered went to nobody, or to two")
	}
	now = now.Add(uploadWithin)
	if u.begin("f") {
		t.Error("a place went away while its body may still arrive")
	}
	now = now.Add(10 * time.Second)
	if !u.begin("f") || !u.begin("a") {
		t.Error("what never arrived keeps its place")
	}
}

package access

import (
	"testing"
	"time"
)

func TestASessionEndsWithTheDayAndWhenNothingIsAsked(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	fresh, token := NewSession("siti", "Firefox", true, noon)
	if want := (Session{Hash: HashToken(token), Person: "siti", At: noon, Seen: noon, Expires: noon.Add(SessionFor), Device: "Firefox", Second: true}); fresh != want {
		t.Errorf("session %+v, want %+v", fresh, want)
	}
	for _, tc := range []struct {
		name     string
		seen, at time.Duration
		open     bool
	}{
		{"just made", 0, 0, true},
		{"the last moment of idleness", 0, SessionIdle - 1, true},
		{"idle", 0, SessionIdle, false},
		{"used since", time.Hour, SessionIdle, true},
		{"the last moment of all", SessionFor - 2, SessionFor - 1, true},
		{"over, however much it is used", SessionFor - 1, SessionFor, false},
	} {
		s := fresh
		s.Seen = noon.Add(tc.seen)
		if got := s.Open(noon.Add(tc.at)); got != tc.open {
			t.Errorf("%s: open %v, want %v", tc.name, got, tc.open)
		}
	}
	for text, want := range map[string]bool{token: true, token + "x": false, token[1:]: false, "": false} {
		if IsToken(text) != want {
			t.Errorf("%q: a token %v, want %v", text, IsToken(text), want)
		}
	}
	if len(fresh.ID()) != 12 {
		t.Errorf("the session's name is %q", fresh.ID())
	}
}

func TestACeremonyBelongsToNobodyAndLastsFiveMinutes(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	got, token := NewCeremony("to be signed", noon)
	if want := (Session{Hash: HashToken(token), At: noon, Seen: noon, Expires: noon.Add(5 * time.Minute), Ceremony: "to be signed"}); got != want {
		t.Errorf("the session of a ceremony is %+v, want %+v", got, want)
	}
}

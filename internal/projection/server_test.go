package projection

import (
	"testing"
	"time"
)

func TestWhatAServerMeansToAFinalRelease(t *testing.T) {
	t.Parallel()
	opens := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	closes := time.Date(2026, time.July, 1, 0, 30, 0, 0, time.UTC)
	span := Span{Period: "p", Open: opens, Close: closes}
	waits := map[string]int64{"p": 1}
	for _, c := range []struct {
		name    string
		seen    time.Time
		waiting map[string]int64
		now     time.Time
		want    ServerState
	}{
		{"told of an empty spool after the close", closes.Add(time.Minute), nil, closes.Add(time.Minute), Done},
		{"whose last answers may be on their way", closes.Add(time.Minute - 1), nil, closes.Add(time.Hour), Awaited},
		{"not heard of since before the close", closes.Add(-time.Hour), nil, closes.Add(24*time.Hour - 1), Awaited},
		{"a day later", closes.Add(-time.Hour), nil, closes.Add(24 * time.Hour), Unheard},
		{"heard of on the first day and never since", opens, nil, closes, Awaited},
		{"not heard of since the period began", opens.Add(-1), nil, closes, Done},
		{"with answers, heard of a moment ago, long after", closes.AddDate(1, 0, 0), waits, closes.AddDate(1, 0, 0), Awaited},
		{"with answers, then not for a day", closes.AddDate(1, 0, 0), waits, closes.AddDate(1, 0, 1), Unheard},
		{"with answers of another period", closes.Add(time.Hour), map[string]int64{"q": 5}, closes.Add(time.Hour), Done},
		{"with answers, before the period began", opens.Add(-1), waits, closes, Awaited},
	} {
		s := Server{ID: "a", Seen: c.seen, Waiting: c.waiting}
		if got := s.State(span, c.now); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

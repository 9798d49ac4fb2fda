package citizen

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestAFormsIDTellsInWholeSecondsWhenItWasOpened(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	at := func(opened time.Time) string {
		id := uuid.Must(uuid.NewV7())
		for i, ms := 5, opened.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
			id[i] = byte(ms)
		}
		return id.String()
	}
	for _, tc := range []struct {
		name, id string
		want     time.Time
	}{
		{"a minute ago", at(now.Add(-time.Minute + 999*time.Millisecond)), now.Add(-time.Minute)},
		{"now", at(now), now},
		{"by a clock that was set back since", at(now.Add(time.Millisecond)), time.Time{}},
		{"an id made at random", uuid.NewString(), time.Time{}},
		{"no id", "", time.Time{}},
	} {
		if got := startedAt(tc.id, now); !got.Equal(tc.want) {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

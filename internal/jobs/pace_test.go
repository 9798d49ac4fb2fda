package jobs

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestWorkIsFollowedByARestThatIsLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p Pace
		for _, one := range []struct{ took, rests time.Duration }{
			{0, 0}, {10 * time.Millisecond, 200 * time.Millisecond}, {time.Minute, LongestRest},
		} {
			begun, before := time.Now(), p.Rested
			if err := p.Rest(t.Context(), one.took); err != nil {
				t.Fatal(err)
			}
			if rested := time.Since(begun); rested != one.rests || p.Rested-before != rested {
				t.Errorf("after %s it rested %s, want %s; it says %s", one.took, rested, one.rests, p.Rested-before)
			}
		}
		ctx, stop := context.WithTimeout(t.Context(), LongestRest/2)
		defer stop()
		begun := time.Now()
		if err := p.Rest(ctx, time.Minute); err == nil || time.Since(begun) != LongestRest/2 {
			t.Errorf("broken off after %s, err = %v", time.Since(begun), err)
		}
		begun = time.Now()
		if err := (*Pace)(nil).Rest(t.Context(), time.Minute); err != nil || time.Since(begun) != 0 {
			t.Errorf("without a pace it rested %s, err = %v", time.Since(begun), err)
		}
	})
}

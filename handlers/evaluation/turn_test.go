package evaluation

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/survey"
)

// So many files are read at once; who waits for a turn is told to come again after a while, or
// is let go when who asked has left, and takes nobody's place.
func TestWhoWaitsForATurnDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := make(turns, mostReading)
		free, done := make(chan bool), make(chan error, mostReading)
		for range mostReading {
			go func() {
				done <- s.inTurn(context.Background(), func() error {
					<-free
					return nil
				})
			}()
		}
		synctest.Wait()
		read := func() error { t.Error("it was read beyond what is read at once"); return nil }
		from := time.Now()
		err := s.inTurn(context.Background(), read)
		var wait *survey.Error
		if !errors.As(err, &wait) || wait.Code != survey.Unavailable || wait.RetryAfter == 0 || time.Since(from) != turnWithin {
			t.Errorf("one more: %v after %s", err, time.Since(from))
		}
		gone, leave := context.WithCancel(context.Background())
		leave()
		if err := s.inTurn(gone, read); !errors.Is(err, context.Canceled) {
			t.Errorf("who left: %v", err)
		}
		for range mostReading {
			free <- true
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		broken := errors.New("no workbook")
		for range mostReading + 1 {
			if err := s.inTurn(context.Background(), func() error { return broken }); !errors.Is(err, broken) {
				t.Errorf("afterwards: %v", err)
			}
		}
	})
}

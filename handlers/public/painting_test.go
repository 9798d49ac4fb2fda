package public

import (
	"errors"
	"testing"
	"testing/synctest"

	"persepsi/survey"
)

func TestOneSheetAtATimeIsDrawnAndAFewWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPainting()
		drawing, drawn := make(chan struct{}), 0
		for range mostAsked {
			go func() {
				done, err := p.begin()
				if err != nil {
					t.Error(err)
					return
				}
				defer done()
				drawn++ // by one at a time
				<-drawing
			}()
		}
		synctest.Wait()
		if drawn != 1 {
			t.Errorf("%d are drawn at once", drawn)
		}
		_, err := p.begin()
		if fault := (*survey.Error)(nil); !errors.As(err, &fault) || fault.Code != survey.Unavailable {
			t.Errorf("one more: %v, want %v", err, survey.Unavailable)
		}
		close(drawing)
		synctest.Wait()
		if drawn != mostAsked {
			t.Errorf("%d of %d were drawn", drawn, mostAsked)
		}
		done, err := p.begin()
		if err != nil {
			t.Fatalf("after them: %v", err)
		}
		done()
	})
}

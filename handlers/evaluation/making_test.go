package evaluation

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

func TestFilesAreMadeOneAtATimeAndTooManyAreToldToComeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMaking()
		running, most := 0, 0
		out := make(chan error, mostMaking+1)
		ask := func() {
			out <- m.do(t.Context(), func() error {
				running++
				most = max(most, running)
				time.Sleep(time.Second)
				running--
				return nil
			})
		}
		for range mostMaking {
			go ask()
		}
		synctest.Wait()
		go ask() // one too many
		var e *survey.Error
		if err := <-out; !errors.As(err, &e) || e.Code != survey.Unavailable || e.RetryAfter == 0 {
			t.Errorf("one too many: %v", err)
		}
		for range mostMaking {
			if err := <-out; err != nil {
				t.Error(err)
			}
		}
		if most != 1 {
			t.Errorf("%d were made at once", most)
		}
		go ask() // all places are free again
		if err := <-out; err != nil {
			t.Error(err)
		}
	})
}

func TestWhoWaitsTooLongForTheirTurnIsToldToComeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMaking()
		release := make(chan struct{})
		go func() {
			_ = m.do(t.Context(), func() error { <-release; return nil })
		}()
		synctest.Wait()
		began := time.Now()
		if err := m.do(t.Context(), func() error { return nil }); survey.CodeOf(err) != survey.Unavailable || time.Since(began) != makeWithin {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		close(release)
		synctest.Wait()
		if err := m.do(t.Context(), func() error { return nil }); err != nil {
			t.Errorf("after it was done: %v", err)
		}
	})
}

func TestAFileIsMadeInItsTurnAndForWhoGetsIt(t *testing.T) {
	t.Parallel()
	s := &sheets{making: newMaking()}
	made := 0
	var refused error
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error {
		err := s.send(c, "lke.xlsx", xlsxType, func(_ context.Context, w io.Writer) error {
			made++
			_, err := io.WriteString(w, "isi")
			return err
		})
		refused = err
		return err
	})
	ask := func(method string) string {
		t.Helper()
		r, err := app.Test(httptest.NewRequest(method, "/", nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if ask("HEAD"); made != 0 || refused != nil {
		t.Errorf("%d files were made for somebody who asks for the head (%v)", made, refused)
	}
	if got := ask("GET"); got != "isi" || made != 1 {
		t.Errorf("it sends %q", got)
	}
	for range mostMaking {
		s.making.places <- struct{}{}
	}
	if ask("GET"); made != 1 || survey.CodeOf(refused) != survey.Unavailable {
		t.Errorf("while too many are made: %v", refused)
	}
}

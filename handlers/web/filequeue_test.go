package web

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// made makes a file of a text.
func made(q *FileQueue, text string) (io.ReadCloser, int64, error) {
	return q.Make(context.Background(), func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func TestAFileThatIsMadeToBeSentIsGoneWhenItWasSentAndItsPlaceFree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q := (&Site{Settings: Settings{Temp: dir}}).NewFileQueue(2, time.Minute)
	for range 5 { // more often than there are places
		file, size, err := made(q, "baris jawaban")
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(file)
		if err != nil || string(data) != "baris jawaban" || size != int64(len(data)) {
			t.Errorf("%q of %d bytes, %v", data, size, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
		broken := errors.New("the disk is full")
		if _, _, err := q.Make(t.Context(), func(context.Context, io.Writer) error { return broken }); !errors.Is(err, broken) {
			t.Errorf("what can't be made: %v", err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, _, err := made(q, ""); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("without a place for the file: %v", err)
		}
	}
}

func TestFilesAreMadeOneAtATimeAndFewWaitForNotTooLong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		q := (&Site{Settings: Settings{Temp: dir}}).NewFileQueue(3, time.Minute)
		running, free, most := 0, make(chan bool), 0
		errs := make(chan error, 3)
		for range 3 {
			go func() {
				file, _, err := q.Make(context.Background(), func(context.Context, io.Writer) error {
					running++
					most = max(most, running)
					<-free
					running--
					return nil
				})
				if err == nil {
					err = file.Close()
				}
				errs <- err
			}()
		}
		synctest.Wait()
		if _, _, err := made(q, ""); survey.CodeOf(err) != survey.Unavailable || !strings.Contains(err.Error(), "too many") {
			t.Errorf("one too many: %v", err)
		}
		free <- true
		time.Sleep(2 * time.Minute) // in the bubble: the second is made all the while, the third waited too long
		free <- true
		refused := 0
		for range 3 {
			if err := <-errs; survey.CodeOf(err) == survey.Unavailable {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if most != 1 || refused != 1 {
			t.Errorf("%d were made at once, %d waited too long", most, refused)
		}
		if _, _, err := made(q, ""); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestWhatMakesNoFileTakesATurnToo(t *testing.T) {
	t.Parallel()
	q := (&Site{}).NewFileQueue(1, time.Minute)
	ran := 0
	inner := errors.New("not asked")
	if err := q.Do(t.Context(), func(ctx context.Context) error {
		inner = q.Do(ctx, func(context.Context) error { ran++; return nil })
		return nil
	}); err != nil || survey.CodeOf(inner) != survey.Unavailable || ran != 0 {
		t.Errorf("while another has the place: %v and %v, %d ran", err, inner, ran)
	}
	if err := q.Do(t.Context(), func(context.Context) error { ran++; return nil }); err != nil || ran != 1 {
		t.Errorf("after that: %v, %d ran", err, ran)
	}
}

func TestAFileIsSentToBeSavedInItsTurn(t *testing.T) {
	t.Parallel()
	for most, want := range map[int]bool{0: false, 1: true} {
		q := (&Site{Settings: Settings{Temp: t.TempDir()}}).NewFileQueue(most, time.Minute)
		var got error
		app := fiber.New()
		app.Get("/", func(c *fiber.Ctx) error {
			got = q.Send(c, "lke.csv", "text/csv", func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "isi")
				return err
			})
			if got != nil {
				return c.SendString("")
			}
			return nil
		})
		r, err := app.Test(httptest.NewRequest("GET", "/", nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // of a test
		if err != nil || want != (got == nil) || !want && survey.CodeOf(got) != survey.Unavailable || want != (string(body) == "isi") {
			t.Errorf("where %d may be made: %v, %q (%v)", most, got, body, err)
		}
		if saved := r.Header.Get(fiber.HeaderContentDisposition) == "attachment; filename=lke.csv"; saved != want || r.Header.Get(fiber.HeaderCacheControl) != "no-store" {
			t.Errorf("where %d may be made: %v", most, r.Header)
		}
	}
}

package evaluation

import (
	"context"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/survey"
)

func TestAFileIsMadeInItsTurn(t *testing.T) {
	t.Parallel()
	for most, want := range map[int]bool{0: false, 1: true} {
		site := &web.Site{Settings: web.Settings{Temp: t.TempDir()}}
		queue := site.NewFileQueue(most, time.Minute)
		var got error
		app := fiber.New()
		app.Get("/", func(c *fiber.Ctx) error {
			got = sendFile(queue, c, "lke.xlsx", xlsxType, func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "isi")
				return err
			})
			return got
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
	}
}

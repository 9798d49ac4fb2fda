package web

import (
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

func TestOnlyAClientThatTakesGzipGetsIt(t *testing.T) {
	t.Parallel()
	app := fiber.New()
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip": true, "gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0.0, br": false, "br": false, "x-gzip": false,
	} {
		c := app.AcquireCtx(&fasthttp.RequestCtx{})
		c.Request().Header.Set(fiber.HeaderAcceptEncoding, header)
		if got := TakesGzip(c); got != want {
			t.Errorf("Accept-Encoding %q: %v, want %v", header, got, want)
		}
		app.ReleaseCtx(c)
	}
}

func TestALargePageIsCompressedSooner(t *testing.T) {
	t.Parallel()
	if small, large := PageLevel(100_000), PageLevel(100_001); small != ZipLevel || large >= small {
		t.Errorf("levels %d and %d", small, large)
	}
}

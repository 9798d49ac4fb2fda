package web

import (
	"bytes"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

func TestAPrivateProxyIsLoggedWithItsAddressAndACitizenNever(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := &Peers{now: time.Now, log: slog.New(slog.NewTextHandler(&log, nil))}
	app := fiber.New()
	seen := func(peer string) {
		ctx := &fasthttp.RequestCtx{}
		ctx.SetRemoteAddr(&net.TCPAddr{IP: net.ParseIP(peer), Port: 4711})
		ctx.Request.Header.Set(fiber.HeaderXForwardedFor, "198.51.100.4")
		c := app.AcquireCtx(ctx)
		defer app.ReleaseCtx(c)
		p.watch(c)
	}
	for _, peer := range []string{"127.0.0.1", "203.0.113.7", "2001:db8::7", "172.30.8.1", "10.1.1.1", "fd00::1"} {
		seen(peer)
		seen(peer)
	}
	if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "proxy=172.30.8.1") {
		t.Errorf("%d lines, want one without an address and one with the first private one: %s", n, &log)
	}
	for _, address := range []string{"203.0.113.7", "2001:db8", "198.51.100.4", "127.0.0.1"} {
		if strings.Contains(log.String(), address) {
			t.Errorf("the log holds %s", address)
		}
	}
}

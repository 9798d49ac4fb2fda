package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"
)

// unzipped reads a gzip body as a browser does: one member, nothing after it.
func unzipped(t interface{ Fatal(...any) }, body []byte) []byte {
	in := bytes.NewReader(body)
	r, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	r.Multistream(false)
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if in.Len() != 0 {
		t.Fatal("bytes after the gzip member")
	}
	return plain
}

func TestPiecesPutTogetherAreOneGzipBody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := NewSplice()
		var want []byte
		for range rapid.IntRange(0, 8).Draw(t, "parts") {
			part := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "part"), rapid.IntRange(1, 400).Draw(t, "times"))
			if rapid.Bool().Draw(t, "stored") {
				s.Store(part)
			} else {
				p, err := NewPiece(part, want, rapid.IntRange(1, 9).Draw(t, "level"))
				if err != nil {
					t.Fatal(err)
				}
				s.Add(p)
			}
			want = append(want, part...)
		}
		s.end()
		if got := unzipped(t, bytes.Join(s.parts, nil)); !bytes.Equal(got, want) {
			t.Fatalf("%d bytes come back, want %d", len(got), len(want))
		}
	})
}

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

package web

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"testing"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"
)

func TestAPageWithAPartOfSomebodysOwnIsOneGzipStream(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) []byte {
			return bytes.Repeat(rapid.SliceOfN(rapid.ByteRange(1, 255), 0, 300).Draw(t, name), rapid.IntRange(1, 400).Draw(t, "times"))
		}
		before := text("before")
		after := append(bytes.Clone(before[max(0, len(before)-200):]), text("after")...) // which may be told by what stands before
		length := rapid.SampledFrom([]int{0, len(uuid.UUID{}.String())}).Draw(t, "length")
		level := rapid.IntRange(flate.BestSpeed, flate.BestCompression).Draw(t, "level")
		page, err := Splice(before, after, length, level)
		if err != nil {
			t.Fatal(err)
		}
		var reply fasthttp.Response
		for range 2 { // each has one of their own
			part := []byte(uuid.New().String())
			if length == 0 {
				part = rapid.SliceOfN(rapid.Byte(), 0, 2000).Draw(t, "part")
			}
			page.fill(&reply, part)
			in := bytes.NewReader(reply.Body())
			zipped, err := gzip.NewReader(in)
			if err != nil {
				t.Fatal(err)
			}
			zipped.Multistream(false) // as a browser reads it
			plain, err := io.ReadAll(zipped)
			if err != nil {
				t.Fatal(err)
			}
			if want := string(before) + string(part) + string(after); string(plain) != want {
				t.Fatalf("%d bytes come back, want %d", len(plain), len(want))
			}
			if in.Len() != 0 {
				t.Fatal("bytes after the gzip member")
			}
		}
	})
}

func BenchmarkSplicedPage(b *testing.B) {
	part := []byte(uuid.UUID{}.String())
	page, err := Splice(bytes.Repeat([]byte("<p>a question of the form, and its scale</p>"), 300), bytes.Repeat([]byte("<p>the end</p>"), 60), len(part), flate.BestCompression)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var reply fasthttp.Response
	for b.Loop() {
		page.fill(&reply, part)
	}
}

// A page of a desk, made anew: its compressor is one that made others before.
func BenchmarkSplice(b *testing.B) {
	before, after := bytes.Repeat([]byte("<p>a question of the form, and its scale</p>"), 1000), bytes.Repeat([]byte("<p>the end</p>"), 60)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Splice(before, after, 0, ZipLevel); err != nil {
			b.Fatal(err)
		}
	}
}

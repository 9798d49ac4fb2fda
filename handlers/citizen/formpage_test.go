package citizen

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"
)

func TestAFormWithItsIDIsOneGzipStream(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part := func(name string) []byte {
			return bytes.Repeat(rapid.SliceOfN(rapid.ByteRange(1, 255), 0, 300).Draw(t, name), rapid.IntRange(1, 400).Draw(t, "times"))
		}
		before, after := part("before"), part("after")
		page, err := newFormPage(before, after)
		if err != nil {
			t.Fatal(err)
		}
		var reply fasthttp.Response
		for range 2 { // each citizen has one of their own
			id := uuid.New()
			page.fill(&reply, id)
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
			if want := string(before) + id.String() + string(after); string(plain) != want {
				t.Fatalf("%d bytes come back, want %d", len(plain), len(want))
			}
			if in.Len() != 0 {
				t.Fatal("bytes after the gzip member")
			}
		}
	})
}

func BenchmarkFormWithItsID(b *testing.B) {
	page, err := newFormPage(bytes.Repeat([]byte("<p>a question of the form, and its scale</p>"), 300), bytes.Repeat([]byte("<p>the end</p>"), 60))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var reply fasthttp.Response
	for b.Loop() {
		page.fill(&reply, uuid.UUID{})
	}
}

package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"persepsi/survey"
)

func TestAPartOfAPageFitsIntoItsBlock(t *testing.T) {
	t.Parallel()
	page, err := Splice([]byte("<p>before</p>"), []byte("<p>after</p>"), 0, ZipLevel)
	if err != nil {
		t.Fatal(err)
	}
	for _, takes := range []string{"", "gzip"} {
		for _, n := range []int{0, 1, 255, 256, 65_534, 65_535, 65_536} {
			c := requested(t, "GET", "/", func(r *fasthttp.Request) { r.Header.Set(fiber.HeaderAcceptEncoding, takes) })
			part := strings.Repeat("x", n)
			err := page.Send(c, []byte(part))
			if (err != nil) != (n > storedMost) {
				t.Errorf("%d bytes: %v", n, err)
			}
			if err != nil {
				continue
			}
			body := c.Response().Body()
			if encoding := string(c.Response().Header.ContentEncoding()); encoding != takes || string(c.Response().Header.Peek(fiber.HeaderVary)) != fiber.HeaderAcceptEncoding {
				t.Errorf("%d bytes for who takes %q: %s", n, takes, &c.Response().Header)
			}
			if takes != "" {
				zipped, err := gzip.NewReader(bytes.NewReader(body))
				if err == nil {
					body, err = io.ReadAll(zipped)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if string(body) != "<p>before</p>"+part+"<p>after</p>" {
				t.Errorf("%d bytes for who takes %q: %d come", n, takes, len(body))
			}
		}
	}
	if page.Size() < len("<p>after</p>") {
		t.Errorf("it takes %d bytes", page.Size())
	}
}

func TestABodyIsCompressedAtEachLevelAgainAndAgain(t *testing.T) {
	t.Parallel()
	for level := gzip.BestSpeed; level <= gzip.BestCompression; level++ {
		for round := range 3 {
			plain := []byte(strings.Repeat(fmt.Sprint("baris ", round, " "), 100))
			body, err := Zip(plain, level)
			if err != nil {
				t.Fatal(err)
			}
			in, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(in); err != nil || !bytes.Equal(got, plain) || len(body) >= len(plain)/2 {
				t.Errorf("level %d, round %d: %d bytes of %d, %v", level, round, len(got), len(body), err)
			}
		}
	}
	if _, err := Zip(nil, 0); err != nil { // a level that compresses nothing is one too
		t.Error(err)
	}
}

// form is a multipart form of fields and files, and its type.
func form(t *testing.T, fields int, files ...string) (body []byte, kind string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := range fields {
		if err := w.WriteField(fmt.Sprint("isian", i), fmt.Sprint("nilai ", i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range files {
		if name == "" { // as a browser does where none was chosen
			if err := w.WriteField("berkas", ""); err != nil {
				t.Fatal(err)
			}
			continue
		}
		part, err := w.CreateFormFile("lampiran", name)
		if err == nil {
			_, err = io.WriteString(part, "isi "+name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), w.FormDataContentType()
}

func TestAFormWithAFileIsReadOnceAndWithinBounds(t *testing.T) {
	t.Parallel()
	sent := func(fields int, files ...string) (out [2]string) {
		body, kind := form(t, fields, files...)
		return [2]string{kind, string(body)}
	}
	whole := sent(2, "sk.pdf")
	for name, tc := range map[string]struct {
		sent   [2]string
		good   bool
		file   string
		fields int
	}{
		"a file and two fields":    {whole, true, "sk.pdf", 2},
		"fields alone":             {sent(3), true, "", 3},
		"where none was chosen":    {sent(2, ""), true, "", 2},
		"as many parts as may be":  {sent(mostParts-2, "sk.pdf"), true, "sk.pdf", mostParts - 2},
		"one part more":            {sent(mostParts-1, "sk.pdf"), false, "", 0},
		"two files":                {sent(0, "sk.pdf", "foto.png"), false, "", 0},
		"a file and an empty one":  {sent(0, "sk.pdf", ""), false, "", 0},
		"cut":                      {[2]string{whole[0], whole[1][:len(whole[1])-20]}, false, "", 0},
		"cut within a part":        {[2]string{whole[0], whole[1][:len(whole[1])/2]}, false, "", 0},
		"without a boundary":       {[2]string{"multipart/form-data", whole[1]}, false, "", 0},
		"of a type that is none":   {[2]string{"multipart/form-data; boundary", whole[1]}, false, "", 0},
		"with another boundary":    {[2]string{"multipart/form-data; boundary=lain", whole[1]}, false, "", 0},
		"of no part but its end":   {sent(0), true, "", 0},
		"of fields that are alike": {[2]string{whole[0], strings.ReplaceAll(whole[1], "isian1", "isian0")}, true, "sk.pdf", 1},
	} {
		c := requested(t, "POST", "/bukti", func(r *fasthttp.Request) {
			r.Header.SetContentType(tc.sent[0])
			r.SetBodyString(tc.sent[1])
		})
		if up := UploadOf(c); up.File != nil || up.Values != nil {
			t.Errorf("%s: before it was read it holds %+v", name, up)
		}
		up, err := readUpload(c)
		if !tc.good {
			if survey.CodeOf(err) != survey.Malformed || UploadOf(c).Values != nil {
				t.Errorf("%s: %+v, %v", name, up, err)
			}
			continue
		}
		if err != nil || up != UploadOf(c) || len(up.Values) != tc.fields || up.Name != tc.file || tc.file != "" && string(up.File) != "isi "+tc.file || tc.file == "" && len(up.File) > 0 {
			t.Errorf("%s: %+v, %v", name, up, err)
		}
		if tc.fields > 1 && up.Values["isian1"] != "nilai 1" {
			t.Errorf("%s: a field holds %q", name, up.Values["isian1"])
		}
	}
}

// unwritable is a connection that is gone.
type unwritable struct{ net.Conn }

var errGone = errors.New("gone")

func (unwritable) SetWriteDeadline(time.Time) error { return errGone }

func TestAFileIsReadWithoutAConnectionAndNotOnOneThatIsGone(t *testing.T) {
	t.Parallel()
	piece := make([]byte, 10)
	file := func(conn net.Conn) *pieceReader {
		return &pieceReader{io.NopCloser(strings.NewReader("isi")), conn, nil, time.Now().Add(time.Hour)}
	}
	if n, err := file(nil).Read(piece); n != 3 || err != nil {
		t.Errorf("without one: %d bytes, %v", n, err)
	}
	if n, err := file(unwritable{}).Read(piece); n != 0 || !errors.Is(err, errGone) {
		t.Errorf("on one that is gone: %d bytes, %v", n, err)
	}
}

func TestWhoAsksForHeadersAloneHasNoFileMade(t *testing.T) {
	t.Parallel()
	q := (&Site{Settings: Settings{Temp: t.TempDir()}}).NewFileQueue(1, time.Minute)
	made := 0
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error {
		return q.Send(c, "lke.csv", "text/csv", func(_ context.Context, w io.Writer) error {
			made++
			return last(io.WriteString(w, "isi"))
		})
	})
	for i, method := range []string{"HEAD", "GET"} {
		r, err := app.Test(httptest.NewRequest(method, "/", nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close() // of a test
		if made != i || r.Header.Get(fiber.HeaderContentType) != "text/csv" || r.Header.Get(fiber.HeaderContentDisposition) != "attachment; filename=lke.csv" {
			t.Errorf("%s: %d files were made, %v", method, made, r.Header)
		}
	}
}

func last(_ any, err error) error { return err }

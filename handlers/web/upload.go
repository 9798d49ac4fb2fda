package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"persepsi/internal/access"
	"persepsi/survey"
)

// UploadPath is the one address that takes a file, by POST.
const UploadPath = "/lke/unggah"

// UploadLimit is the largest body that UploadPath takes, in bytes, of a signed-in person
// who may fill in the LKE; everything else keeps to BodyLimit. A workbook of 59 units has
// some 390 KB.
const UploadLimit = 4 << 20

const (
	// uploadWithin is how long a body beyond BodyLimit may take to arrive.
	uploadWithin = time.Minute
	// mostUploads is how many of these there may be at once: what memory they take is
	// bounded, whoever sends them. A session has one.
	mostUploads = 4
	// mostParts bounds the parts of such a form.
	mostParts = 8
)

// uploads are the places of bodies beyond BodyLimit. One is given away before the body is
// read, and is free again when its request was answered, or when its time is up.
type uploads struct {
	now func() time.Time

	mu    sync.Mutex
	until map[string]time.Time // by the session's token
}

// begin gives a session a place. It is refused where it has one, and where none is free.
func (u *uploads) begin(session string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	for token, until := range u.until {
		if !now.Before(until) {
			delete(u.until, token)
		}
	}
	if _, has := u.until[session]; has || len(u.until) >= mostUploads {
		return false
	}
	// The server counts its own time from a moment later on.
	u.until[session] = now.Add(uploadWithin + 5*time.Second)
	return true
}

func (u *uploads) end(session string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.until, session)
}

// Admit tells the server, when it has read a request's head, how large its body may be. The
// zero value leaves it at BodyLimit.
func (s *Site) Admit(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	if path != UploadPath || !h.IsPost() || h.ContentLength() <= BodyLimit || h.ContentLength() > UploadLimit {
		return fasthttp.RequestConfig{}
	}
	token := string(h.Cookie(SessionCookie))
	if !access.IsToken(token) {
		return fasthttp.RequestConfig{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), ReadWithin)
	defer cancel()
	who, err := s.People.Watch(ctx, token)
	if err != nil || !access.Somewhere(who, access.WriteLKE) || !s.uploads.begin(token) {
		return fasthttp.RequestConfig{} // the route tells why, or Refuse does
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: UploadLimit, ReadTimeout: uploadWithin}
}

// uploaded frees the place of a body beyond BodyLimit.
func (s *Site) uploaded(c *fiber.Ctx) {
	if c.Path() == UploadPath && len(c.Request().Body()) > BodyLimit {
		s.uploads.end(c.Cookies(SessionCookie))
	}
}

// takesFile reports whether a request is one that brings a file where one is taken.
func takesFile(c *fiber.Ctx) bool {
	kind, _, _ := strings.Cut(string(c.Request().Header.ContentType()), ";")
	return c.Method() == fiber.MethodPost && c.Path() == UploadPath && strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEMultipartForm)
}

// Upload is a form that brought a file.
type Upload struct {
	File []byte // empty: none was chosen
	// Values are its other fields.
	Values map[string]string
}

type uploadKey struct{}

// UploadOf returns the form that a request brought to UploadPath, one without fields where
// it brought no multipart form. It was read when its token was checked.
func UploadOf(c *fiber.Ctx) *Upload {
	if up, ok := c.Locals(uploadKey{}).(*Upload); ok {
		return up
	}
	return &Upload{}
}

// readUpload reads a multipart form from its body, which is in memory and bounded, and
// keeps it in the request. Malformed: it is none, or has more parts than any of ours.
func readUpload(c *fiber.Ctx) (*Upload, error) {
	wrong := survey.Errorf(survey.Malformed, "the form can't be read")
	_, params, err := mime.ParseMediaType(string(c.Request().Header.ContentType()))
	if err != nil || params["boundary"] == "" {
		return nil, wrong
	}
	out := &Upload{Values: map[string]string{}}
	r := multipart.NewReader(bytes.NewReader(c.Request().Body()), params["boundary"])
	for range mostParts {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			c.Locals(uploadKey{}, out)
			return out, nil
		}
		if err != nil {
			return nil, wrong
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, wrong
		}
		if part.FileName() != "" || part.FormName() == "berkas" {
			out.File = data
		} else {
			out.Values[part.FormName()] = string(data)
		}
	}
	return nil, wrong
}

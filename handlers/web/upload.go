package web

import (
	"bytes"
	"context"
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

// FileForm is an address that takes a form with a file, by POST, of signed-in people. The area
// that it belongs to declares it; everything else keeps to BodyLimit.
type FileForm struct {
	Route    string        // as the area registers it
	Limit    int           // the largest body, in bytes
	Needs    access.Action // that who sends it must be allowed to do
	TooLarge string        // key of the error page that tells of a body beyond Limit
	Demo     bool          // a demonstration takes files as well
}

const (
	// uploadWithin is how long a body beyond BodyLimit may take to arrive: the largest one by
	// a line of 600 kbit a second.
	uploadWithin = 2 * time.Minute
	// mostUploads is how many of these there may be at once: what memory they take is
	// bounded, whoever sends them. A session has one, and of the larger ones there are fewer.
	mostUploads      = 4
	mostLargeUploads = 2
	largeUpload      = 4 << 20 // bytes
	// mostParts bounds the parts of such a form.
	mostParts = 16
)

// fileForm returns what an address takes; false where it takes no file. An address that is
// written otherwise, in capitals perhaps, takes none.
func (s *Site) fileForm(path string) (FileForm, bool) {
	exactly := fiber.Config{CaseSensitive: true, StrictRouting: true}
	for _, f := range s.FileForms {
		if fiber.RoutePatternMatch(path, f.Route, exactly) {
			return f, true
		}
	}
	return FileForm{}, false
}

// uploads are the places of bodies beyond BodyLimit. One is given away before the body is
// read, and is free again when its request was answered, or when its time is up.
type uploads struct {
	now func() time.Time

	mu    sync.Mutex
	until map[string]uploadPlace // by the session's token
}

type uploadPlace struct {
	until time.Time
	large bool // beyond largeUpload
}

// begin gives a session a place. It is refused where it has one, and where none is free.
func (u *uploads) begin(session string, large bool) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	others := 0
	for token, p := range u.until {
		if !now.Before(p.until) {
			delete(u.until, token)
		} else if p.large {
			others++
		}
	}
	if _, has := u.until[session]; has || len(u.until) >= mostUploads || large && others >= mostLargeUploads {
		return false
	}
	// The server counts its own time from a moment later on.
	u.until[session] = uploadPlace{now.Add(uploadWithin + 5*time.Second), large}
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
	if !h.IsPost() || h.ContentLength() <= BodyLimit {
		return fasthttp.RequestConfig{}
	}
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	form, ok := s.fileForm(path)
	if !ok || h.ContentLength() > form.Limit || !form.Demo && s.Directories.Directory().City().Demo {
		return fasthttp.RequestConfig{}
	}
	token := string(h.Cookie(SessionCookie))
	if !access.IsToken(token) {
		return fasthttp.RequestConfig{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), ReadWithin)
	defer cancel()
	who, err := s.People.Watch(ctx, token)
	if err != nil || !access.Somewhere(who, form.Needs) || !s.uploads.begin(token, h.ContentLength() > largeUpload) {
		return fasthttp.RequestConfig{} // the route tells why, or Refuse does
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: form.Limit, ReadTimeout: uploadWithin}
}

// uploaded frees the place of a body beyond BodyLimit.
func (s *Site) uploaded(c *fiber.Ctx) {
	if len(c.Request().Body()) <= BodyLimit {
		return
	}
	if _, ok := s.fileForm(c.Path()); ok {
		s.uploads.end(c.Cookies(SessionCookie))
	}
}

// takesFile reports whether a request is one that brings a file where one is taken.
func (s *Site) takesFile(c *fiber.Ctx) bool {
	kind, _, _ := strings.Cut(string(c.Request().Header.ContentType()), ";")
	if c.Method() != fiber.MethodPost || !strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEMultipartForm) {
		return false
	}
	_, ok := s.fileForm(c.Path())
	return ok
}

// Upload is a form that brought a file.
type Upload struct {
	File []byte // empty: none was chosen
	Name string // of the file, as the browser tells it
	// Values are its other fields.
	Values map[string]string
}

type uploadKey struct{}

// UploadOf returns the form that a request brought to an address that takes a file, one without fields where
// it brought no multipart form. It was read when its token was checked.
func UploadOf(c *fiber.Ctx) *Upload {
	if up, ok := c.Locals(uploadKey{}).(*Upload); ok {
		return up
	}
	return &Upload{}
}

// readUpload reads a multipart form from its body, which is in memory and bounded, and
// keeps it in the request. Malformed: it is none, or has more parts, or more files than one.
func readUpload(c *fiber.Ctx) (*Upload, error) {
	wrong := survey.Errorf(survey.Malformed, "the form can't be read")
	_, params, err := mime.ParseMediaType(string(c.Request().Header.ContentType()))
	if err != nil || params["boundary"] == "" {
		return nil, wrong
	}
	out := &Upload{Values: map[string]string{}}
	r := multipart.NewReader(bytes.NewReader(c.Request().Body()), params["boundary"])
	files := 0
	for range mostParts {
		part, err := r.NextRawPart()
		if err == io.EOF { // within another error it is an end before that of the form
			c.Locals(uploadKey{}, out)
			return out, nil
		}
		if err != nil {
			return nil, wrong
		}
		var data bytes.Buffer
		isFile := part.FileName() != "" || part.FormName() == "berkas"
		if isFile {
			if files++; files > 1 { // each would take as much memory as the whole body
				return nil, wrong
			}
			data.Grow(len(c.Request().Body()) + bytes.MinRead) // once: a buffer that grows takes twice of it
		}
		if _, err := data.ReadFrom(part); err != nil {
			return nil, wrong
		}
		if isFile {
			out.File, out.Name = data.Bytes(), part.FileName()
		} else {
			out.Values[part.FormName()] = data.String()
		}
	}
	return nil, wrong
}

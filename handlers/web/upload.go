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

// UploadPath is one of the two addresses that take a file, by POST: an LKE workbook. The other
// is the evidence of a unit, UnitPrefix, its code and EvidenceEnd.
const (
	UploadPath  = "/lke/unggah"
	UnitPrefix  = "/lke/"
	EvidenceEnd = "/eviden"
)

// UploadLimit is the largest body that UploadPath takes, in bytes, of a signed-in person
// who may fill in the LKE; everything else keeps to BodyLimit. A workbook of 59 units has
// some 390 KB.
const UploadLimit = 4 << 20

// EvidenceLimit is likewise the largest body of a form with evidence, of somebody who may add
// it: its file, and the other fields.
const EvidenceLimit = 8<<20 + BodyLimit

const (
	// uploadWithin is how long a body beyond BodyLimit may take to arrive: the largest one by
	// a line of 600 kbit a second.
	uploadWithin = 2 * time.Minute
	// mostUploads is how many of these there may be at once: what memory they take is
	// bounded, whoever sends them. A session has one, and of the larger ones there are fewer.
	mostUploads  = 4
	mostEvidence = 2
	// mostParts bounds the parts of such a form.
	mostParts = 16
)

// uploadTo returns how large a body an address takes, and what who sends it must be allowed to
// do; 0 where it takes no file.
func uploadTo(path string) (limit int, needs access.Action) {
	if path == UploadPath {
		return UploadLimit, access.WriteLKE
	}
	unit, ok := strings.CutPrefix(path, UnitPrefix)
	if unit, end := strings.CutSuffix(unit, EvidenceEnd); ok && end && unit != "" && !strings.Contains(unit, "/") {
		return EvidenceLimit, access.WriteEvidence
	}
	return 0, ""
}

// takesFiles reports whether an address takes files.
func takesFiles(path string) bool {
	limit, _ := uploadTo(path)
	return limit > 0
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
	large bool // beyond UploadLimit
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
	if _, has := u.until[session]; has || len(u.until) >= mostUploads || large && others >= mostEvidence {
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
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	limit, needs := uploadTo(path)
	if !h.IsPost() || h.ContentLength() <= BodyLimit || h.ContentLength() > limit {
		return fasthttp.RequestConfig{}
	}
	if needs == access.WriteEvidence && s.Directories.Directory().City().Demo { // which takes links alone
		return fasthttp.RequestConfig{}
	}
	token := string(h.Cookie(SessionCookie))
	if !access.IsToken(token) {
		return fasthttp.RequestConfig{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), ReadWithin)
	defer cancel()
	who, err := s.People.Watch(ctx, token)
	if err != nil || !access.Somewhere(who, needs) || !s.uploads.begin(token, h.ContentLength() > UploadLimit) {
		return fasthttp.RequestConfig{} // the route tells why, or Refuse does
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: limit, ReadTimeout: uploadWithin}
}

// uploaded frees the place of a body beyond BodyLimit.
func (s *Site) uploaded(c *fiber.Ctx) {
	if takesFiles(c.Path()) && len(c.Request().Body()) > BodyLimit {
		s.uploads.end(c.Cookies(SessionCookie))
	}
}

// takesFile reports whether a request is one that brings a file where one is taken.
func takesFile(c *fiber.Ctx) bool {
	kind, _, _ := strings.Cut(string(c.Request().Header.ContentType()), ";")
	return takesFiles(c.Path()) && c.Method() == fiber.MethodPost && strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEMultipartForm)
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
		if errors.Is(err, io.EOF) {
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

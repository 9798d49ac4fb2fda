package web

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// guard refuses, before any handler, what no handler may see: a request that
// two programs could read differently, a form of another site, and a body that
// is not plainly the kind that is read here.
func (s *Site) guard(c *fiber.Ctx) error {
	if !readableOneWay(c) {
		c.Context().SetConnectionClose() // what follows may be the rest of a forged request
		return survey.Errorf(survey.Malformed, "the request names no host, another one, or its length twice")
	}
	s.Peers.watch(c)
	if !safe(c.Method()) && s.foreign(c) {
		return survey.Errorf(survey.Forbidden, "another site sent this")
	}
	defer s.uploaded(c)
	if len(c.Request().Body()) > 0 {
		if err := s.checkBody(c); err != nil {
			c.Request().ResetBody() // the page that says so must not read it either
			return err
		}
	}
	return c.Next()
}

func safe(method string) bool {
	return method == fiber.MethodGet || method == fiber.MethodHead || method == fiber.MethodOptions
}

// readableOneWay reports whether every program on the way reads the same
// request. fasthttp itself refuses a header of these that is there twice.
func readableOneWay(c *fiber.Ctx) bool {
	h := &c.Request().Header
	host := h.Host()
	if len(host) == 0 && !h.IsHTTP11() && forWatchers(c.Path()) {
		return true // load balancers ask so
	}
	// An address in the first line that names another host wins over the header.
	if !validHost(host) || !bytes.EqualFold(host, c.Request().URI().Host()) {
		return false
	}
	length, encoding := false, false
	for line := range bytes.Lines(h.RawHeaders()) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch len(name) {
		case len(fiber.HeaderContentLength):
			length = length || strings.EqualFold(string(name), fiber.HeaderContentLength)
		case len(fiber.HeaderTransferEncoding):
			encoding = encoding || strings.EqualFold(string(name), fiber.HeaderTransferEncoding)
		}
	}
	return !length || !encoding
}

// forWatchers reports whether an address is for programs that watch the service.
func forWatchers(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == "/metrics"
}

// foreign reports whether a browser says that another site made it send the
// request. Programs say nothing, and a page without an origin says null.
func (s *Site) foreign(c *fiber.Ctx) bool {
	h := &c.Request().Header
	for _, v := range h.PeekAll("Sec-Fetch-Site") {
		if strings.EqualFold(string(v), "cross-site") {
			return true
		}
	}
	for _, v := range h.PeekAll(fiber.HeaderOrigin) {
		if len(v) > 0 && string(v) != "null" && !s.own(string(v), s.Peers.host(c)) {
			return true
		}
	}
	return false
}

// own reports whether an origin is this service's: the address that the client
// used, or the one that the symbols hold.
func (s *Site) own(origin, host string) bool {
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return false
	}
	public, err := url.Parse(s.PublicURL)
	return sameHost(from, host) || err == nil && public.Host != "" && sameHost(from, public.Host)
}

// sameHost compares without the port that a browser leaves out.
func sameHost(origin *url.URL, host string) bool {
	port := map[string]string{"http": ":80", "https": ":443"}[origin.Scheme]
	return strings.EqualFold(strings.TrimSuffix(origin.Host, port), strings.TrimSuffix(host, port))
}

// maxParameters bounds what a form holds: far more than any of ours has, and
// each costs more memory than it takes in the body.
const maxParameters = 300

// checkBody refuses a body that is packed (it may grow without a limit), and of
// another kind than the address takes: JSON under /api, elsewhere a form, and one with a
// file where one is taken alone.
func (s *Site) checkBody(c *fiber.Ctx) error {
	h := &c.Request().Header
	for _, line := range h.PeekAll(fiber.HeaderContentEncoding) {
		for coding := range strings.SplitSeq(string(line), ",") {
			if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
				return survey.Errorf(survey.Unsupported, "send the body without Content-Encoding")
			}
		}
	}
	kind, _, _ := strings.Cut(string(h.ContentType()), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case underAPI(c):
		if kind != fiber.MIMEApplicationJSON {
			return survey.Errorf(survey.Unsupported, "send the body as application/json")
		}
	case s.takesFile(c):
	case kind != fiber.MIMEApplicationForm:
		return survey.Errorf(survey.Unsupported, "send the form as application/x-www-form-urlencoded")
	case bytes.Count(c.Request().Body(), []byte("&")) >= maxParameters:
		return survey.Errorf(survey.Malformed, "the form has too many fields")
	}
	return nil
}

// underAPI reports whether a request is for programs. Routes don't tell case
// apart.
func underAPI(c *fiber.Ctx) bool {
	const prefix = "/api/"
	path := c.Path()
	return len(path) >= len(prefix) && strings.EqualFold(path[:len(prefix)], prefix)
}

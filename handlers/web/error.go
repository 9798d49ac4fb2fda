package web

import (
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// Status returns the HTTP status of an error's code: the one table of these.
func Status(code survey.Code) int {
	switch code {
	case survey.Invalid:
		return fiber.StatusUnprocessableEntity
	case survey.Malformed:
		return fiber.StatusBadRequest
	case survey.NotFound:
		return fiber.StatusNotFound
	case survey.Closed:
		return fiber.StatusGone
	case survey.Conflict, survey.NotConfigured:
		return fiber.StatusConflict
	case survey.VersionRequired:
		return fiber.StatusPreconditionRequired
	case survey.TooSlow:
		return fiber.StatusRequestTimeout
	case survey.TooLarge:
		return fiber.StatusRequestEntityTooLarge
	case survey.Unsupported:
		return fiber.StatusUnsupportedMediaType
	case survey.RateLimited:
		return fiber.StatusTooManyRequests
	case survey.Unavailable:
		return fiber.StatusServiceUnavailable
	case survey.Unauthorized:
		return fiber.StatusUnauthorized
	case survey.Forbidden:
		return fiber.StatusForbidden
	default:
		return fiber.StatusInternalServerError
	}
}

// problem is a body of application/problem+json (RFC 9457).
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   survey.Code    `json:"code"`
	Detail string         `json:"detail,omitempty"`
	Errors []survey.Fault `json:"errors,omitempty"`
}

// Refuse answers what no handler has seen: a request that is too large, too
// slow or no HTTP. Nothing stands above it, so it must not panic.
func (s *Site) Refuse(c *fiber.Ctx, err error) (failed error) {
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("an error page panicked", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			failed = c.SendStatus(fiber.StatusInternalServerError)
		}
	}()
	// Of a body in chunks that grew too large not even the address is left;
	// no browser sends a form so, and no page at / takes a body.
	if errors.Is(err, fiber.ErrRequestEntityTooLarge) && c.Path() == "/" {
		return sendProblem(c, s.known(err))
	}
	return s.Fail(c, err)
}

// Fail is where every error ends: logged once if it is ours, told as a problem
// document under /api and as a page elsewhere, never with a cause.
func (s *Site) Fail(c *fiber.Ctx, err error) error {
	e := s.known(err)
	code := Status(e.Code)
	switch e.Code {
	case survey.Internal:
		s.Log.Error("request failed", "method", c.Method(), "route", c.Route().Path, "status", code, "error", err)
	case survey.Unavailable:
		s.LogTrouble(c, err)
	}
	SetRetryAfter(c, e)
	if e.Code == survey.Unauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="persepsi"`)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if underAPI(c) {
		return sendProblem(c, e)
	}
	return s.errorPage(c, code, e)
}

func sendProblem(c *fiber.Ctx, e *survey.Error) error {
	code := Status(e.Code)
	c.Status(code)
	if err := c.JSON(problem{Type: "about:blank", Title: e.Message, Status: code, Code: e.Code, Errors: e.Faults}); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json; charset=utf-8")
	return nil
}

// LogTrouble logs that the service can't take answers for now: once a second
// at most, because then every request fails alike.
func (s *Site) LogTrouble(c *fiber.Ctx, err error) {
	s.trouble.Do(func() { s.Log.Error("the service is troubled", "route", c.Route().Path, "error", err) })
}

// SetRetryAfter tells in whole seconds when to try again.
func SetRetryAfter(c *fiber.Ctx, e *survey.Error) {
	if e.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
}

// known turns any error into one that is safe to show.
func (s *Site) known(err error) *survey.Error {
	var e *survey.Error
	if errors.As(err, &e) {
		return e
	}
	var f *fiber.Error
	if errors.As(err, &f) {
		switch f.Code {
		case fiber.StatusNotFound:
			return survey.Errorf(survey.NotFound, "there is no such page")
		case fiber.StatusMethodNotAllowed:
			return survey.Errorf(survey.NotFound, "this address does not take that method")
		case fiber.StatusRequestEntityTooLarge:
			return survey.Errorf(survey.TooLarge, "the body is larger than 64 KiB")
		case fiber.StatusRequestHeaderFieldsTooLarge:
			return survey.Errorf(survey.TooLarge, "the address and headers are larger than 8 KiB")
		case fiber.StatusRequestTimeout:
			return survey.Errorf(survey.TooSlow, "the request took too long to arrive")
		case fiber.StatusBadGateway: // Fiber's word for a client that broke off
			return survey.Errorf(survey.Malformed, "the request did not arrive whole")
		case fiber.StatusBadRequest:
			return survey.Errorf(survey.Malformed, "the request cannot be read")
		}
	}
	return &survey.Error{Code: survey.Internal, Message: "something went wrong on our side", Cause: err}
}

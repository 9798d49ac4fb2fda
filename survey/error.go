package survey

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code says what kind of thing went wrong; it is stable and part of the public
// contract (the `code` of a problem document).
type Code string

// The kinds of errors. Every error that reaches a person has one of them; an
// error that carries none is Internal.
const (
	Invalid      Code = "invalid"           // the input breaks a rule; Faults names each place
	Malformed    Code = "malformed"         // the input cannot be read at all
	NotFound     Code = "not_found"         // no such point, unit, period …
	Closed       Code = "closed"            // the point, or every period at it, is closed or not open yet
	Conflict     Code = "conflict"          // the same id with other content, or a newer version is stored
	TooLarge     Code = "too_large"         // the body or file is over its limit
	TooSlow      Code = "too_slow"          // the request took too long to arrive
	Unsupported  Code = "unsupported_media" // a content type that is not read here
	RateLimited  Code = "rate_limited"      // too many requests of one device or point
	Unavailable  Code = "unavailable"       // the store cannot be reached or is full; try again later
	Unauthorized Code = "unauthorized"      // no key, or one that is not known
	Forbidden    Code = "forbidden"         // the key's role does not allow it
	// VersionRequired: a change must name the version that it changes.
	VersionRequired Code = "version_required"
	// NotConfigured: whoever runs the service has to set something first.
	NotConfigured Code = "not_configured"
	Internal      Code = "internal" // our fault
)

// Fault names one broken rule at one place of an input.
type Fault struct {
	// Field is the path of the place: `answers.prosedur`, `periods[0].to`,
	// `baris 7, kolom prosedur`.
	Field string `json:"field"`
	// Code is the rule, stable, a key of the message catalogues:
	// `required`, `out_of_scale`, `unknown_question` …
	Code string `json:"code"`
	// Message says it in English, for logs, files and API clients.
	Message string `json:"message"`
	// Args are the numbers and names that a catalogue's text needs (limits,
	// allowed values). They never hold what the citizen wrote.
	Args map[string]any `json:"-"`
}

// Error is the one error type that may reach a person. Message is safe to
// show; Cause is for the log only.
type Error struct {
	Code       Code
	Message    string
	Faults     []Fault
	RetryAfter time.Duration // with Unavailable and RateLimited: when to try again
	Cause      error
}

// Error returns the message, every fault and the cause: for logs and terminals.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Faults {
		fmt.Fprintf(&b, "\n  %s: %s", f.Field, f.Message)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap returns the hidden cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an error of one kind with a message that is safe to show.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// ChangedMeanwhile is the Conflict of one who would replace what is no longer what they read.
func ChangedMeanwhile(what string) *Error {
	return Errorf(Conflict, "%s was changed by somebody else at the same time; look again", what)
}

// Faulty makes an Invalid error out of faults, nil when there are none.
func Faulty(message string, faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: message, Faults: faults}
}

// CodeOf returns the kind of an error: Internal for one that carries none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

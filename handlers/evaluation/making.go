package evaluation

import (
	"bytes"
	"context"
	"io"
	"mime"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

const (
	// mostMaking is how many files wait for their turn or are made. One at a time is: that of
	// a city takes one core some seconds, and answers come in meanwhile.
	mostMaking = 8
	// makeWithin is how long a file may wait for its turn.
	makeWithin = 20 * time.Second
)

// making is where files are made that take a while, one at a time.
type making struct{ places, turn chan struct{} }

func newMaking() *making {
	return &making{make(chan struct{}, mostMaking), make(chan struct{}, 1)}
}

// busy tells to come again.
func busy() error {
	return &survey.Error{Code: survey.Unavailable, Message: "too many files are being made; try again in a moment", RetryAfter: 10 * time.Second} //nolint:mnd // about what some of them take
}

// do runs fn in its turn. Unavailable: too many wait, or it waited too long.
func (m *making) do(ctx context.Context, fn func() error) error {
	select {
	case m.places <- struct{}{}:
	default:
		return busy()
	}
	defer func() { <-m.places }()
	ctx, cancel := context.WithTimeout(ctx, makeWithin)
	defer cancel()
	select {
	case m.turn <- struct{}{}:
	case <-ctx.Done():
		return busy()
	}
	defer func() { <-m.turn }()
	return fn()
}

// send makes a file in its turn and sends it to be saved; nobody keeps it.
func (s *sheets) send(c *fiber.Ctx, name, kind string, write func(context.Context, io.Writer) error) error {
	var out bytes.Buffer
	if c.Method() != fiber.MethodHead { // nobody gets it then
		if err := s.making.do(c.UserContext(), func() error { return write(c.UserContext(), &out) }); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Send(out.Bytes())
}

package web

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// TempPrefix begins the names of files that are made to be sent.
const TempPrefix = "sent-"

// FileQueue makes large files for who asks, one at a time, each on the disk before its first
// byte is sent: whoever reads it on a slow line holds a place and no memory.
type FileQueue struct {
	temp         string
	places, turn chan struct{} // semaphores: places of all that is made or sent, turn of what is made
	within       time.Duration
}

// NewFileQueue returns a queue of so many files that may be made or being sent at once. within
// is how long one may wait for its turn and be made.
func (s *Site) NewFileQueue(most int, within time.Duration) *FileQueue {
	return &FileQueue{s.Temp, make(chan struct{}, most), make(chan struct{}, 1), within}
}

// tooMany tells to come again.
func tooMany() error {
	return &survey.Error{Code: survey.Unavailable, Message: "too many files are being made or sent; try again in a moment", RetryAfter: 10 * time.Second} //nolint:mnd // about what some of them take
}

// Make makes a file in its turn. It is gone, and its place free, when what is returned is
// closed. Unavailable: too many are made or sent, or it waited too long.
func (q *FileQueue) Make(ctx context.Context, write func(context.Context, io.Writer) error) (file io.ReadCloser, size int64, err error) {
	select {
	case q.places <- struct{}{}:
	default:
		return nil, 0, tooMany()
	}
	out := &tempFile{done: func() { <-q.places }}
	defer func() {
		if err != nil {
			_ = out.Close()
		}
	}()
	if err := out.create(q.temp); err != nil {
		return nil, 0, err
	}
	if err := q.inTurn(ctx, func(ctx context.Context) error { return write(ctx, out) }); err != nil {
		return nil, 0, err
	}
	if size, err = out.Seek(0, io.SeekCurrent); err != nil {
		return nil, 0, err
	}
	_, err = out.Seek(0, io.SeekStart)
	return out, size, err
}

// Do runs what takes as long as a file and makes none, in its turn. Unavailable: likewise.
func (q *FileQueue) Do(ctx context.Context, fn func(context.Context) error) error {
	select {
	case q.places <- struct{}{}:
	default:
		return tooMany()
	}
	defer func() { <-q.places }()
	return q.inTurn(ctx, fn)
}

// inTurn waits for the turn and runs what makes a file.
func (q *FileQueue) inTurn(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, q.within)
	defer cancel()
	select {
	case q.turn <- struct{}{}:
	case <-ctx.Done():
		return tooMany()
	}
	defer func() { <-q.turn }()
	return write(ctx)
}

// Send makes a file and sends it to be saved. Who asks for its headers alone gets them, and
// nothing is made.
func (q *FileQueue) Send(c *fiber.Ctx, name, kind string, write func(context.Context, io.Writer) error) error {
	Attach(c, name, kind)
	if c.Method() == fiber.MethodHead {
		return nil
	}
	file, size, err := q.Make(c.UserContext(), write)
	if err != nil {
		c.Response().Header.Del(fiber.HeaderContentDisposition)
		return err
	}
	return SendFile(c, file, size)
}

// tempFile is a file that only its owner may read and that is gone when it is closed, or when
// the process ends: it may hold rows of answers.
type tempFile struct {
	*os.File
	named bool // its name is there until it is closed: not every system lets it go before
	done  func()
}

// create makes the file in a directory; empty: where the system keeps such.
func (f *tempFile) create(dir string) (err error) {
	if f.File, err = os.CreateTemp(dir, TempPrefix+"*"); err != nil {
		return err
	}
	f.named = os.Remove(f.Name()) != nil
	return nil
}

// Close removes the file and frees its place.
func (f *tempFile) Close() (err error) {
	defer f.done()
	if f.File == nil {
		return nil
	}
	err = f.File.Close()
	if f.named {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

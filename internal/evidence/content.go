package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"persepsi/survey"
)

// Content is a file that is read piece by piece. Whoever read it to the end without an error
// has the bytes that its checksum was made of.
type Content struct {
	File
	ctx       context.Context //nolint:containedctx // a reader has no other way to be told
	from      Source
	next      int
	remaining int64
	rest      []byte
	sum       hash.Hash
}

// Open returns the file of an entry; the caller looks whether it HasFile. Its first piece is
// read at once: NotFound, it is gone.
func Open(ctx context.Context, from Source, e *Entry) (*Content, error) {
	if e.File == nil {
		return nil, errGone
	}
	out := &Content{File: *e.File, ctx: ctx, from: from, remaining: e.File.Bytes, sum: sha256.New()}
	return out, out.fetch()
}

var (
	errGone  = survey.Errorf(survey.NotFound, "the file is not there any more")
	errOther = errors.New("a file of evidence is not what its checksum tells")
)

func (c *Content) fetch() error {
	var err error
	if c.rest, err = c.from.Piece(c.ctx, c.ID, c.next); err != nil {
		return err
	}
	if len(c.rest) == 0 || int64(len(c.rest)) > c.remaining {
		return errOther
	}
	c.next++
	c.remaining -= int64(len(c.rest))
	c.sum.Write(c.rest)
	return nil
}

// Read reads on. Before it tells of the end, it compares the checksum.
func (c *Content) Read(to []byte) (int, error) {
	if len(c.rest) == 0 && c.remaining > 0 {
		if err := c.fetch(); err != nil {
			return 0, err
		}
	}
	// The last bytes are withheld where they are not what they should be.
	if c.remaining == 0 && hex.EncodeToString(c.sum.Sum(nil)) != c.SHA256 {
		return 0, errOther
	}
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(to, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Close ends the reading.
func (c *Content) Close() error { return nil }

package web

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Spliced is a page that is rendered and compressed once for many people, who each get
// a part of their own in it. A gzip body is a header, one deflate stream and
// a checksum, and a deflate stream is a row of blocks: what stands before and
// after the part is compressed beforehand, each ending on a whole byte, and the part
// goes between them as a stored block (RFC 1951, 1952). It is one stream, not
// several gzip members: browsers read only the first member. It is never changed.
type Spliced struct {
	prefix []byte // the header, the blocks before the part
	sum    uint32 // checksum of the plain text before the part
	after  []byte // plain text after the part, short: the part stands near the end
	suffix []byte // the blocks after the part, the last one
	size   int    // of the plain text but for the part
}

const (
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	lastBlock  = "\x01\x00\x00\xff\xff" // stored, empty, final
	storedHead = 5                      // bytes before a stored block
	storedMost = 1<<16 - 1
)

// Splice prepares a page of what stands before and after a part, compressed at a level of
// compress/flate. length is that of the part in bytes where it is always the same, so that
// what follows is compressed better; else 0.
func Splice(before, after []byte, length, level int) (*Spliced, error) {
	p := &Spliced{sum: crc32.ChecksumIEEE(before), after: bytes.Clone(after), size: len(before) + len(after)}
	head, err := deflated(before, nil, level)
	if err != nil {
		return nil, err
	}
	p.prefix = append([]byte(gzipHeader), head...)
	// What follows may refer back to what stands before where it is known how far that
	// is, but not to the part: zeros stand for it, which no page holds.
	var history []byte
	if length > 0 {
		history = append(bytes.Clone(before), make([]byte, length)...)
	}
	if p.suffix, err = deflated(after, history, level); err != nil {
		return nil, err
	}
	p.suffix = append(p.suffix, lastBlock...)
	return p, nil
}

// deflated compresses a text that follows another one into whole bytes.
func deflated(plain, history []byte, level int) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriterDict(&out, level, history)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil, fmt.Errorf("compress a page: %w", err)
	}
	return out.Bytes(), nil
}

// Size returns what it takes in memory, in bytes.
func (p *Spliced) Size() int { return len(p.prefix) + len(p.suffix) + len(p.after) }

// fill makes the page with a part the body of a reply, as one gzip stream. It is
// put together in the memory that the server keeps for replies: whoever opens a
// page makes no garbage.
func (p *Spliced) fill(r *fasthttp.Response, part []byte) {
	r.SetBody(p.prefix)
	n := uint16(len(part))
	r.AppendBody([]byte{0, byte(n), byte(n >> 8), byte(^n), byte(^n >> 8)}) // stored, not final; its length, then the complement
	r.AppendBody(part)
	// Of the reply's own memory: what is handed to crc32 is garbage afterwards.
	sum := crc32.Update(p.sum, crc32.IEEETable, r.Body()[len(p.prefix)+storedHead:])
	sum = crc32.Update(sum, crc32.IEEETable, p.after)
	r.AppendBody(p.suffix)
	var end [8]byte
	binary.LittleEndian.PutUint32(end[:], sum)
	binary.LittleEndian.PutUint32(end[4:], uint32(p.size+len(part)))
	r.AppendBody(end[:])
}

// Send sends the page with a part of at most 65,535 bytes.
func (p *Spliced) Send(c *fiber.Ctx, part []byte) error {
	if len(part) > storedMost {
		return fmt.Errorf("a page's part of %d bytes fits into no block", len(part))
	}
	p.fill(c.Response(), part)
	if TakesGzip(c) {
		Varied(c, true)
		return nil
	}
	zipped, err := gzip.NewReader(bytes.NewReader(c.Response().Body()))
	if err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	plain, err := io.ReadAll(zipped)
	if err != nil {
		return fmt.Errorf("read a page: %w", err)
	}
	return Send(c, plain, false)
}

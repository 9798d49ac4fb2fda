package web

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// SplicedPage is a page that is rendered and compressed once for many people, who each get
// a part of their own in it. A gzip body is a header, one deflate stream and
// a checksum, and a deflate stream is a row of blocks: what stands before and
// after the part is compressed beforehand, each ending on a whole byte, and the part
// goes between them as a stored block (RFC 1951, 1952). It is one stream, not
// several gzip members: browsers read only the first member. It is never changed.
type SplicedPage struct {
	prefix []byte    // the header, the blocks before the part
	sum    uint32    // checksum of the plain text before the part
	suffix []byte    // the blocks after the part, the last one
	after  crcSuffix // the plain text after the part
	size   int       // of the plain text but for the part
}

const (
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	lastBlock  = "\x01\x00\x00\xff\xff" // stored, empty, final
	storedHead = 5                      // bytes before a stored block
	storedMost = 1<<16 - 1
)

// deflaters are compressors to be used again, by level: each is a megabyte of tables, and
// of a desk's pages some are made each second.
var deflaters [flate.BestCompression + 1]sync.Pool

// target is a writer that a compressor writes to, exchanged between parts.
type target struct{ io.Writer }

// Splice prepares a page of what stands before and after a part, compressed at a level of
// compress/flate from BestSpeed to BestCompression. length is that of the part in bytes where
// it is always the same, so that what follows is compressed better; else 0.
func Splice(before, after []byte, length, level int) (*SplicedPage, error) {
	to := &target{}
	w, ok := deflaters[level].Get().(*flate.Writer)
	if ok {
		w.Reset(to)
	} else {
		var err error
		if w, err = flate.NewWriter(to, level); err != nil {
			return nil, fmt.Errorf("compress a page: %w", err)
		}
	}
	defer deflaters[level].Put(w)
	var head, tail bytes.Buffer
	head.WriteString(gzipHeader)
	err := to.whole(w, &head, before)
	// What follows may refer back to what stands before where it is known how far that
	// is, but not to the part: zeros stand for it, which no page holds.
	if length == 0 {
		w.Reset(to)
	} else if err == nil {
		err = to.whole(w, io.Discard, make([]byte, length))
	}
	if err == nil {
		err = to.whole(w, &tail, after)
	}
	if err != nil {
		return nil, fmt.Errorf("compress a page: %w", err)
	}
	tail.WriteString(lastBlock)
	return &SplicedPage{
		prefix: bytes.Clone(head.Bytes()), sum: crc32.ChecksumIEEE(before), suffix: bytes.Clone(tail.Bytes()), after: newCRCSuffix(after),
		size: len(before) + len(after),
	}, nil
}

// whole compresses a text into whole bytes of a writer.
func (t *target) whole(w *flate.Writer, to io.Writer, plain []byte) error {
	t.Writer = to
	if _, err := w.Write(plain); err != nil {
		return err
	}
	return w.Flush()
}

// Size returns what it takes in memory, in bytes.
func (p *SplicedPage) Size() int { return len(p.prefix) + len(p.suffix) }

// fill makes the page with a part the body of a reply, as one gzip stream. It is
// put together in the memory that the server keeps for replies: whoever opens a
// page makes no garbage.
func (p *SplicedPage) fill(r *fasthttp.Response, part []byte) {
	r.SetBody(p.prefix)
	n := uint16(len(part))
	r.AppendBody([]byte{0, byte(n), byte(n >> 8), byte(^n), byte(^n >> 8)}) // stored, not final; its length, then the complement
	r.AppendBody(part)
	// Of the reply's own memory: what is handed to crc32 is garbage afterwards.
	sum := crc32.Update(p.sum, crc32.IEEETable, r.Body()[len(p.prefix)+storedHead:])
	r.AppendBody(p.suffix)
	var end [8]byte
	binary.LittleEndian.PutUint32(end[:], p.after.to(sum))
	binary.LittleEndian.PutUint32(end[4:], uint32(p.size+len(part)))
	r.AppendBody(end[:])
}

// Send sends the page with a part of at most 65,535 bytes.
func (p *SplicedPage) Send(c *fiber.Ctx, part []byte) error {
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

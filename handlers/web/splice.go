package web

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// A reply that is mostly the same for everybody is compressed once, in pieces,
// and put together for each request: a gzip body is a header, one deflate stream
// and a checksum, and a deflate stream is a row of blocks. A piece that ends with
// a flush ends on a byte, so pieces can follow each other, and what differs from
// reply to reply goes between them as a stored block (RFC 1951, 1952). One
// stream, not several gzip members: browsers read only the first member.

// Piece is a part of a reply as deflate blocks, with what the checksum of the
// whole needs to know of the plain text.
type Piece struct {
	deflated []byte
	crc      uint32
	shift    crcShift
	size     uint32
}

// squeezers are compressors without a history, by level, to be used again:
// each is a megabyte of tables.
var squeezers [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool

// NewPiece compresses a part at a level of compress/flate. history is what stands
// before it in every reply, so that it can be referred to; blank bytes stand
// there for what differs.
func NewPiece(plain, history []byte, level int) (Piece, error) {
	var out bytes.Buffer
	var w *flate.Writer
	pool := &squeezers[level-flate.HuffmanOnly]
	if len(history) == 0 {
		w, _ = pool.Get().(*flate.Writer)
	}
	if w != nil {
		w.Reset(&out)
	} else {
		var err error
		if w, err = flate.NewWriterDict(&out, level, history); err != nil {
			return Piece{}, fmt.Errorf("compress a part of a reply: %w", err)
		}
	}
	_, err := w.Write(plain)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return Piece{}, fmt.Errorf("compress a part of a reply: %w", err)
	}
	if len(history) == 0 {
		pool.Put(w)
	}
	return Piece{bytes.Clone(out.Bytes()), crc32.ChecksumIEEE(plain), newCRCShift(len(plain)), uint32(len(plain))}, nil
}

// Join makes one piece of several that follow each other.
func Join(pieces []Piece) Piece {
	size, out := 0, Piece{}
	for _, p := range pieces {
		size += len(p.deflated)
	}
	out.deflated = make([]byte, 0, size)
	for _, p := range pieces {
		out.deflated = append(out.deflated, p.deflated...)
		out.crc = p.shift.over(out.crc) ^ p.crc
		out.size += p.size
	}
	out.shift = newCRCShift(int(out.size))
	return out
}

// Splice is a gzip body in the making: parts that follow each other, those of
// compressed pieces as they are kept.
type Splice struct {
	parts  [][]byte
	length int
	crc    uint32
	size   uint32
}

const (
	gzipHeader  = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	lastBlock   = "\x01\x00\x00\xff\xff" // stored, empty, final
	storedBlock = 5                      // bytes before the data of a stored block
	mostStored  = 1<<16 - 1
)

// NewSplice begins a body.
func NewSplice() *Splice {
	s := &Splice{}
	s.put([]byte(gzipHeader))
	return s
}

func (s *Splice) put(part []byte) {
	s.parts = append(s.parts, part)
	s.length += len(part)
}

// Add adds a compressed piece.
func (s *Splice) Add(p Piece) {
	s.put(p.deflated)
	s.crc = p.shift.over(s.crc) ^ p.crc
	s.size += p.size // modulo 2³², as the format wants it
}

// Store adds bytes as they are.
func (s *Splice) Store(plain []byte) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, plain)
	s.size += uint32(len(plain))
	for len(plain) > 0 {
		part := plain[:min(len(plain), mostStored)]
		plain = plain[len(part):]
		block := make([]byte, 0, storedBlock+len(part))
		block = append(block, 0)
		block = binary.LittleEndian.AppendUint16(block, uint16(len(part)))
		block = binary.LittleEndian.AppendUint16(block, ^uint16(len(part)))
		s.put(append(block, part...))
	}
}

// end adds what closes the body.
func (s *Splice) end() {
	last := append(make([]byte, 0, len(lastBlock)+8), lastBlock...)
	last = binary.LittleEndian.AppendUint32(last, s.crc)
	s.put(binary.LittleEndian.AppendUint32(last, s.size))
}

// Send ends the body and sends it.
func (s *Splice) Send(c *fiber.Ctx) error {
	s.end()
	c.Set(fiber.HeaderContentEncoding, "gzip")
	SendParts(c, s.parts, s.length)
	return nil
}

// Bytes ends the body and returns it in one piece.
func (s *Splice) Bytes() []byte {
	s.end()
	return bytes.Join(s.parts, nil)
}

// streamed is the size from which a body is handed on part by part: a whole
// city's results would else be copied, megabytes a request.
const streamed = 256 << 10

// SendParts sends parts one after the other.
func SendParts(c *fiber.Ctx, parts [][]byte, length int) {
	if length < streamed {
		body := make([]byte, 0, length)
		for _, p := range parts {
			body = append(body, p...)
		}
		c.Response().SetBodyRaw(body)
		return
	}
	c.Response().SetBodyStream(&partsReader{parts}, length)
}

// partsReader reads parts one after the other, without changing them.
type partsReader struct{ parts [][]byte }

func (r *partsReader) Read(to []byte) (n int, err error) {
	for n < len(to) {
		if len(r.parts) == 0 {
			if n == 0 && len(to) > 0 {
				return 0, io.EOF
			}
			break
		}
		read := copy(to[n:], r.parts[0])
		n += read
		if read == len(r.parts[0]) {
			r.parts = r.parts[1:]
		} else {
			r.parts[0] = r.parts[0][read:]
		}
	}
	return n, nil
}

// WriteTo spares the copy that Read makes.
func (r *partsReader) WriteTo(w io.Writer) (n int64, err error) {
	for len(r.parts) > 0 {
		written, err := w.Write(r.parts[0])
		n += int64(written)
		if err != nil {
			return n, err
		}
		r.parts = r.parts[1:]
	}
	return n, nil
}

// TakesGzip reports whether the client takes a gzip body.
func TakesGzip(c *fiber.Ctx) bool {
	for coding := range strings.SplitSeq(c.Get(fiber.HeaderAcceptEncoding), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.TrimSpace(name) != "gzip" {
			continue
		}
		q := strings.ReplaceAll(weight, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}

// crcShift carries a CRC-32 over so many more bytes: the columns of a linear
// map. With it the checksum of a body follows from those of its pieces (the
// method of zlib's crc32_combine).
type crcShift [32]uint32

func newCRCShift(n int) crcShift {
	var power, out crcShift
	power[0] = crc32.IEEE // over one bit
	for i := range power {
		if i > 0 {
			power[i] = 1 << (i - 1)
		}
		out[i] = 1 << i
	}
	for n *= 8; n > 0; n >>= 1 {
		if n&1 == 1 {
			out = power.after(out)
		}
		power = power.after(power)
	}
	return out
}

// over applies the map to a checksum.
func (s *crcShift) over(sum uint32) uint32 {
	var out uint32
	for i := 0; sum != 0; i, sum = i+1, sum>>1 {
		out ^= s[i] & -(sum & 1)
	}
	return out
}

// after returns the map that applies o first.
func (s *crcShift) after(o crcShift) (out crcShift) {
	for i := range out {
		out[i] = s.over(o[i])
	}
	return out
}

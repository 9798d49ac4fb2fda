package citizen

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// formKey is all that a citizen's page depends on but its id. Point and period
// belong to one version of the catalogue, which never changes.
type formKey struct {
	point      *survey.Point
	period     *survey.Period
	chosen     bool
	mode, lang string
}

// formPage is a page rendered and compressed once for many citizens, who each
// get an id of their own in it. A gzip body is a header, one deflate stream and
// a checksum, and a deflate stream is a row of blocks: what stands before and
// after the id is compressed beforehand, each ending on a whole byte, and the id
// goes between them as a stored block (RFC 1951, 1952). It is one stream, not
// several gzip members: browsers read only the first member.
type formPage struct {
	prefix []byte // the header, the blocks before the id, the head of its block
	sum    uint32 // checksum of the plain text before the id
	after  []byte // plain text after the id, short: the id stands near the end
	suffix []byte // the blocks after the id, the last one
	size   int    // of the whole plain text
}

const (
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	lastBlock  = "\x01\x00\x00\xff\xff" // stored, empty, final
	idLength   = len("00000000-0000-0000-0000-000000000000")
	storedHead = "\x00" + string(rune(idLength)) + "\x00" // stored, not final; its length, then the complement
)

func newFormPage(before, after []byte) (*formPage, error) {
	p := &formPage{sum: crc32.ChecksumIEEE(before), after: after, size: len(before) + idLength + len(after)}
	head, err := deflated(before, nil)
	if err != nil {
		return nil, err
	}
	p.prefix = append(append([]byte(gzipHeader), head...), storedHead...)
	p.prefix = binary.LittleEndian.AppendUint16(p.prefix, ^uint16(idLength))
	// What follows may refer back to what stands before, but not to the id: zeros
	// stand for it, which no page holds.
	if p.suffix, err = deflated(after, append(bytes.Clone(before), make([]byte, idLength)...)); err != nil {
		return nil, err
	}
	p.suffix = append(p.suffix, lastBlock...)
	return p, nil
}

// deflated compresses a text that follows another one into whole bytes.
func deflated(plain, history []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriterDict(&out, flate.BestCompression, history)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil, fmt.Errorf("compress the form: %w", err)
	}
	return out.Bytes(), nil
}

// fill makes the page with an id the body of a reply, as one gzip stream. It is
// put together in the memory that the server keeps for replies: whoever opens a
// form makes no garbage.
func (p *formPage) fill(r *fasthttp.Response, id uuid.UUID) {
	var text [idLength]byte
	r.SetBody(p.prefix)
	r.AppendBody(appendID(text[:0], id))
	sum := crc32.Update(p.sum, crc32.IEEETable, r.Body()[len(p.prefix):])
	sum = crc32.Update(sum, crc32.IEEETable, p.after)
	r.AppendBody(p.suffix)
	var end [8]byte
	binary.LittleEndian.PutUint32(end[:], sum)
	binary.LittleEndian.PutUint32(end[4:], uint32(p.size))
	r.AppendBody(end[:])
}

// appendID appends an id as text.
func appendID(b []byte, id uuid.UUID) []byte {
	for i, part := range [...][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}

func (p *formPage) send(c *fiber.Ctx, id uuid.UUID) error {
	p.fill(c.Response(), id)
	if web.TakesGzip(c) {
		web.Varied(c, true)
		return nil
	}
	zipped, err := gzip.NewReader(bytes.NewReader(c.Response().Body()))
	if err != nil {
		return fmt.Errorf("read the form: %w", err)
	}
	plain, err := io.ReadAll(zipped)
	if err != nil {
		return fmt.Errorf("read the form: %w", err)
	}
	return web.Send(c, plain, false)
}

// page returns the form of a key; fill fills it where it is not kept.
func (s *pages) page(key formKey, fill func(*view.Form)) (*formPage, error) {
	return cache.Get(s.Cache, key, func() (*formPage, int, error) {
		form := &view.Form{Frame: view.Frame{Lang: key.lang}, Mode: key.mode}
		if key.chosen {
			form.Chosen = key.period.Code
		}
		fill(form)
		before, after, err := s.Pages.Template(form)
		if err != nil {
			return nil, 0, err
		}
		page, err := newFormPage(before, bytes.Clone(after))
		if err != nil {
			return nil, 0, err
		}
		return page, len(page.prefix) + len(page.suffix) + len(page.after), nil
	})
}

package citizen

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/survey"
)

// formKey is all that a citizen's page depends on but its id.
type formKey struct {
	catalogue     *survey.Catalogue
	point, period string
	chosen        bool
	mode, lang    string
}

// formPage is a page rendered and compressed once for many citizens: what
// stands before and after the id.
type formPage struct{ before, after web.Piece }

func newFormPage(before, after []byte) (*formPage, error) {
	head, err := web.NewPiece(before, nil, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	// The id is as long as this and shares nothing with the page.
	tail, err := web.NewPiece(after, append(bytes.Clone(before), make([]byte, len(uuid.Nil.String()))...), flate.BestCompression)
	if err != nil {
		return nil, err
	}
	return &formPage{head, tail}, nil
}

func (p *formPage) send(c *fiber.Ctx, id string) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	s := web.NewSplice()
	s.Add(p.before)
	s.Store([]byte(id))
	s.Add(p.after)
	if web.TakesGzip(c) {
		return s.Send(c)
	}
	plain, err := gzip.NewReader(bytes.NewReader(s.Bytes()))
	if err != nil {
		return fmt.Errorf("read the form: %w", err)
	}
	body, err := io.ReadAll(plain)
	if err != nil {
		return fmt.Errorf("read the form: %w", err)
	}
	c.Response().SetBodyRaw(body)
	return nil
}

// formCache keeps rendered pages. It is emptied with each new catalogue, and
// when it is full, so that its size is bounded by points, not by visitors.
type formCache struct {
	mu        sync.RWMutex
	catalogue *survey.Catalogue
	pages     map[formKey]*formPage
}

const maxForms = 2000

func (f *formCache) page(pages *view.Pages, d *survey.Directory, key formKey, fill func(*view.Form)) (*formPage, error) {
	f.mu.RLock()
	page, ok := f.pages[key]
	f.mu.RUnlock()
	if ok {
		return page, nil
	}
	form := &view.Form{Frame: view.Frame{Lang: key.lang}, Mode: key.mode}
	if key.chosen {
		form.Chosen = key.period
	}
	fill(form)
	before, after, err := pages.Template(form)
	if err != nil {
		return nil, err
	}
	if page, err = newFormPage(before, after); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.catalogue != d.Catalogue() || len(f.pages) >= maxForms {
		f.pages, f.catalogue = map[formKey]*formPage{}, d.Catalogue()
	}
	f.pages[key] = page
	return page, nil
}

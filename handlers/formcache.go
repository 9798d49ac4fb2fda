package handlers

import (
	"sync"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/survey"
)

// formKey is all that a citizen's page depends on but its id.
type formKey struct {
	catalogue     *survey.Catalogue
	point, period string
	chosen        bool
	mode, lang    string
}

// formPage is a page rendered once for many citizens: what stands before and
// after the id.
type formPage struct{ before, after []byte }

func (p *formPage) send(c *fiber.Ctx, id string) error {
	body := make([]byte, 0, len(p.before)+len(id)+len(p.after))
	body = append(append(append(body, p.before...), id...), p.after...)
	return c.Send(body)
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
	page = &formPage{before, after}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.catalogue != d.Catalogue() || len(f.pages) >= maxForms {
		f.pages, f.catalogue = map[formKey]*formPage{}, d.Catalogue()
	}
	f.pages[key] = page
	return page, nil
}

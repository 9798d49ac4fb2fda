package projection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// Forms are the forms that a program knows, and learns from a catalogue.
type Forms interface {
	analytics.Forms
	Learn(c *survey.Catalogue) error
}

// catalogues is where newly declared forms are found.
type catalogues interface {
	Catalogue(ctx context.Context) (*survey.Catalogue, error)
	// CatalogueVersion returns the version of the newest one. For speed: a name that no form
	// has is looked for again and again, and a catalogue with its pictures is long.
	CatalogueVersion(ctx context.Context) (int64, error)
}

// askFor bounds how long a look-up waits for the store.
const askFor = 5 * time.Second

// forms finds every form that responses and tallies can name. Another process may
// have declared an instrument and taken answers to it since this one read the
// catalogue; a catalogue is stored before the first answer to what it declares, so
// a form that the newest one doesn't have doesn't exist. Until that is known a
// tally under its name is not taken for a damaged one.
type forms struct {
	known Forms
	from  catalogues

	mu    sync.Mutex
	asked int64 // the newest catalogue version that was learned
}

// errUnasked tells that the store could not be asked for a form.
var errUnasked = errors.New("the catalogue cannot be read")

// FormByID finds a form. The error is errUnasked where nobody can tell whether there
// is one of that name.
func (f *forms) FormByID(id string) (*survey.Form, error) {
	form, err := f.known.FormByID(id)
	if err == nil || !errors.Is(err, survey.ErrUnknownInstrument) {
		return form, err
	}
	if err := f.learn(); err != nil {
		return nil, fmt.Errorf("look for form %s: %w: %w", id, errUnasked, err)
	}
	return f.known.FormByID(id)
}

func (f *forms) learn() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), askFor)
	defer cancel()
	version, err := f.from.CatalogueVersion(ctx)
	if err != nil || version == f.asked {
		return err
	}
	c, err := f.from.Catalogue(ctx)
	if err != nil {
		return err
	}
	if err := f.known.Learn(c); err != nil {
		return err
	}
	f.asked = c.Version
	return nil
}

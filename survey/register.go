package survey

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Register holds the current directory of the city and keeps it current: an
// apply by another process is seen within its polling interval.
type Register struct {
	store   CatalogueStore
	library *Library
	methods *Methods
	current atomic.Pointer[Directory]

	keep   func(*Catalogue) error // nil: nowhere
	unkept bool                   // the current catalogue is not kept yet
	unread bool                   // the current catalogue was not read from the store
}

// NewRegister reads the newest catalogue.
func NewRegister(ctx context.Context, store CatalogueStore, lib *Library, methods *Methods) (*Register, error) {
	r := &Register{store: store, library: lib, methods: methods}
	if err := r.read(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// NewRegisterOf begins with a catalogue that was kept, for a start while the
// store is away; Refresh reads a newer one when it is back.
func NewRegisterOf(kept *Catalogue, store CatalogueStore, lib *Library, methods *Methods) (*Register, error) {
	r := &Register{store: store, library: lib, methods: methods, unread: true}
	return r, r.use(kept)
}

// Keep has every catalogue that is read from the store kept by keep, beginning
// with the one that was read first. It is called before Run.
func (r *Register) Keep(keep func(*Catalogue) error) { r.keep = keep }

// Directory returns the current directory.
func (r *Register) Directory() *Directory { return r.current.Load() }

// Refresh reads the catalogue again where there is a newer one. An error of
// keeping it comes from every Refresh until it is kept.
func (r *Register) Refresh(ctx context.Context) error {
	version, err := r.store.CatalogueVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the catalogue's version: %w", err)
	}
	if r.unread || version != r.Directory().Catalogue().Version {
		if err := r.read(ctx); err != nil {
			return err
		}
	}
	if r.keep == nil || !r.unkept {
		return nil
	}
	if err := r.keep(r.Directory().Catalogue()); err != nil {
		return fmt.Errorf("keep the catalogue for a start without the store: %w", err)
	}
	r.unkept = false
	return nil
}

func (r *Register) read(ctx context.Context) error {
	c, err := r.store.Catalogue(ctx)
	if err != nil {
		return fmt.Errorf("read the catalogue: %w", err)
	}
	if err := r.use(c); err != nil {
		return err
	}
	r.unread, r.unkept = false, true
	return nil
}

func (r *Register) use(c *Catalogue) error {
	d, err := NewDirectory(c, r.library, r.methods)
	if err != nil {
		return fmt.Errorf("catalogue version %d: %w", c.Version, err)
	}
	r.current.Store(d)
	return nil
}

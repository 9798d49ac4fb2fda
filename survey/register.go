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

	save    func(*Catalogue) error // saves a snapshot; nil: none is made
	unsaved bool                   // the current catalogue has no snapshot yet
	stale   bool                   // the current catalogue comes from a snapshot, not from the store
}

// NewRegister reads the newest catalogue.
func NewRegister(ctx context.Context, store CatalogueStore, lib *Library, methods *Methods) (*Register, error) {
	r := &Register{store: store, library: lib, methods: methods}
	if err := r.read(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// NewRegisterFrom begins with a snapshot of the catalogue, for a start while the
// store is unavailable; Refresh reads the store's when it is back.
func NewRegisterFrom(snapshot *Catalogue, store CatalogueStore, lib *Library, methods *Methods) (*Register, error) {
	r := &Register{store: store, library: lib, methods: methods, stale: true}
	return r, r.use(snapshot)
}

// OnRead has save called with every catalogue that is read from the store,
// beginning with the one that was read first. It is set before the first Refresh.
func (r *Register) OnRead(save func(*Catalogue) error) { r.save = save }

// Directory returns the current directory.
func (r *Register) Directory() *Directory { return r.current.Load() }

// Refresh reads the catalogue again where there is a newer one. Where its
// snapshot cannot be saved, every Refresh tries again and returns the error.
func (r *Register) Refresh(ctx context.Context) error {
	version, err := r.store.CatalogueVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the catalogue's version: %w", err)
	}
	if r.stale || version != r.Directory().Catalogue().Version {
		if err := r.read(ctx); err != nil {
			return err
		}
	}
	if r.save == nil || !r.unsaved {
		return nil
	}
	if err := r.save(r.Directory().Catalogue()); err != nil {
		return fmt.Errorf("keep the catalogue for a start without the store: %w", err)
	}
	r.unsaved = false
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
	r.stale, r.unsaved = false, true
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

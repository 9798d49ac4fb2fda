package survey

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// Register holds the current directory of the city and keeps it current: an
// apply by another process is seen within its polling interval.
type Register struct {
	store   CatalogueStore
	library *Library
	methods *Methods
	current atomic.Pointer[Directory]
}

// NewRegister reads the newest catalogue.
func NewRegister(ctx context.Context, store CatalogueStore, lib *Library, methods *Methods) (*Register, error) {
	r := &Register{store: store, library: lib, methods: methods}
	if err := r.read(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Directory gives the current directory.
func (r *Register) Directory() *Directory { return r.current.Load() }

// Refresh reads the catalogue again where there is a newer one.
func (r *Register) Refresh(ctx context.Context) error {
	version, err := r.store.CatalogueVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the catalogue's version: %w", err)
	}
	if version == r.Directory().Catalogue().Version {
		return nil
	}
	return r.read(ctx)
}

func (r *Register) read(ctx context.Context) error {
	c, err := r.store.Catalogue(ctx)
	if err != nil {
		return fmt.Errorf("read the catalogue: %w", err)
	}
	d, err := NewDirectory(c, r.library, r.methods)
	if err != nil {
		return fmt.Errorf("catalogue version %d: %w", c.Version, err)
	}
	r.current.Store(d)
	return nil
}

// Run refreshes until ctx ends; a failing refresh is logged once and tried
// again, the last good directory stays in use.
func (r *Register) Run(ctx context.Context, every time.Duration, log *slog.Logger) {
	failing := false
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := r.Refresh(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			log.Warn("the catalogue could not be read again", "error", err)
		}
		failing = err != nil
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"persepsi/internal/mongodb"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// saveEvery is how long a server with a store of its own counts answers in memory
// before it saves the tallies, and about how long it counts again after a crash.
const saveEvery = 15 * time.Second

// deferredStore is the store of a server that starts. MongoDB may be away then:
// the server begins with the catalogue that it kept, and the store arrives later.
type deferredStore struct {
	store *store
	rules *rules
	// mongo is store where that is MongoDB, else nil.
	mongo *mongodb.DB
	// cached is the catalogue to begin with while the store is away, else nil.
	cached *survey.Catalogue

	arrived chan struct{} // closed when the store is started
	trouble atomic.Value  // the survey.Code of the last failed try to start it
}

// begin opens the store that a server uses. A MongoDB that cannot be reached is
// no error where its catalogue is kept in --data.
func (e *environment) begin(ctx context.Context) (*deferredStore, error) {
	b := &deferredStore{arrived: make(chan struct{})}
	if e.MongoDB == "" {
		var err error
		if b.store, b.rules, err = e.open(ctx); err == nil {
			// Nobody else reads figures of this store; MongoDB's other instances do.
			b.store.Projector = projection.NewLive(b.store.backend, b.rules.library, saveEvery, e.now)
		}
		close(b.arrived)
		return b, err
	}
	r, err := loadRules()
	if err != nil {
		return nil, err
	}
	db, err := mongodb.Connect(ctx, e.MongoDB)
	if err != nil {
		return nil, err
	}
	b.store, b.mongo, b.rules = project(db, r), db, r
	err = db.Start(ctx)
	if err == nil {
		close(b.arrived)
		return b, nil
	}
	if survey.CodeOf(err) == survey.Unavailable && ctx.Err() == nil {
		var why error
		if b.cached, why = keptCatalogue(e.Data, db.Address()); why == nil {
			b.trouble.Store(survey.Unavailable)
			return b, nil
		}
		err = survey.Errorf(survey.Unavailable, "%s There is nothing to serve from meanwhile: %s", explained(err), why)
	}
	return nil, errors.Join(err, db.Close())
}

// away reports whether the store has not been started yet.
func (b *deferredStore) away() bool {
	select {
	case <-b.arrived:
		return false
	default:
		return true
	}
}

// start tries once to start a store that is away. That it cannot be reached is
// no error; what else stands in the way is.
func (b *deferredStore) start(ctx context.Context, log *slog.Logger) error {
	if !b.away() {
		return nil
	}
	err := b.mongo.Start(ctx)
	if err == nil {
		log.Info("MongoDB is there: the service goes on as usual")
		close(b.arrived)
		return nil
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the service stops
	}
	code := survey.CodeOf(err)
	b.trouble.Store(code)
	if code == survey.Unavailable {
		return nil
	}
	return fmt.Errorf("MongoDB is there and cannot be used; answers still go to the local spool: %w", err)
}

// register makes the register of the city, which keeps what it reads from
// MongoDB.
func (b *deferredStore) register(ctx context.Context, dir string, log *slog.Logger) (*survey.Register, error) {
	if b.mongo == nil {
		return survey.NewRegister(ctx, b.store, b.rules.library, b.rules.methods)
	}
	keep := func(c *survey.Catalogue) error { return keepCatalogue(dir, b.mongo.Address(), c) }
	if b.cached != nil {
		r, err := survey.NewRegisterFrom(b.cached, b.store, b.rules.library, b.rules.methods)
		if err != nil {
			return nil, fmt.Errorf("the kept catalogue: %w", err)
		}
		r.OnRead(keep)
		return r, nil
	}
	r, err := survey.NewRegister(ctx, b.store, b.rules.library, b.rules.methods)
	if err != nil {
		return nil, err
	}
	r.OnRead(keep)
	if err := r.Refresh(ctx); err != nil { // Run goes on trying
		log.Warn("the catalogue is not kept yet", "error", err)
	}
	return r, nil
}

// ping reports whether the store could take an answer now.
func (b *deferredStore) ping(ctx context.Context) error {
	if !b.away() {
		return b.store.Ping(ctx)
	}
	text := "has not been reached since the service started"
	switch b.trouble.Load() {
	case survey.Unavailable:
	case survey.Unauthorized:
		text = "refuses the user name or password"
	case survey.Conflict:
		text = "was written by a newer version of the program"
	default:
		text = "could not be brought to this program's shape: see the log"
	}
	return survey.Errorf(survey.Unavailable, "%s", text)
}

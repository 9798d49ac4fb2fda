package storetest

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// failingStore is a store of which one call fails, after so many others.
type failingStore struct {
	Store
	mu        sync.Mutex // parts are counted side by side
	callsLeft int
	failed    string // the call that failed
}

func (l *failingStore) away(call string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.callsLeft--; l.callsLeft != -1 {
		return nil
	}
	l.failed = call
	return errAway
}

func (l *failingStore) Erasures(ctx context.Context) ([]survey.Erasure, error) {
	if err := l.away("Erasures"); err != nil {
		return nil, err
	}
	return l.Store.Erasures(ctx)
}

func (l *failingStore) ReplaceRelease(ctx context.Context, checksum string, r projection.StoredRelease) error {
	if err := l.away("ReplaceRelease"); err != nil {
		return err
	}
	return l.Store.ReplaceRelease(ctx, checksum, r)
}

func (l *failingStore) Seal(ctx context.Context, period string) (*survey.Seal, error) {
	if err := l.away("Seal"); err != nil {
		return nil, err
	}
	return l.Store.Seal(ctx, period)
}

func (l *failingStore) Take(ctx context.Context, b *projection.Batch) (bool, error) {
	if err := l.away("Take"); err != nil {
		return false, err
	}
	return l.Store.Take(ctx, b)
}

func (l *failingStore) Count(ctx context.Context, keys []analytics.Key, b *projection.Batch, to projection.Sink) error {
	if err := l.away("Count"); err != nil {
		return err
	}
	return l.Store.Count(ctx, keys, b, to)
}

func (l *failingStore) Load(ctx context.Context, keys []analytics.Key) (map[analytics.Key]projection.Doc, error) {
	if err := l.away("Load"); err != nil {
		return nil, err
	}
	return l.Store.Load(ctx, keys)
}

func (l *failingStore) Docs(ctx context.Context, s projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	if err := l.away("Docs"); err != nil {
		return err
	}
	return l.Store.Docs(ctx, s, fn)
}

func (l *failingStore) Save(ctx context.Context, b *projection.Batch, puts []projection.Put) ([]analytics.Key, error) {
	if err := l.away("Save"); err != nil {
		return nil, err
	}
	return l.Store.Save(ctx, b, puts)
}

func (l *failingStore) Revisions(ctx context.Context) (map[string]int64, error) {
	if err := l.away("Revisions"); err != nil {
		return nil, err
	}
	return l.Store.Revisions(ctx)
}

func (l *failingStore) PutRelease(ctx context.Context, r projection.StoredRelease) error {
	if err := l.away("PutRelease"); err != nil {
		return err
	}
	return l.Store.PutRelease(ctx, r)
}

func (l *failingStore) NewestReleases(ctx context.Context, period string) (map[string]int, error) {
	if err := l.away("NewestReleases"); err != nil {
		return nil, err
	}
	return l.Store.NewestReleases(ctx, period)
}

func (l *failingStore) Releases(ctx context.Context, period, unit string, from int, fn func(projection.StoredRelease) error) error {
	if err := l.away("Releases"); err != nil {
		return err
	}
	return l.Store.Releases(ctx, period, unit, from, fn)
}

func (l *failingStore) Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error {
	if err := l.away("Rows"); err != nil {
		return err
	}
	return l.Store.Rows(ctx, period, days, fn)
}

func (l *failingStore) TakenOut(ctx context.Context, period string, fn func(int, *survey.Response) error) error {
	if err := l.away("TakenOut"); err != nil {
		return err
	}
	return l.Store.TakenOut(ctx, period, fn)
}

func (l *failingStore) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	if err := l.away("Find"); err != nil {
		return nil, err
	}
	return l.Store.Find(ctx, ids)
}

func (l *failingStore) Servers(ctx context.Context) ([]projection.Server, error) {
	if err := l.away("Servers"); err != nil {
		return nil, err
	}
	return l.Store.Servers(ctx)
}

func (l *failingStore) Scans(ctx context.Context, f analytics.TallyFilter, fn func(projection.Scan) error) error {
	if err := l.away("Scans"); err != nil {
		return err
	}
	return l.Store.Scans(ctx, f, func(s projection.Scan) error { return fn(&failingScan{s, l}) })
}

type failingScan struct {
	projection.Scan
	store *failingStore
}

func (s *failingScan) Starts(ctx context.Context) ([]projection.Start, error) {
	if err := s.store.away("Starts"); err != nil {
		return nil, err
	}
	return s.Scan.Starts(ctx)
}

func (s *failingScan) Parts(ctx context.Context) ([]projection.Part, error) {
	if err := s.store.away("Parts"); err != nil {
		return nil, err
	}
	return s.Scan.Parts(ctx)
}

func (s *failingScan) Docs(ctx context.Context, f projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	if err := s.store.away("Scan.Docs"); err != nil {
		return err
	}
	return s.Scan.Docs(ctx, f, fn)
}

func (s *failingScan) Count(ctx context.Context, p projection.Part, to projection.Sink) error {
	if err := s.store.away("Scan.Count"); err != nil {
		return err
	}
	return s.Scan.Count(ctx, p, to)
}

func (s *failingScan) Unchanged(ctx context.Context) (bool, error) {
	if err := s.store.away("Unchanged"); err != nil {
		return false, err
	}
	return s.Scan.Unchanged(ctx)
}

func (s *failingScan) Discard(ctx context.Context) ([]analytics.Key, error) {
	if err := s.store.away("Discard"); err != nil {
		return nil, err
	}
	return s.Scan.Discard(ctx)
}

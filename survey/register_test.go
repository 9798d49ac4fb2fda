package survey

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// shelved is a catalogue store that can be away.
type shelved struct {
	now  *Catalogue
	away bool
}

func (s *shelved) Catalogue(context.Context) (*Catalogue, error) {
	if s.away {
		return nil, Errorf(Unavailable, "away")
	}
	return s.now, nil
}

func (s *shelved) CatalogueVersion(ctx context.Context) (int64, error) {
	c, err := s.Catalogue(ctx)
	if err != nil {
		return 0, err
	}
	return c.Version, nil
}

func named(version int64, city string) *Catalogue {
	return &Catalogue{Version: version, City: City{Name: city}}
}

func TestEveryCatalogueIsKeptUntilThatSucceeds(t *testing.T) {
	t.Parallel()
	store := &shelved{now: named(1, "A")}
	r, err := NewRegister(t.Context(), store, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var kept []int64
	full := true
	r.OnRead(func(c *Catalogue) error {
		if full {
			return errors.New("the disk is full")
		}
		kept = append(kept, c.Version)
		return nil
	})
	if err := r.Refresh(t.Context()); err == nil {
		t.Error("what could not be kept goes unnoticed")
	}
	full = false
	for range 2 {
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	store.now = named(2, "B")
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(kept) != 2 || kept[0] != 1 || kept[1] != 2 {
		t.Errorf("kept %v, want each version once", kept)
	}
}

func TestAKeptCatalogueServesUntilTheStoreIsThere(t *testing.T) {
	t.Parallel()
	store := &shelved{now: named(3, "as it is stored"), away: true}
	r, err := NewRegisterFrom(named(3, "as it was kept"), store, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Refresh(t.Context()); CodeOf(err) != Unavailable || r.Directory().City().Name != "as it was kept" {
		t.Errorf("while the store is away: %q, %v", r.Directory().City().Name, err)
	}
	store.away = false
	// The store was restored meanwhile, say: the number alone proves nothing.
	if err := r.Refresh(t.Context()); err != nil || r.Directory().City().Name != "as it is stored" {
		t.Errorf("when it is there: %q, %v", r.Directory().City().Name, err)
	}
}

func TestARegisterTellsWhatStandsInItsWay(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	good := mustApply(t, &Catalogue{}, cityYAML)
	bad := *good
	bad.City.TimeZone = "Mars/Olympus"
	bad.Version = good.Version + 1
	unusable := "catalogue version 2: "

	store := &shelved{now: good, away: true}
	if _, err := NewRegister(t.Context(), store, lib, methods); CodeOf(err) != Unavailable || !strings.HasPrefix(err.Error(), "read the catalogue: ") {
		t.Errorf("begun without the store: %v", err)
	}
	if _, err := NewRegister(t.Context(), &shelved{now: &bad}, lib, methods); err == nil || !strings.HasPrefix(err.Error(), unusable) {
		t.Errorf("begun with a catalogue that cannot be used: %v", err)
	}
	if _, err := NewRegisterFrom(&bad, store, lib, methods); err == nil || !strings.HasPrefix(err.Error(), unusable) {
		t.Errorf("begun from a snapshot that cannot be used: %v", err)
	}

	store.away = false
	r, err := NewRegister(t.Context(), store, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	first := r.Directory()
	store.away = true
	if err := r.Refresh(t.Context()); CodeOf(err) != Unavailable || !strings.HasPrefix(err.Error(), "read the catalogue's version: ") {
		t.Errorf("the store went away: %v", err)
	}
	store.away, store.now = false, &bad
	if err := r.Refresh(t.Context()); err == nil || !strings.HasPrefix(err.Error(), unusable) {
		t.Errorf("the newer catalogue cannot be used: %v", err)
	}
	if r.Directory() != first {
		t.Error("the catalogue that can be used is gone")
	}
}

package demo

import (
	"context"
	"slices"
	"time"

	"persepsi/internal/access"
)

// managed is the agency that the demonstration's manager is bound to: three
// units, among them the one whose symbol the first page shows.
const managed = "dukcapil"

// addKeys adds the keys by which the demonstration lets anybody in, where they
// are not there yet. One that was revoked stays revoked.
func addKeys(ctx context.Context, s Store, now time.Time) error {
	have, err := s.Keys(ctx)
	if err != nil {
		return err
	}
	at := now.UTC().Truncate(time.Millisecond)
	for _, k := range []access.Key{
		access.DemoKey("Peragaan: pengelola", access.Manager, access.Agency(managed), at),
		access.DemoKey("Peragaan: penilai", access.Evaluator, access.City(), at),
		access.DemoKey("Peragaan: administrator", access.Admin, access.City(), at),
	} {
		if slices.ContainsFunc(have, func(h access.Key) bool { return h.ID == k.ID }) {
			continue
		}
		if err := s.AddKey(ctx, k); err != nil {
			// Another server that started just now may have added it.
			have, again := s.Keys(ctx)
			if again != nil || !slices.ContainsFunc(have, func(h access.Key) bool { return h.ID == k.ID }) {
				return err
			}
		}
	}
	return nil
}

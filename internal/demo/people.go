package demo

import (
	"context"
	"slices"
	"strings"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
)

// managed is the agency that the demonstration's manager and officer are bound to:
// three units, among them the one whose symbol the first page shows.
const managed = "dukcapil"

// addPeople adds the people as whom the demonstration lets anybody in, where they are
// not there yet. One whose account was closed stays out.
func addPeople(ctx context.Context, s Store, now time.Time) error {
	at := now.UTC().Truncate(time.Millisecond)
	for _, p := range []access.Person{
		access.DemoPerson("Peragaan: pengelola", access.Manager, access.Agency(managed), at),
		access.DemoPerson("Peragaan: penilai", access.Evaluator, access.City(), at),
		access.DemoPerson("Peragaan: administrator", access.Admin, access.City(), at),
		access.DemoPerson("Peragaan: petugas", access.Officer, access.Agency(managed), at),
		access.DemoPerson("Peragaan: pembaca", access.Viewer, access.City(), at),
	} {
		if there, err := has(ctx, s, p.ID); err != nil || there {
			if err != nil {
				return err
			}
			continue
		}
		said := audit.Entry{
			At: at, Actor: "serve --demo", Action: audit.AddPerson, Subject: p.ID, Detail: p.Name + " (" + p.Email + ")",
			Changes: []audit.Change{{What: "granted", After: p.Grants[0].String()}},
		}
		if err := s.RecordPerson(ctx, p, said); err != nil {
			// Another server that started just now may have added them.
			if there, again := has(ctx, s, p.ID); again != nil || !there {
				return err
			}
		}
	}
	return nil
}

func has(ctx context.Context, s Store, id string) (bool, error) {
	people, err := s.People(ctx)
	return slices.ContainsFunc(people, func(p access.Person) bool { return p.ID == id }), err
}

// revokeKeys ends the keys by which a demonstration of an older version let anybody in.
func revokeKeys(ctx context.Context, s Store, now time.Time) error {
	keys, err := s.Keys(ctx)
	if err != nil {
		return err
	}
	for i := range keys {
		if k := &keys[i]; access.IsDemo(k.ID) && k.Revoked.IsZero() && strings.HasPrefix(k.Name, "Peragaan") {
			if err := s.RecordRevocation(ctx, k.ID, now.UTC().Truncate(time.Millisecond)); err != nil {
				return err
			}
		}
	}
	return nil
}

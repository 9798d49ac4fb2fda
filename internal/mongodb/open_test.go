package mongodb

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/projection"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

func TestBeforeItIsStartedAStoreRefusesEverythingWithoutLookingForAServer(t *testing.T) {
	t.Parallel()
	db, err := Connect(t.Context(), "mongodb://ani:rahasia@127.0.0.1:1/kota")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ctx := t.Context()
	for name, try := range map[string]func() error{
		"append": func() error {
			_, err := db.Append(ctx, storetest.NewMaker(t, 1).Batch(1))
			return err
		},
		"find": func() error {
			_, err := db.Find(ctx, []uuid.UUID{uuid.New()})
			return err
		},
		"responses": func() error {
			return db.Responses(ctx, survey.Filter{}, func(*survey.Response) error { return nil })
		},
		"catalogue": func() error {
			_, err := db.Catalogue(ctx)
			return err
		},
		"version": func() error {
			_, err := db.CatalogueVersion(ctx)
			return err
		},
		"put catalogue":  func() error { return db.RecordCatalogue(ctx, &survey.Catalogue{Version: 1}) },
		"put evaluation": func() error { return db.RecordEvaluation(ctx, analytics.Evaluation{Version: 1}) },
		"evaluations": func() error {
			_, err := db.Evaluations(ctx, "p")
			return err
		},
		"audit":     func() error { return db.Audit(ctx, audit.Entry{}) },
		"audit log": func() error { return db.AuditLog(ctx, func(audit.Entry) error { return nil }) },
		"add key":   func() error { return db.RecordKey(ctx, access.Key{}) },
		"keys": func() error {
			_, err := db.Keys(ctx)
			return err
		},
		"revoke key":  func() error { return db.RecordRevocation(ctx, "k", time.Now()) },
		"add session": func() error { return db.AddSession(ctx, access.Session{}) },
		"session": func() error {
			_, err := db.SessionByHash(ctx, [32]byte{})
			return err
		},
		"end session": func() error { return db.EndSession(ctx, [32]byte{}) },
		"settle": func() error {
			_, err := storetest.Project(t, db).Settle(ctx)
			return err
		},
		"revisions": func() error {
			_, err := db.Revisions(ctx)
			return err
		},
		"tallies": func() error {
			return db.Docs(ctx, projection.Selection{}, func(analytics.Key, projection.Doc) error { return nil })
		},
		"tally": func() error {
			_, err := db.Load(ctx, []analytics.Key{{Level: analytics.LevelDay}})
			return err
		},
		"recount": func() error {
			_, err := storetest.Project(t, db).Recount(ctx, "")
			return err
		},
		"ping": func() error { return db.Ping(ctx) },
	} {
		if err := try(); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("%s: %v, want Unavailable", name, err)
		} else if errors.Is(err, topology.ErrServerSelectionTimeout) {
			t.Errorf("%s waited for a server: %v", name, err)
		}
	}
	if got, want := db.Address(), "mongodb://127.0.0.1:1/kota"; got != want {
		t.Errorf("address = %s, want %s", got, want)
	}
}

func TestADatabaseHasOneAddressHoweverItIsNamed(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"mongodb://a:1,b:2":                            "mongodb://a:1,b:2/persepsi",
		"mongodb://a:1,b:2/?replicaSet=rs0":            "mongodb://a:1,b:2/persepsi",
		"mongodb://ani:r%40hasia@a:1,b:2/persepsi":     "mongodb://a:1,b:2/persepsi",
		"mongodb://ani:rahasia@a:1/kota?authSource=db": "mongodb://a:1/kota",
	} {
		db, err := Connect(context.Background(), uri)
		if err != nil {
			t.Fatal(err)
		}
		if got := db.Address(); got != want {
			t.Errorf("address of %s = %s, want %s", uri, got, want)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

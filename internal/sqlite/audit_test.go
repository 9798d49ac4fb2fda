package sqlite

import (
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Nothing changes that the audit could not tell of.
func TestWhatCannotBeAuditedIsNotStored(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	script := func(text string) {
		t.Helper()
		if err := db.commitFacts(func(c *sqlite.Conn) error { return sqlitex.ExecuteScript(c, text, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.RecordKey(t.Context(), access.Key{ID: "there", Hash: [32]byte{1}}); err != nil {
		t.Fatal(err)
	}
	script(`CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'not now'); END;`)
	said := audit.Entry{At: time.Now()}
	all := map[string]func() error{
		"catalogue": func() error { return db.RecordCatalogue(t.Context(), &survey.Catalogue{Version: 1}, said) },
		"evaluation": func() error {
			return db.RecordEvaluation(t.Context(), analytics.Evaluation{Period: "p", Unit: "u", Version: 1}, said)
		},
		"key": func() error { return db.RecordKey(t.Context(), access.Key{ID: "k", Hash: [32]byte{2}}, said) },
		"grants": func() error {
			return db.RecordKeyGrants(t.Context(), "there", nil, []access.Grant{{Role: access.Viewer, Scope: access.City()}}, said)
		},
		"revocation": func() error { return db.RecordRevocation(t.Context(), "there", time.Now(), said) },
	}
	for name, do := range all {
		if err := do(); err == nil {
			t.Errorf("%s: stored without its entry", name)
		}
	}
	version, err := db.CatalogueVersion(t.Context())
	if err != nil || version != 0 {
		t.Errorf("catalogue %d, err = %v", version, err)
	}
	list, err := db.Evaluations(t.Context(), "p")
	if err != nil || len(list) != 0 {
		t.Errorf("evaluations %v, err = %v", list, err)
	}
	keys, err := db.Keys(t.Context())
	if err != nil || len(keys) != 1 || !keys[0].Revoked.IsZero() || len(keys[0].Grants) > 0 {
		t.Errorf("keys %+v, err = %v", keys, err)
	}
	script(`DROP TRIGGER refuse`)
	for name, do := range all {
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	head, faults, err := audit.Verify(t.Context(), db)
	if err != nil || len(faults) > 0 || head.Serial != int64(len(all)) {
		t.Errorf("the audit's head is %s, its faults %v, err = %v", head, faults, err)
	}
}

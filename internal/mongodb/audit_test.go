package mongodb

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// subjects returns what the audit tells of, in order; it must be sound.
func subjects(t *testing.T, db *DB) string {
	t.Helper()
	var out []string
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		out = append(out, e.Subject)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, faults, err := audit.Verify(t.Context(), db); err != nil || len(faults) > 0 {
		t.Errorf("faults %v, err = %v", faults, err)
	}
	return strings.Join(out, ", ")
}

// A process that dies after it stored what it did and before the audit tells of it
// leaves the entry in what it stored.
func TestWhatADeadProcessDidGetsIntoTheAudit(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	db := open(t, uri)
	defer db.Close()
	packed := func(subject string) []byte {
		t.Helper()
		out, err := carry([]audit.Entry{{Subject: subject, At: time.UnixMilli(5)}, {Subject: subject + " too"}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if _, err := db.catalogues.InsertOne(t.Context(), catalogueDoc{1, `{"version":1}`, packed("catalogue")}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.evaluations.InsertOne(t.Context(), evaluationDoc{ID: "p/u/1", Entry: "{}", Audit: packed("evaluation")}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.manuscripts.InsertOne(t.Context(), manuscriptDoc{ID: "p/u/skm/00000001", Version: 1, Body: "{}", Audit: packed("report")}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.evidence.InsertOne(t.Context(), evidenceDoc{ID: "p/u/00000001", Unit: "u", Serial: 1, Body: "{}", Audit: packed("evidence")}); err != nil {
		t.Fatal(err)
	}
	key := packed("key")
	if _, err := db.keys.InsertOne(t.Context(), keyDoc{Hash: make([]byte, 32), ID: "k", Audit: key}); err != nil {
		t.Fatal(err)
	}
	// It is all that is in the audit as soon as anybody opens the database …
	other := open(t, uri)
	defer other.Close()
	const all = "catalogue, catalogue too, evaluation, evaluation too, key, key too, report, report too, evidence, evidence too"
	n, err := db.audit.CountDocuments(t.Context(), bson.D{})
	if err != nil || n != 10 {
		t.Errorf("%d entries, err = %v, want 10", n, err)
	}
	if got := subjects(t, db); got != all {
		t.Errorf("the audit tells of %s", got)
	}
	// … once, though another process does it at the same time, …
	if err := db.deliver(t.Context(), db.keys, make([]byte, 32), key); err != nil {
		t.Fatal(err)
	}
	if got := subjects(t, db); got != all {
		t.Errorf("the audit tells of %s", got)
	}
	// … and a late end of that takes no later entry away.
	if _, err := db.keys.UpdateOne(t.Context(), bson.D{{Key: "id", Value: "k"}}, bson.D{{Key: "$set", Value: bson.D{{Key: carried, Value: packed("revocation")}}}}); err != nil {
		t.Fatal(err)
	}
	if err := db.deliver(t.Context(), db.keys, make([]byte, 32), key); err != nil {
		t.Fatal(err)
	}
	if got := subjects(t, db); got != all+", revocation, revocation too" {
		t.Errorf("the audit tells of %s", got)
	}
	for _, of := range []string{"catalogues", "evaluations", "keys", "manuscripts", "evidence"} {
		if n, err := db.client.Database(db.name).Collection(of).CountDocuments(t.Context(), bson.D{{Key: carried, Value: bson.D{{Key: "$exists", Value: true}}}}); err != nil || n != 0 {
			t.Errorf("%d of %s carry entries still, err = %v", n, of, err)
		}
	}
}

// A revocation keeps what the key carries.
func TestARevocationTakesNoEntryAway(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	packed, err := carry([]audit.Entry{{Subject: "added"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.keys.InsertOne(t.Context(), keyDoc{Hash: make([]byte, 32), ID: "k", Audit: packed}); err != nil {
		t.Fatal(err)
	}
	if err := db.RecordRevocation(t.Context(), "k", time.Now(), audit.Entry{Subject: "revoked"}); err != nil {
		t.Fatal(err)
	}
	if got := subjects(t, db); got != "added, revoked" {
		t.Errorf("the audit tells of %s", got)
	}
}

// Everything of a large city at once is no more than a document may have.
func TestTheAuditOfALargeCityFitsIntoDocuments(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	var e audit.Entry
	for i := range 100_000 { // as many entries as an apply file may have
		e.Changes = append(e.Changes, audit.Change{
			What: fmt.Sprintf("agencies.dinas-%d.units.unit-pelayanan-%d.services.layanan-%d", i%40, i%600, i), Before: fmt.Sprintf("Nama layanan yang lama, seperti tertulis pada standar pelayanan, nomor %d", i),
			After: fmt.Sprintf("Nama layanan yang baru, seperti tertulis pada standar pelayanan, nomor %d", i),
		})
	}
	if err := db.RecordCatalogue(t.Context(), &survey.Catalogue{Version: 1}, e); err != nil {
		t.Fatal(err)
	}
	n, parts := 0, 0
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		n += len(e.Changes)
		parts++
		return nil
	}); err != nil || n != len(e.Changes) || parts < 2 {
		t.Errorf("%d changes in %d entries, err = %v, want %d", n, parts, err, len(e.Changes))
	}
}

// What is stored is carried, never told of in another document alone.
func TestTheEntriesOfAFactAreWrittenWithIt(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	whole := db.audit
	db.audit = db.client.Database(db.name).Collection("system.refused") // where nobody may write
	said := audit.Entry{Subject: "said"}
	for name, do := range map[string]func() error{
		"catalogue": func() error { return db.RecordCatalogue(t.Context(), &survey.Catalogue{Version: 1}, said) },
		"evaluation": func() error {
			return db.RecordEvaluation(t.Context(), analytics.Evaluation{Period: "p", Unit: "u", Version: 1}, said)
		},
		"key": func() error { return db.RecordKey(t.Context(), access.Key{ID: "k"}, said) },
	} {
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.Audit(t.Context(), said); err == nil {
		t.Fatal("the audit was to refuse")
	}
	db.audit = whole
	if got := subjects(t, db); got != "said, said, said" {
		t.Errorf("the audit tells of %s", got)
	}
}

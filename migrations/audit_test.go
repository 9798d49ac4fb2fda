package migrations

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"persepsi/internal/audit"
)

// earlier are entries as they were before they were chained.
func earlier() []earlierEntry {
	at := time.UnixMilli(1772413323004)
	return []earlierEntry{
		{at, "command line", "apply", "catalogue 1", "2 added: added agencies.dukcapil: Dinas; added periods.2026-s1: Semester I"},
		{at.Add(time.Second), "command line", "apply", "catalogue 2", "0 added, 1 changed: changed agencies.dukcapil.units.loket.name: Loket → \"Loket\" & Ruang; added periods.2026-s1.population.pkm-2: 703"},
		{at.Add(time.Second), "command line", "amend", "2026-s1", "added periods.2026-s1.methods.ikm: w0.11; reason: lembar lama"},
		{at.Add(time.Minute), "command line", "import", "2026-s1/loket", "29 rows stored, 0 were there before"},
		{at.Add(-time.Hour), "Inspektorat", "set_evaluation", "2026-s1/pkm-2", "version 1 by TPI: LHE 2026"},
		{at, "command line", "export_full", "2026-s1", "permintaan TPN"},
		{at, "command line", "add_key", "k1", "evaluator"},
		{at, "command line", "resolve_aside", "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "dropped: \xff"},
	}
}

// checkChained checks the texts that a step made of earlier(), in order.
func checkChained(t *testing.T, entries []audit.Entry) {
	t.Helper()
	var c audit.Chain
	got := ""
	for i := range entries {
		e := &entries[i]
		c.Add(e)
		got += fmt.Sprintf("%d %s %s %s %v %v\n", e.Serial, e.At.Format(time.RFC3339Nano), e.Actor, e.Subject, e.Periods, e.Units)
	}
	if len(c.Faults) > 0 || c.Head.Serial != 8 {
		t.Errorf("the chain to %s has the faults %v", c.Head, c.Faults)
	}
	golden(t, "audit.txt", got+c.Head.String()+"\n")
	if entries[7].Detail != "dropped: \uFFFD" || entries[1].Detail != earlier()[1].detail || entries[4].Action != "set_evaluation" {
		t.Errorf("the entries are %+v", entries)
	}
}

func TestEarlierEntriesOfSQLiteAreChained(t *testing.T) {
	t.Parallel()
	c := empty(t)
	before := slices.IndexFunc(sqliteSteps(), func(s sqliteStep) bool { return s.name == chainedAudit })
	if err := runSQLite(c, sqliteSteps()[:before]); err != nil {
		t.Fatal(err)
	}
	for _, e := range earlier() {
		execute(t, c, fmt.Sprintf(`INSERT INTO audit (at, actor, action, subject, detail) VALUES (%d, '%s', '%s', '%s', '%s')`,
			e.at.UnixMilli(), e.actor, e.action, e.subject, e.detail))
	}
	if err := runSQLite(c, sqliteSteps()[:before+1]); err != nil {
		t.Fatal(err)
	}
	golden(t, "sqlite_audit.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name LIKE '%audit%' AND sql IS NOT NULL ORDER BY name`))
	var entries []audit.Entry
	for _, row := range strings.Split(strings.TrimSpace(query(t, c, `SELECT serial, hash, entry FROM audit ORDER BY serial`)), "\n") {
		parts := strings.SplitN(row, "|", 3)
		entries = append(entries, audit.Decode(int64(len(entries)+1), parts[1], parts[2]))
		if parts[0] != fmt.Sprint(len(entries)) {
			t.Errorf("row %d has the serial %s", len(entries), parts[0])
		}
	}
	checkChained(t, entries)
}

func TestEarlierEntriesOfMongoDBAreChained(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	before := slices.IndexFunc(mongoSteps(), func(s mongoStep) bool { return s.name == chainedAudit })
	if err := runMongoDB(t.Context(), db, mongoSteps()[:before]); err != nil {
		t.Fatal(err)
	}
	for i, e := range earlier() {
		id := primitive.NewObjectIDFromTimestamp(time.UnixMilli(1772413323004).Add(time.Duration(max(i, 1)) * time.Minute))
		id[4] = byte(9 - i) // of the first two, in one second, the later one sorts first
		if _, err := db.Collection("audit").InsertOne(t.Context(), bson.D{
			{Key: "_id", Value: id},
			{Key: "at", Value: e.at},
			{Key: "actor", Value: e.actor},
			{Key: "action", Value: e.action},
			{Key: "subject", Value: e.subject},
			{Key: "detail", Value: strings.ToValidUTF8(e.detail, "\uFFFD")},
		}); err != nil {
			t.Fatal(err)
		}
	}
	kept := documents(t, db, "audit")
	if err := runMongoDB(t.Context(), db, mongoSteps()[:before+1]); err != nil {
		t.Fatal(err)
	}
	stored := documents(t, db, "audit_entries")
	if err := mongoAudit(t.Context(), db); err != nil { // another server does it too
		t.Fatal(err)
	}
	if documents(t, db, "audit_entries") != stored || documents(t, db, "audit") != kept {
		t.Error("doing it again changed something")
	}
	cursor, err := db.Collection("audit_entries").Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Serial int64  `bson:"_id"`
		ID     string `bson:"id"`
		Hash   string `bson:"hash"`
		Entry  string `bson:"entry"`
	}
	if err := cursor.All(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	entries := make([]audit.Entry, len(rows))
	for _, r := range rows {
		entries[r.Serial-1] = audit.Decode(r.Serial, r.Hash, r.Entry)
		if entries[r.Serial-1].ID != r.ID {
			t.Errorf("entry %d is named %s, want %s", r.Serial, r.ID, entries[r.Serial-1].ID)
		}
	}
	checkChained(t, entries)
	if want := `audit_entries id_1 {"id":1} unique`; !strings.Contains(indexes(t, db), want+"\n") {
		t.Errorf("want the index %s among\n%s", want, indexes(t, db))
	}
}

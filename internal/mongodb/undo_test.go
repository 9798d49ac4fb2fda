package mongodb

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// TestAnUndoThatWasBrokenOffIsBroughtToItsEnd leaves what a process leaves that dies
// after it noted the undo, before it took out the first response.
func TestAnUndoThatWasBrokenOffIsBroughtToItsEnd(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	dead, server := open(t, uri), open(t, uri)
	defer dead.Close()
	defer server.Close()
	now := time.Now()
	server.now = func() time.Time { return now }
	ctx := t.Context()
	list := storetest.NewMaker(t, 70).Batch(maxInsert + 50)
	if _, err := dead.Import(ctx, &survey.Import{Period: "2026-s1"}, list); err != nil {
		t.Fatal(err)
	}
	project := storetest.Project(t, server)
	if _, err := storetest.Project(t, dead).Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := project.Settle(ctx); err != nil { // it runs on
		t.Fatal(err)
	}
	marker := bson.D{{Key: "_id", Value: primitive.NewObjectID()}, {Key: "w", Value: primitive.NewObjectID()}, {Key: "period", Value: "2026-s1"}, {Key: "undo", Value: 1}}
	if err := dead.insertMarkers(ctx, []any{marker}); err != nil {
		t.Fatal(err)
	}
	if _, err := project.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * server.pace.patience)
	if _, err := project.Settle(ctx); err != nil { // not undone yet: its process is slow, not dead
		t.Fatal(err)
	}
	if _, err := dead.imports.UpdateByID(ctx, 1, bson.D{{Key: "$set", Value: bson.D{{Key: "undone", Value: `{"reason":"keliru"}`}}}}); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		now = now.Add(server.pace.watch / 4)
		if _, err := project.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := server.responses.CountDocuments(ctx, bson.D{counting()}); err != nil || n != 0 {
		t.Errorf("%d responses still count, err = %v", n, err)
	}
	if n, err := server.tallies.CountDocuments(ctx, bson.D{}); err != nil || n != 0 {
		t.Errorf("%d tallies are left, err = %v", n, err)
	}
	if n, err := server.stale.CountDocuments(ctx, bson.D{}); err != nil || n != 0 {
		t.Errorf("%d markers are left, err = %v", n, err)
	}
}

// TestAnImportThatWasBrokenOffGoesOn imports a part, and then all under the same
// serial: what the first try stored is the import's too.
func TestAnImportThatWasBrokenOffGoesOn(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	ctx := t.Context()
	list := storetest.NewMaker(t, 71).Batch(40)
	if _, err := db.Append(ctx, list[:5]); err != nil {
		t.Fatal(err)
	}
	of := &survey.Import{Period: "2026-s1"}
	serial, err := db.beginImport(ctx, of, list)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.append(ctx, list[:20], serial); err != nil {
		t.Fatal(err)
	}
	of.Serial = serial
	got, err := db.Import(ctx, of, list)
	if want := (survey.ImportResult{Serial: serial, Stored: 35, Before: 5}); err != nil || got != want {
		t.Errorf("imported %+v, err = %v, want %+v", got, err, want)
	}
}

// TestAnImportThatIsUndoneWhileItRunsLeavesNothing undoes one of which half is stored.
func TestAnImportThatIsUndoneWhileItRunsLeavesNothing(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	ctx := t.Context()
	list := storetest.NewMaker(t, 72).Batch(40)
	serial, err := db.beginImport(ctx, &survey.Import{Period: "2026-s1"}, list)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.append(ctx, list[:20], serial); err != nil {
		t.Fatal(err)
	}
	if err := db.UndoImport(ctx, serial, survey.Undo{Reason: "keliru"}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.append(ctx, list[20:], serial); err != nil {
		t.Fatal(err)
	}
	if _, err := db.endImport(ctx, serial); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the import's end: err = %v, want Conflict", err)
	}
	if n, err := db.responses.CountDocuments(ctx, bson.D{counting()}); err != nil || n != 0 {
		t.Errorf("%d responses count, err = %v", n, err)
	}
}

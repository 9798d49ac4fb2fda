package mongodb

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"persepsi/internal/audit"
	"persepsi/internal/retention"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

func anErasure() survey.Erasure {
	return survey.Erasure{Period: "2026-s1", At: time.Unix(1_800_000_000, 0), Day: survey.NewDate(2026, time.July, 31), Months: 1}
}

// TestAnErasureThatWasBrokenOffIsBroughtToItsEnd leaves what a process leaves that dies in
// the middle: some documents are changed, the entry of the audit is still carried.
func TestAnErasureThatWasBrokenOffIsBroughtToItsEnd(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	ctx := t.Context()
	list := storetest.NewMaker(t, 90).Batch(maxInsert + 300)
	if _, err := db.Append(ctx, list); err != nil {
		t.Fatal(err)
	}
	project := storetest.Project(t, db)
	if err := db.BeginErasure(ctx, anErasure()); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("err = %v while buckets are to be counted", err)
	}
	if _, err := project.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if err := retention.Erase(ctx, db, "2026-s1"); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("err = %v before it began", err)
	}
	left := func() int64 {
		t.Helper()
		n, err := db.responses.CountDocuments(ctx, bson.D{legible()})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != int64(len(list)) {
		t.Fatalf("%d answers are erased before it began", int64(len(list))-n)
	}
	packed, err := carry([]audit.Entry{{Action: "erase", Subject: "2026-s1"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.erasures.InsertOne(ctx, erasureDoc{Period: "2026-s1", Body: `{"period":"2026-s1"}`, Swept: -1, Seal: `{}`, Sealed: true, Audit: packed}); err != nil {
		t.Fatal(err)
	}
	if err := db.eraseAll(ctx, bson.D{{Key: "bucket", Value: bson.D{{Key: "$lt", Value: prefixOf("2026-s1", "unit-1")}}}, legible()}); err != nil {
		t.Fatal(err)
	}
	if n := left(); n == 0 || n == int64(len(list)) {
		t.Fatalf("%d answers are left, want a part", n)
	}
	if err := retention.Erase(ctx, db, "2026-s1"); err != nil {
		t.Fatal(err)
	}
	if n := left(); n != 0 {
		t.Errorf("%d answers are left", n)
	}
	if list, err := db.Erasures(ctx); err != nil || list[0].Done {
		t.Errorf("erasures %+v, err = %v, want it not done before tallies are cleared", list, err)
	}
	if n, err := db.responses.CountDocuments(ctx, bson.D{{Key: "comment", Value: bson.D{{Key: "$exists", Value: true}}}}); err != nil || n != 0 {
		t.Errorf("%d comments are left, err = %v", n, err)
	}
	told := 0
	if err := db.AuditLog(ctx, func(e audit.Entry) error {
		told++
		return nil
	}); err != nil || told != 1 {
		t.Errorf("%d entries, err = %v, want the one that was carried", told, err)
	}
	if n, err := project.Recount(ctx, ""); err != nil || n.Differing != 0 {
		t.Errorf("recount = %+v, err = %v", n, err)
	}
	if err := db.EndErasure(ctx, "2026-s1"); err != nil {
		t.Fatal(err)
	}
	// Nothing is looked through again while no answer comes.
	if n, err := db.Erasable(ctx, "2026-s1"); err != nil || n.Answers != 0 {
		t.Errorf("erasable %+v, err = %v", n, err)
	}
	if _, err := db.responses.UpdateByID(ctx, uuidValue(list[0].ID), bson.D{{Key: "$set", Value: bson.D{{Key: "respondent", Value: "1"}}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Erasable(ctx, "2026-s1"); err != nil || n.Answers != 0 {
		t.Errorf("erasable %+v, err = %v", n, err)
	}
	// Nor after it was once in vain: the period changed, but for no answer.
	if err := db.eraseAll(ctx, bson.D{legible()}); err != nil {
		t.Fatal(err)
	}
	if err := db.signal(ctx, "2026-s1"); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"~", "1"} {
		if _, err := db.responses.UpdateByID(ctx, uuidValue(list[0].ID), bson.D{{Key: "$set", Value: bson.D{{Key: "respondent", Value: what}}}}); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Erasable(ctx, "2026-s1"); err != nil || n.Answers != 0 {
			t.Errorf("erasable %+v, err = %v", n, err)
		}
	}
	if _, err := db.Append(ctx, storetest.NewMaker(t, 91).Batch(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := project.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Erasable(ctx, "2026-s1"); err != nil || n.Answers != 2 {
		t.Errorf("erasable %+v, err = %v", n, err)
	}
}

// TestAnErasureWaitsForAnUndo has one that had looked for an erasure before it began.
func TestAnErasureWaitsForAnUndo(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	ctx := t.Context()
	if _, err := db.Import(ctx, &survey.Import{Period: "2026-s1"}, storetest.NewMaker(t, 92).Batch(20)); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.Project(t, db).Settle(ctx); err != nil {
		t.Fatal(err)
	}
	storetest.MustBeginErasure(t, db, anErasure())
	id := primitive.NewObjectID()
	marker := bson.D{{Key: "_id", Value: id}, {Key: "w", Value: primitive.NewObjectID()}, {Key: "period", Value: "2026-s1"}, {Key: "undo", Value: 1}}
	if err := db.insertMarkers(ctx, []any{marker}); err != nil {
		t.Fatal(err)
	}
	if err := retention.Erase(ctx, db, "2026-s1"); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("err = %v, want it to wait", err)
	}
	if n, err := db.responses.CountDocuments(ctx, bson.D{legible()}); err != nil || n != 20 {
		t.Errorf("%d answers are whole, err = %v", n, err)
	}
	if err := db.forget(ctx, []primitive.ObjectID{id}); err != nil {
		t.Fatal(err)
	}
	// One that comes later finds the erasure, and takes its marker away again.
	if err := db.UndoImport(ctx, 1, survey.Undo{}); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("an undo: %v", err)
	}
	if err := retention.Erase(ctx, db, "2026-s1"); err != nil {
		t.Error(err)
	}
}

package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/survey"
)

// importBatch is what one Append of an import takes: well within its time-out.
const importBatch = 5000

// importDoc is an import; its serial is taken once. Body and Undone are JSON.
type importDoc struct {
	Serial int    `bson:"_id"`
	Body   string `bson:"body"`
	Done   bool   `bson:"done"`
	Stored int    `bson:"stored"`
	Undone string `bson:"undone,omitempty"`
}

func (d *importDoc) decode() (*survey.Import, error) {
	i, err := survey.DecodeImport(d.Serial, d.Body, d.Undone)
	if err != nil {
		return nil, err
	}
	i.Done, i.Stored = d.Done, d.Stored
	return i, nil
}

// importPart are the ids of some of the rows that an import brought. Those of them
// that it stored name it in their field import.
type importPart struct {
	ID   string `bson:"_id"` // SERIAL/PART
	Rows []byte `bson:"rows"`
}

func partPrefix(serial int) string { return fmt.Sprintf("%08d/", serial) }

// Import stores responses batch by batch; see survey.Importer. There is no
// transaction around them: one that was broken off has stored some, is not done, and
// the same import again stores the rest, since ids tell which are there.
func (db *DB) Import(ctx context.Context, of *survey.Import, list []*survey.Response) (survey.ImportResult, error) {
	serial, err := db.beginImport(ctx, of, list)
	total := survey.ImportResult{Serial: serial}
	if err != nil {
		return total, err
	}
	for part := range chunks(list, importBatch) {
		outcomes, err := db.append(ctx, part, serial)
		if err != nil {
			return total, err
		}
		total.Add(outcomes)
	}
	// Of one that was broken off some are stored by it before: they are counted with it.
	if total.Stored, err = db.endImport(ctx, serial); err != nil {
		return total, err
	}
	total.Before = len(list) - total.Stored
	return total, total.Refused()
}

func chunks[T any](list []T, n int) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			part := list[:min(n, len(list))]
			if list = list[len(part):]; !yield(part) {
				return
			}
		}
	}
}

// beginImport notes an import and the ids that it brings, before the first row, and
// returns its serial.
func (db *DB) beginImport(ctx context.Context, of *survey.Import, list []*survey.Response) (int, error) {
	const action = "begin an import"
	if err := db.begun(); err != nil {
		return 0, err
	}
	body, err := json.Marshal(of)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", action, err)
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	if err := db.stillWhole(ctx, of.Period, "an import"); err != nil {
		return 0, err
	}
	serial := of.Serial
	if serial != 0 {
		n, err := db.imports.CountDocuments(ctx, bson.D{{Key: "_id", Value: serial}, {Key: "done", Value: false}, {Key: "undone", Value: bson.D{{Key: "$exists", Value: false}}}})
		if err != nil {
			return 0, fault(action, err)
		}
		if n == 0 {
			return 0, survey.DoneBefore(serial)
		}
	}
	for try := 0; serial == 0; try++ {
		newest, err := db.newestImport(ctx)
		if err != nil {
			return 0, err
		}
		// Whoever comes after these takes the serial first, and then they are looked at again.
		if err := db.Imports(ctx, of.SharesKey); err != nil {
			return 0, err
		}
		_, err = db.imports.InsertOne(ctx, importDoc{Serial: newest + 1, Body: string(body)})
		if err == nil {
			serial = newest + 1
		} else if !isDuplicate(err) || try > 100 { // somebody else's import has that serial
			return 0, fault(action, err)
		}
	}
	n := 0
	for part := range chunks(list, maxInsert) {
		ids := make([]byte, 0, len(part)*len(uuid.UUID{}))
		for _, r := range part {
			ids = append(ids, r.ID[:]...)
		}
		n++
		doc := importPart{partPrefix(serial) + fmt.Sprintf("%06d", n), ids}
		if err := db.retry(ctx, func(ctx context.Context) error {
			_, err := db.importParts.ReplaceOne(ctx, bson.D{{Key: "_id", Value: doc.ID}}, doc, options.Replace().SetUpsert(true))
			return err
		}); err != nil {
			return serial, fault(action, err)
		}
	}
	return serial, nil
}

// newestImport returns the newest serial, 0 for none.
func (db *DB) newestImport(ctx context.Context) (int, error) {
	var doc importDoc
	err := db.imports.FindOne(ctx, bson.D{}, options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return 0, nil
	}
	return doc.Serial, fault("read the newest import", err)
}

// endImport notes that an import is done, and returns the number of rows that it
// stored. Where it was undone meanwhile, the rest is taken out too.
func (db *DB) endImport(ctx context.Context, serial int) (int, error) {
	const action = "end an import"
	stored := 0
	if err := db.eachPart(ctx, serial, func(mine bson.D) error {
		n, err := db.responses.CountDocuments(ctx, mine)
		stored += int(n)
		return err
	}); err != nil {
		return 0, fault(action, err)
	}
	within, cancel := db.within(ctx)
	defer cancel()
	if err := db.retry(within, func(ctx context.Context) error {
		_, err := db.imports.UpdateByID(ctx, serial, bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: true}, {Key: "stored", Value: stored}}}})
		return err
	}); err != nil {
		return 0, fault(action, err)
	}
	var doc importDoc
	if err := db.imports.FindOne(within, bson.D{{Key: "_id", Value: serial}}).Decode(&doc); err != nil {
		return 0, fault(action, err)
	}
	if doc.Undone == "" {
		return stored, nil
	}
	if err := db.takeOut(ctx, serial); err != nil {
		return 0, err
	}
	return 0, survey.Errorf(survey.Conflict, "import %d was undone while it ran", serial)
}

// eachPart calls fn with selections that together find the responses that an import
// stored.
func (db *DB) eachPart(ctx context.Context, serial int, fn func(mine bson.D) error) error {
	cursor, err := db.importParts.Find(ctx, span("_id", partPrefix(serial)), options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return err
	}
	return each(ctx, cursor, func(doc bson.Raw) error {
		var p importPart
		if err := bson.Unmarshal(doc, &p); err != nil {
			return err
		}
		ids := bson.A{}
		for id := range chunks(p.Rows, len(uuid.UUID{})) {
			ids = append(ids, uuidValue(uuid.UUID(id)))
		}
		return fn(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "import", Value: serial}})
	})
}

package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/survey"
)

// pictureDoc is a picture by the SHA-256 of its file in hex.
type pictureDoc struct {
	Sum  string `bson:"_id"`
	Data []byte `bson:"data"`
}

// fillPictures reads the pictures that a catalogue names.
func (db *DB) fillPictures(ctx context.Context, c *survey.Catalogue) error {
	const action = "read pictures"
	files := c.Pictures()
	if len(files) == 0 {
		return nil
	}
	sums := make([]string, 0, len(files))
	for sum := range files {
		sums = append(sums, sum)
	}
	cursor, err := db.pictures.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: sums}}}})
	if err != nil {
		return fault(action, err)
	}
	var rows []pictureDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return fault(action, err)
	}
	for _, row := range rows {
		files[row.Sum] = row.Data
	}
	c.Fill(files)
	return nil
}

// putPictures stores the pictures of a catalogue, before the catalogue that names them:
// what keeps that from being stored leaves pictures that nobody names, and which the next
// try finds.
func (db *DB) putPictures(ctx context.Context, c *survey.Catalogue) error {
	for sum, data := range c.Pictures() {
		if len(data) == 0 {
			continue // lost
		}
		_, err := db.pictures.ReplaceOne(ctx, bson.D{{Key: "_id", Value: sum}}, pictureDoc{sum, data}, options.Replace().SetUpsert(true))
		if err != nil && !isDuplicate(err) { // somebody else stores the same at once
			return fault("write a picture", err)
		}
	}
	return nil
}

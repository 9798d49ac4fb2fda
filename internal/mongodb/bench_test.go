package mongodb

import (
	"strconv"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// batchSizes are a submission alone, what 64 clients make at once, and the
// most that a queue commits at once.
func batchSizes() []int { return []int{1, 64, 512} }

// BenchmarkAppend and BenchmarkRawInsertMany store the same documents in the
// same batches into collections with the same indexes, acknowledged by a
// majority that has journaled them: the first by the store, which also marks
// buckets, knows ids again and counts; the second by the driver alone, its
// documents made beforehand. Their ratio is what the store costs:
//
//	PERSEPSI_TEST_MONGODB_URI=mongodb://… go test -run '^$' -bench 'Append|RawInsertMany' -count 5 ./internal/mongodb
func BenchmarkAppend(b *testing.B) {
	for _, size := range batchSizes() {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			db := open(b, testkit.MongoDB(b))
			b.Cleanup(func() { _ = db.Close() })
			list := storetest.NewMaker(b, 1).Batch(b.N * size)
			b.ResetTimer()
			for i := range b.N {
				outcomes, err := db.Append(b.Context(), list[i*size:(i+1)*size])
				if err != nil {
					b.Fatal(err)
				}
				for _, o := range outcomes {
					if o.Result != survey.Stored {
						b.Fatalf("outcome %v", o.Result)
					}
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkRawInsertMany is the reference of BenchmarkAppend.
func BenchmarkRawInsertMany(b *testing.B) {
	for _, size := range batchSizes() {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			db := open(b, testkit.MongoDB(b))
			b.Cleanup(func() { _ = db.Close() })
			docs := make([]any, 0, b.N*size)
			writer := primitive.NewObjectID()
			for i, r := range storetest.NewMaker(b, 1).Batch(b.N * size) {
				docs = append(docs, bson.Raw(appendResponse(nil, r, bucketOf(analytics.KeyOf(r)), 0, origin{writer, int64(i + 1)})))
			}
			b.ResetTimer()
			for i := range b.N {
				if _, err := db.responses.InsertMany(b.Context(), docs[i*size:(i+1)*size], options.InsertMany().SetOrdered(false)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
			b.StopTimer()
			if n, err := db.responses.CountDocuments(b.Context(), bson.D{}); err != nil || n != int64(b.N*size) {
				b.Fatalf("%d documents stored, want %d (%v)", n, b.N*size, err)
			}
		})
	}
}

package sqlite

import (
	"strconv"
	"testing"

	"persepsi/internal/storetest"
	"persepsi/survey"
)

func openBench(b *testing.B) *DB {
	b.Helper()
	db, err := Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// BenchmarkAppend measures durable batches:
//
//	go test -run '^$' -bench Append ./internal/sqlite
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{32, 64, 512, 10_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			db := openBench(b)
			m := storetest.NewMaker(b, 1)
			list := m.Batch(max(b.N, 1) * size)
			b.ResetTimer()
			for i := range b.N {
				if _, err := db.Append(b.Context(), list[i*size:(i+1)*size]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkRead measures a recount and a whole stream of 300,000 responses:
//
//	go test -run '^$' -bench Read -benchtime 3x ./internal/sqlite
func BenchmarkRead(b *testing.B) {
	const n = 300_000
	db := openBench(b)
	m := storetest.NewMaker(b, 2)
	for range n / 10_000 {
		if _, err := db.Append(b.Context(), m.Batch(10_000)); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := storetest.Project(b, db).Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Run("Recount", func(b *testing.B) {
		for range b.N {
			if r, err := storetest.Project(b, db).Recount(b.Context(), ""); err != nil || r.Differing != 0 || r.Responses != n {
				b.Fatalf("%+v, %v", r, err)
			}
		}
		b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("Stream", func(b *testing.B) {
		for range b.N {
			rows := 0
			if err := db.Responses(b.Context(), survey.Filter{}, func(*survey.Response) error {
				rows++
				return nil
			}); err != nil || rows != n {
				b.Fatal(rows, err)
			}
		}
		b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "rows/s")
	})
}

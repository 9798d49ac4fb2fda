package sqlite

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"persepsi/internal/retention"
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

// BenchmarkErase measures how fast comments and respondent fields are removed, and how
// long durable batches of 32 answers take meanwhile:
//
//	go test -run '^$' -bench Erase -benchtime 1x ./internal/sqlite
func BenchmarkErase(b *testing.B) {
	const n = 200_000
	for range b.N {
		b.StopTimer()
		db := openBench(b)
		m := storetest.NewMaker(b, 3)
		for range n / 10_000 {
			if _, err := db.Append(b.Context(), m.Batch(10_000)); err != nil {
				b.Fatal(err)
			}
		}
		mustSettleBench(b, db)
		storetest.MustBeginErasure(b, db, anErasure())
		list := m.Batch(200_000)
		for _, r := range list {
			r.Period = "2026-s2"
		}
		alone := appendUntil(b, db, list[:100*32], func() bool { return false })
		done := make(chan error, 1)
		b.StartTimer()
		began := time.Now()
		go func() { done <- retention.Erase(b.Context(), db, "2026-s1") }()
		var took time.Duration
		beside := appendUntil(b, db, list[100*32:], func() bool {
			select {
			case err := <-done:
				if took = time.Since(began); err != nil {
					b.Error(err)
				}
				return true
			default:
				return false
			}
		})
		b.StopTimer()
		b.ReportMetric(n/took.Seconds(), "erased/s")
		b.ReportMetric(float64(len(beside)*32)/took.Seconds(), "stored/s")
		b.ReportMetric(p95(alone), "p95-alone-ms")
		b.ReportMetric(p95(beside), "p95-beside-ms")
	}
}

func mustSettleBench(b *testing.B, db *DB) {
	b.Helper()
	if _, err := storetest.Project(b, db).Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// appendUntil stores batches of 32 until something ends, and returns how long each took.
func appendUntil(b *testing.B, db *DB, list []*survey.Response, ended func() bool) (took []time.Duration) {
	b.Helper()
	for len(list) >= 32 && !ended() {
		began := time.Now()
		if _, err := db.Append(b.Context(), list[:32]); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		list = list[32:]
	}
	for !ended() && len(list) < 32 && len(took) > 100 {
		time.Sleep(time.Millisecond)
	}
	return took
}

// p95 returns a percentile in milliseconds.
func p95(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)*95/100].Microseconds()) / 1000
}

package ingest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"persepsi/survey"
)

// synced is a store that is as dear as a durable file: it appends a line for
// each response and synchronises once for all.
type synced struct{ file *os.File }

func (s synced) Append(_ context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	line := make([]byte, 300*len(batch))
	if _, err := s.file.Write(line); err != nil {
		return nil, err
	}
	if err := s.file.Sync(); err != nil {
		return nil, err
	}
	out := make([]survey.Outcome, len(batch))
	for i := range out {
		out[i].Result = survey.Stored
	}
	return out, nil
}

// BenchmarkQueue is 32 clients a processor who send the next answer when they
// have the reply to the last one, and work on each for some 20 µs before, as
// reading and checking a submission takes. How many share a commit is what counts:
// 24 without the pause in run, 38 with it, on two processors.
func BenchmarkQueue(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "answers"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	q := NewQueue(synced{file}, QueueOptions{})
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := &survey.Response{}
			for range 100 {
				r.ID = uuid.NewSHA1(r.ID, r.ID[:])
			}
			if _, err := q.Submit(b.Context(), r); err != nil {
				b.Error(err)
				return
			}
		}
	})
	if err := q.Close(b.Context()); err != nil {
		b.Error(err)
	}
	stats := q.Stats()
	b.ReportMetric(float64(stats.Committed)/float64(stats.Groups), "answers/commit")
}

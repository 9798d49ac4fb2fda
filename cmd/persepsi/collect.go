package main

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// collectAt is the growth of the heap, in percent, at which a server and an export
	// collect their garbage: less than Go's own measure, for memory is what a small city
	// server has least of. GOGC in the environment wins.
	collectAt = 50
	// startAt is collectAt while a server makes its first figures: what is made then is kept, and
	// marking it again and again took a quarter of the time.
	startAt = 200
	// workHeap is by how many bytes the heap may grow between two collections while long work is
	// done.
	workHeap = 128 << 20
)

// collectEarly sets collectAt.
func collectEarly() { collect(collectAt) }

// collect sets by how many percent the heap may grow, where the environment doesn't say it.
func collect(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// workCollector lets the heap grow by workHeap between two collections while long work is done. Making a
// report leaves 44 MB of garbage, and each collection takes a tenth of a second of a processor,
// in which answers wait: at collectAt each report brought one. Long work alone uses it.
type workCollector struct{ percent int } // 0: no long work is done

// begin is called where long work begins, and what it returns where that ends.
func (s *workCollector) begin() (end func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	s.percent = collectAt
	s.again()
	return func() {
		s.percent = 0
		debug.SetGCPercent(collectAt)
	}
}

// again goes by what is alive now: a server that has just started has little, and what is percent
// of that would be much of what it has a minute later.
func (s *workCollector) again() {
	if s.percent == 0 {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	if to := percentOf(live[0].Value.Uint64()); to != s.percent {
		debug.SetGCPercent(to)
		s.percent = to
	}
}

// percentOf returns by how many percent so many bytes may grow: by workHeap, or as they always do.
func percentOf(live uint64) int { return int(max(collectAt, workHeap*100/max(live, 1<<20))) }

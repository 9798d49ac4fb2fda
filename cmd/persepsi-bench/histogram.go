package main

import (
	"math"
	"math/bits"
	"time"
)

// histogram counts durations in buckets that are at most 1/128 of their value
// wide, so that a percentile is right within 0.8 % however many there are.
type histogram struct {
	counts [(64 - fine) << fine]int64
	n      int64
	most   time.Duration
}

// fine is the number of bits by which durations are told apart.
const fine = 7

func bucketOf(d time.Duration) int {
	v := uint64(max(d, 0))
	if v < 1<<fine {
		return int(v)
	}
	shift := bits.Len64(v) - fine - 1
	return shift<<fine + int(v>>shift)
}

// value returns the middle of a bucket.
func value(bucket int) time.Duration {
	if bucket < 2<<fine {
		return time.Duration(bucket)
	}
	shift := bucket>>fine - 1
	low := uint64(bucket-shift<<fine) << shift
	return time.Duration(low + 1<<shift/2)
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucketOf(d)]++
	h.n++
	h.most = max(h.most, d)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.n += o.n
	h.most = max(h.most, o.most)
}

// percentile returns the least duration that at least p of 100 are not longer
// than (nearest rank); 0 where there is none.
func (h *histogram) percentile(p float64) time.Duration {
	rank := int64(math.Ceil(p / 100 * float64(h.n)))
	for i, n := range h.counts {
		if rank -= n; rank <= 0 && n > 0 {
			return min(value(i), h.most)
		}
	}
	return 0
}

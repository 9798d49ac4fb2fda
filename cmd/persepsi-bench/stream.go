package main

import (
	"iter"

	"persepsi/survey"
)

// batch is memory for many responses, used again and again.
type batch struct {
	list  []survey.Response
	refs  []*survey.Response
	marks []byte
	n     int
}

func newBatch(size int) *batch {
	b := &batch{list: make([]survey.Response, size), refs: make([]*survey.Response, size)}
	for i := range b.list {
		b.refs[i] = &b.list[i]
	}
	return b
}

// responses returns what the batch holds.
func (b *batch) responses() []*survey.Response { return b.refs[:b.n] }

// stream returns the answers of a city one batch after the other.
type stream struct {
	m    *maker
	next func() (cell, bool)
	stop func()
	cell cell
	at   int64 // answers of the cell that were given
}

// newStream begins at the from-th answer.
func newStream(m *maker, from int64) *stream {
	s := &stream{m: m}
	s.next, s.stop = iter.Pull(m.city.cells())
	for s.advance() {
		if from < s.cell.n {
			s.at = from
			break
		}
		from -= s.cell.n
		s.at = s.cell.n
	}
	return s
}

func (s *stream) advance() (ok bool) {
	s.cell, ok = s.next()
	s.at = 0
	return ok
}

// fill fills a batch with the next answers; false: there are no more.
func (s *stream) fill(b *batch) bool {
	b.n, b.marks = 0, b.marks[:0]
	for b.n < len(b.list) {
		if s.at == s.cell.n && !s.advance() {
			break
		}
		k := int(min(int64(len(b.list)-b.n), s.cell.n-s.at))
		b.marks = s.m.make(b.list[b.n:b.n+k], b.marks, s.cell, s.at)
		b.n += k
		s.at += int64(k)
	}
	// All marks are cut out of one text: one allocation a batch.
	text, q, f := string(b.marks), len(s.m.questions), len(s.m.fields)
	for i := range b.list[:b.n] {
		b.list[i].Answers, b.list[i].Respondent = survey.Marks(text[:q]), survey.Marks(text[q:q+f])
		text = text[q+f:]
	}
	return b.n > 0
}

package main

import (
	"fmt"
	"os"
	"sync"
)

// journal appends lines to a file and answers each when it is on the disk: one
// goroutine writes and syncs for all who wait.
type journal struct {
	file  *os.File
	queue chan *entry
	done  chan struct{}
	pool  sync.Pool
}

type entry struct {
	line  []byte
	ready chan error
}

const (
	journalQueue = 4096
	journalGroup = 512 // lines of one sync at most, as many as the intake takes
)

func openJournal(name string) (*journal, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	j := &journal{
		file: f, queue: make(chan *entry, journalQueue), done: make(chan struct{}),
		pool: sync.Pool{New: func() any { return &entry{ready: make(chan error, 1)} }},
	}
	go j.run()
	return j, nil
}

// append returns when the line is durable. The line is not kept.
func (j *journal) append(line []byte) error {
	e, ok := j.pool.Get().(*entry)
	if !ok {
		return fmt.Errorf("no entry")
	}
	e.line = line
	j.queue <- e
	err := <-e.ready
	e.line = nil
	j.pool.Put(e)
	return err
}

func (j *journal) run() {
	defer close(j.done)
	var buf []byte
	group := make([]*entry, 0, journalGroup)
	for first := range j.queue {
		group, buf = append(group[:0], first), append(append(buf[:0], first.line...), '\n')
		for more := true; more && len(group) < journalGroup; {
			select {
			case e, ok := <-j.queue:
				if more = ok; ok {
					group, buf = append(group, e), append(append(buf, e.line...), '\n')
				}
			default:
				more = false
			}
		}
		_, err := j.file.Write(buf)
		if err == nil {
			err = j.file.Sync()
		}
		for _, e := range group {
			e.ready <- err
		}
	}
}

// close ends the journal when nobody appends any more.
func (j *journal) close() error {
	close(j.queue)
	<-j.done
	return j.file.Close()
}

package report

import (
	"sync"
	"sync/atomic"
	"time"
)

// CityJSON returns the JSON text of the whole city as one gzip stream, where it
// is there already: the builder makes it while somebody asks for it. It may not
// be changed.
func (v *View) CityJSON() (zipped []byte, ok bool) {
	v.demand.note()
	return v.zipped, v.zipped != nil
}

// CityText returns the JSON text of the whole city, with explanations or without. The first who
// asks has it written, for all who ask of this view from then on; that without explanations the
// builder writes beforehand while somebody asks for it. It may not be changed.
func (v *View) CityText(explained bool) ([]byte, error) {
	if explained {
		return v.explained.get()
	}
	return v.plain.get()
}

// TextBytes returns how many bytes the texts of whole cities take that are kept with the
// figures: of each period and audience that somebody asks for up to three.
func (f *Figures) TextBytes() (n int64) {
	for _, s := range f.periods {
		for _, v := range s.views {
			if v != nil {
				n += int64(len(v.zipped)) + v.plain.bytes() + v.explained.bytes()
			}
		}
	}
	return n
}

// letGo drops the texts of a snapshot's views that nobody asked for of late.
func (s *Snapshot) letGo() {
	for _, v := range s.views {
		if v != nil {
			v.plain.letGo()
			v.explained.letGo()
		}
	}
}

// text is the text of a view, some megabytes, which is written once for all who ask and let go
// when nobody has for a while: figures of a period that is over stay for ever.
type text struct {
	demand  *demand // by whichever snapshot
	write   func(into []byte) ([]byte, error)
	writing sync.Mutex // held while it is written
	held    atomic.Pointer[[]byte]
}

func (t *text) get() ([]byte, error) {
	t.demand.note()
	return t.ready()
}

// ready returns the text, written where it is not.
func (t *text) ready() ([]byte, error) {
	if held := t.held.Load(); held != nil {
		return *held, nil
	}
	t.writing.Lock()
	defer t.writing.Unlock()
	if held := t.held.Load(); held != nil {
		return *held, nil
	}
	written, err := t.write(make([]byte, 0, t.demand.size.Load()))
	if err == nil {
		t.demand.size.Store(int64(len(written) + len(written)/8)) // the next is a little longer, perhaps
		t.held.Store(&written)
	}
	return written, err
}

func (t *text) letGo() {
	if !t.demand.recent() {
		t.held.Store(nil)
	}
}

func (t *text) bytes() int64 {
	if held := t.held.Load(); held != nil {
		return int64(len(*held))
	}
	return 0
}

// demand tells when a text of a whole city was asked for last, by whichever
// snapshot: the builder spends time and memory only on what is read.
type demand struct {
	now  func() time.Time
	last atomic.Int64 // Unix time in nanoseconds; 0, long ago: never
	size atomic.Int64 // room for the next text, in bytes: growing it takes four times as much
}

// wanted is how long after a request a text is kept, and those that follow are made
// beforehand: a page that looks again each few seconds never waits for one.
const wanted = 15 * time.Second

func (d *demand) note() { d.last.Store(d.now().UnixNano()) }

func (d *demand) recent() bool {
	return d.now().Sub(time.Unix(0, d.last.Load())) < wanted
}

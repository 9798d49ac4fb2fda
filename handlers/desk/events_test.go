package desk

import (
	"bytes"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/internal/connection"
)

func TestStreamsAreBoundedInAllAndForEachPerson(t *testing.T) {
	t.Parallel()
	s := countStreams()
	if s.each != streamsEach || s.most < 1 || s.most > mostStreams || s.most > connection.Most()/streamShare {
		t.Errorf("at most %d, %d of a person", s.most, s.each)
	}
	s.most, s.each = 5, 2
	for _, tc := range []struct {
		person string
		want   int
	}{{"a", 0}, {"a", 0}, {"a", 204}, {"b", 0}, {"b", 0}, {"c", 0}, {"d", 503}, {"a", 204}} {
		if got := s.enter(tc.person); got != tc.want {
			t.Errorf("%s enters: %d, want %d", tc.person, got, tc.want)
		}
	}
	s.leave("a")
	if got := s.enter("d"); got != 0 || s.all != 5 {
		t.Errorf("after one left: %d, %d open", got, s.all)
	}
	for _, person := range []string{"a", "b", "b", "c", "d"} {
		s.leave(person)
	}
	if s.all != 0 || len(s.byPerson) != 0 {
		t.Errorf("%d are open, %v", s.all, s.byPerson)
	}
}

// line is a connection that keeps what is written to it, and until when it might be.
type line struct {
	net.Conn
	written bytes.Buffer
	until   time.Time
	broken  error
}

func (l *line) SetWriteDeadline(at time.Time) error {
	l.until = at
	return l.broken
}

func (l *line) Write(b []byte) (int, error) { return l.written.Write(b) }

func TestAStreamIsWrittenAsBrowsersReadIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		to, gone, shut := &line{}, make(chan struct{}), make(chan struct{})
		e := &events{conn: to, gone: gone, shut: shut}
		for want, write := range map[string]func() error{
			"retry: 5250\n\n":                     func() error { return e.retry(5250*time.Millisecond + time.Microsecond) },
			"event: revision\ndata: 9f0a11c2\n\n": func() error { return e.send("revision", "9f0a11c2") },
			":\n\n":                               e.beat,
		} {
			to.written.Reset()
			if err := write(); err != nil || to.written.String() != want || !to.until.Equal(time.Now().Add(sendWithin)) {
				t.Errorf("%q is written until %s, %v, want %q", to.written.String(), to.until, err, want)
			}
		}
		began := time.Now()
		if !e.wait(lookEvery) || time.Since(began) != lookEvery {
			t.Errorf("it waits for %s", time.Since(began))
		}
		to.written.Reset()
		if to.broken = errors.New("gone"); !errors.Is(e.beat(), to.broken) || to.written.Len() > 0 {
			t.Errorf("on a connection that is gone %q is written", to.written.String())
		}
		close(gone)
		if e.wait(lookEvery) {
			t.Error("it goes on though its reader left")
		}
		e.gone = make(chan struct{})
		close(shut)
		if e.wait(lookEvery) {
			t.Error("it goes on though the server ends")
		}
	})
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// load is what some clients do for a while: each on a connection of its own
// sends a request, reads the whole reply, checks it, and sends the next: at
// once, or when it is due where a rate is asked for.
type load struct {
	addr    string // HOST:PORT
	clients int
	rate    int           // requests a second of all clients together; 0: as many as they can
	warmUp  time.Duration // before counting begins
	during  time.Duration
	// client returns the requests of one client: the function fills the next.
	client func(i int) func(*fasthttp.Request)
	// check returns what is wrong with a reply, empty for nothing.
	check func(*fasthttp.Response) string
}

// sample is what a load measured.
type sample struct {
	latency histogram // of the right replies
	elapsed time.Duration
	bytes   int64         // of the bodies of the right replies
	busy    time.Duration // CPU time that the server used, warm-up included
	// right counts every right reply, those of the warm-up too.
	right int64
	// faults counts everything else by what was wrong, warm-up included.
	faults map[string]int64
}

func (s *sample) rate() float64 {
	if s.elapsed <= 0 {
		return 0
	}
	return float64(s.latency.n) / s.elapsed.Seconds()
}

// cost returns the server's CPU time per right reply.
func (s *sample) cost() time.Duration {
	if s.right == 0 {
		return 0
	}
	return s.busy / time.Duration(s.right)
}

func (s *sample) merge(o *sample) {
	s.latency.merge(&o.latency)
	s.elapsed = max(s.elapsed, o.elapsed)
	s.bytes += o.bytes
	s.right += o.right
	for what, n := range o.faults {
		s.faults[what] += n
	}
}

const (
	replyWithin = 30 * time.Second
	afterFault  = 20 * time.Millisecond // a server that is down isn't asked in a tight loop
)

// run runs the load to its end, or to the end of ctx.
func (l load) run(ctx context.Context) *sample {
	total := &sample{faults: map[string]int64{}}
	parts := make([]*sample, l.clients)
	start := time.Now()
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { parts[i] = l.one(ctx, i, start) })
	}
	wg.Wait()
	for _, p := range parts {
		total.merge(p)
	}
	return total
}

// keptBody is the largest body that is kept whole.
const keptBody = 64 << 10

// connection is one client's. A retry would hide an error, and count a
// submission twice.
func connection(addr string) *fasthttp.HostClient {
	return &fasthttp.HostClient{
		Addr: addr, MaxConns: 1, MaxIdemponentCallAttempts: 1, ReadTimeout: replyWithin, WriteTimeout: replyWithin,
		// A whole city's results are not kept: to find memory for them again
		// and again would cost the client more than the server.
		StreamResponseBody: true, MaxResponseBodySize: keptBody,
		ReadBufferSize: 16 << 10, NoDefaultUserAgentHeader: true, DisableHeaderNamesNormalizing: true,
	}
}

// due returns when the n-th request of client i is due: the clients take turns.
// Without a rate each is due at once.
func (l load) due(start time.Time, i, n int) time.Time {
	if l.rate == 0 {
		return start
	}
	return start.Add(time.Duration(n*l.clients+i) * time.Second / time.Duration(l.rate))
}

// wait waits until a request is due and returns the moment from which its
// latency counts: when it is sent; when it was due where the client was still
// busy then, for who comes at that moment would have waited as well.
func (l load) wait(due time.Time) time.Time {
	late := time.Since(due)
	if l.rate > 0 && late > 0 {
		return due
	}
	time.Sleep(-late)
	return time.Now()
}

func (l load) one(ctx context.Context, i int, start time.Time) *sample {
	s := &sample{faults: map[string]int64{}}
	begin := start.Add(l.warmUp)
	conn := connection(l.addr)
	defer conn.CloseIdleConnections()
	next := l.client(i)
	var request fasthttp.Request
	var reply fasthttp.Response
	request.Header.SetHost(l.addr)
	for n := 0; ctx.Err() == nil && time.Since(begin) < l.during; n++ {
		next(&request)
		sent := l.wait(l.due(start, i, n))
		size, right := s.do(conn, &request, &reply, l.check)
		took := time.Since(sent)
		if !right {
			time.Sleep(afterFault)
			continue
		}
		if !sent.Before(begin) {
			s.latency.add(took)
			s.bytes += size
		}
	}
	s.elapsed = time.Since(begin)
	return s
}

// do sends a request, reads the whole reply, returns the size of its body and
// counts whether it was right.
func (s *sample) do(conn *fasthttp.HostClient, request *fasthttp.Request, reply *fasthttp.Response, check func(*fasthttp.Response) string) (size int64, right bool) {
	err := conn.Do(request, reply)
	if err == nil {
		size, err = drain(reply)
	}
	fault := ""
	if err != nil {
		fault = err.Error()
	} else {
		fault = check(reply)
	}
	if fault != "" {
		s.faults[fault]++
		return size, false
	}
	s.right++
	return size, true
}

// drain reads what is left of a reply that is too large to be kept, and returns
// the size of the body.
func drain(reply *fasthttp.Response) (int64, error) {
	stream := reply.BodyStream()
	if stream == nil {
		return int64(len(reply.Body())), nil
	}
	size, err := io.Copy(io.Discard, stream)
	return size, errors.Join(err, reply.CloseBodyStream())
}

// visit sends so many requests one by one, so that every path is asked for once: what a server makes at the first request and
// keeps is there before anything is measured.
func visit(ctx context.Context, addr string, requests int, client func(int) func(*fasthttp.Request), check func(*fasthttp.Response) string) *sample {
	s := &sample{faults: map[string]int64{}}
	conn := connection(addr)
	defer conn.CloseIdleConnections()
	var request fasthttp.Request
	var reply fasthttp.Response
	request.Header.SetHost(addr)
	next := client(0)
	for range requests {
		if ctx.Err() != nil {
			break
		}
		next(&request)
		s.do(conn, &request, &reply, check)
	}
	return s
}

// status is a check that wants one status.
func status(want int) func(*fasthttp.Response) string {
	return func(r *fasthttp.Response) string {
		if got := r.StatusCode(); got != want {
			return fmt.Sprintf("status %d instead of %d", got, want)
		}
		return ""
	}
}

// compressed is a check that wants 200 and a compressed body.
func compressed(r *fasthttp.Response) string {
	if fault := status(fasthttp.StatusOK)(r); fault != "" {
		return fault
	}
	if len(r.Header.ContentEncoding()) == 0 {
		return "the reply is not compressed"
	}
	return ""
}

// browser is what browsers say they can read.
const browser = "gzip, deflate, br"

// gets asks for paths in turn; each client begins elsewhere.
func gets(paths []string, encoding string) func(int) func(*fasthttp.Request) {
	return func(i int) func(*fasthttp.Request) {
		at := i * 37
		return func(r *fasthttp.Request) {
			r.SetRequestURI(paths[at%len(paths)])
			if encoding != "" {
				r.Header.Set(fasthttp.HeaderAcceptEncoding, encoding)
			}
			at++
		}
	}
}

package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"persepsi/internal/access"
)

// desksCommand measures what open desks cost the citizens: how long durable submissions
// take that come at a steady rate, and the processor time of the service meanwhile,
// without desks and with them, in turns.
type desksCommand struct {
	Program string        `help:"The product (${default})." default:"./persepsi" placeholder:"FILE"`
	Desks   int           `help:"How many desks are open (${default})." default:"500"`
	Each    int           `help:"How many of them a person has (${default}, as many as the product lets)." default:"8"`
	Clients int           `help:"How many clients send answers (${default})." default:"8"`
	Rate    int           `help:"How many answers they send a second, all together (${default})." default:"50"`
	Rounds  int           `help:"How often (${default})." default:"3"`
	During  time.Duration `help:"How long a measurement takes (${default})." default:"12s"`
	Seed    uint64        `help:"That of the city (${default})." default:"1"`
}

// Run measures on a copy of a city that generate made: --data. It adds people to it.
func (c *desksCommand) Run(ctx context.Context, of *common) error {
	grants := make([]access.Grant, (c.Desks+c.Each-1)/c.Each)
	for i := range grants {
		grants[i] = access.Grant{Role: access.Viewer, Scope: access.City()}
	}
	cookies, err := of.signedIn(ctx, grants...)
	if err != nil {
		return err
	}
	return intakeLoad{c.Program, c.Clients, c.Rate, c.During, c.Seed}.measure(ctx, of, func(s *server, intake func() *sample) error {
		tell := func(round int, desks string, got, bare *sample, events, pages int64) {
			fmt.Printf("| %d | %s | %.0f | %s | %s | %.2f | %.1f %% | %.2f | %d | %d |\n", round+1, desks, got.rate(),
				got.latency.percentile(50).Round(time.Millisecond/100), got.latency.percentile(99).Round(time.Millisecond/10),
				float64(got.latency.percentile(99))/float64(bare.latency.percentile(99)), got.ofProcessor(), got.ofProcessor()/bare.ofProcessor(), events, pages)
		}
		fmt.Println("| round | open desks | answers/s | p50 | p99 | ratio of p99 | of one processor | ratio | events | pages |")
		fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
		for round := range c.Rounds {
			bare := intake()
			tell(round, "none", bare, bare, 0, 0)
			for _, renews := range []bool{false, true} {
				desks, err := openDesks(ctx, s.addr, cookies, c.Desks, renews)
				if err != nil {
					return err
				}
				kind := map[bool]string{false: "that hear", true: "that hear and show"}[renews]
				got := intake()
				tell(round, fmt.Sprintf("%d %s", c.Desks, kind), got, bare, desks.events.Load(), desks.pages.Load())
				if lost := desks.close(); lost > 0 {
					return fmt.Errorf("%d of %d streams ended", lost, c.Desks)
				}
			}
		}
		return ctx.Err()
	})
}

// openedDesks are streams of events, and what became of them.
type openedDesks struct {
	conns         []net.Conn
	events, pages atomic.Int64
	ended         atomic.Int64
	closing       atomic.Bool
	readers       sync.WaitGroup
}

// openDesks opens streams; where renews says so each asks for its page at every event, as
// the product's script does.
func openDesks(ctx context.Context, addr string, cookies []string, n int, renews bool) (*openedDesks, error) {
	out := &openedDesks{}
	pages := &fasthttp.HostClient{Addr: addr, MaxConns: n}
	for i := range n {
		cookie := cookies[i%len(cookies)]
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, err
		}
		out.conns = append(out.conns, conn)
		if _, err := fmt.Fprintf(conn, "GET /meja/kejadian HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", addr, cookie); err != nil {
			return nil, err
		}
		from := bufio.NewReader(conn)
		reply, err := http.ReadResponse(from, nil)
		if err != nil {
			return nil, err
		}
		if reply.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("desk %d: %d", i+1, reply.StatusCode)
		}
		out.readers.Go(func() { out.hear(reply, pages, cookie, renews) })
	}
	return out, nil
}

func (o *openedDesks) hear(reply *http.Response, pages *fasthttp.HostClient, cookie string, renews bool) {
	defer reply.Body.Close()
	lines := bufio.NewScanner(reply.Body)
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "data: ") {
			continue
		}
		o.events.Add(1)
		if renews && o.show(pages, cookie) {
			o.pages.Add(1)
		}
	}
	if !o.closing.Load() {
		o.ended.Add(1)
	}
}

// show asks for a desk's page.
func (o *openedDesks) show(pages *fasthttp.HostClient, cookie string) bool {
	request, reply := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(reply)
	request.SetRequestURI("http://" + pages.Addr + "/meja")
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Persepsi-Renews", "1")
	request.Header.Set("Accept-Encoding", "gzip")
	return pages.DoTimeout(request, reply, replyWithin) == nil && reply.StatusCode() == fasthttp.StatusOK
}

// close ends the streams and returns how many had ended before.
func (o *openedDesks) close() int64 {
	lost := o.ended.Load()
	o.closing.Store(true)
	for _, conn := range o.conns {
		_ = conn.Close() // it is left
	}
	o.readers.Wait()
	return lost
}

package main

import (
	"context"
	"time"

	"github.com/valyala/fasthttp"
)

// intakeLoad is a steady load of durable submissions, beside which something else goes on.
type intakeLoad struct {
	program       string
	clients, rate int
	during        time.Duration
	seed          uint64
}

// measure starts the product on the city of --data and hands it over with the load, which may be
// run as often as is liked and tells the processor time of the product meanwhile.
func (b intakeLoad) measure(ctx context.Context, of *common, do func(s *server, intake func() *sample) error) error {
	d, err := of.directory(ctx)
	if err != nil {
		return err
	}
	bodies, err := submissions(City{Units: len(d.Units()), Seed: b.seed, Today: d.Today(time.Now())}, d, time.Now())
	if err != nil {
		return err
	}
	return with(func() (*server, error) {
		return program{path: b.program}.start(ctx, nil, "serve", "--data", of.Data, "--addr", "127.0.0.1:0")
	}, func(s *server) error {
		return do(s, func() *sample {
			before := busyTime(s.cmd.Process.Pid)
			got := load{addr: s.addr, clients: b.clients, rate: b.rate, during: b.during, client: posts(bodies, "", timedID), check: status(fasthttp.StatusCreated)}.run(ctx)
			got.busy = busyTime(s.cmd.Process.Pid) - before
			return got
		})
	})
}

// ofProcessor is how much of one processor the product took meanwhile, in percent.
func (s *sample) ofProcessor() float64 { return s.busy.Seconds() / s.elapsed.Seconds() * 100 }

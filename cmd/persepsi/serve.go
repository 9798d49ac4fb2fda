package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"persepsi/handlers"
	accountpages "persepsi/handlers/account"
	"persepsi/handlers/api"
	citizenpages "persepsi/handlers/citizen"
	deskpages "persepsi/handlers/desk"
	"persepsi/handlers/evaluation"
	"persepsi/handlers/ops"
	publicpages "persepsi/handlers/public"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/account"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/connection"
	"persepsi/internal/datadir"
	"persepsi/internal/demo"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/ingest"
	"persepsi/internal/jobs"
	"persepsi/internal/lke"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

type serveCommand struct {
	Addr      string `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service; it stands in the QR symbols." placeholder:"URL" shown:"none; symbols of the demonstration take the address of the request"`
	Demo      bool   `help:"Fill an empty store with a demonstration city and its answers."`
	// ReleaseEvery is nil where nobody named it.
	ReleaseEvery *time.Duration `name:"release-every" help:"Least time between two releases of a unit's figures; 0: as soon as enough answers came." placeholder:"DURATION" shown:"24h, and 0 with --demo"`
	Verbose      bool           `help:"Log every request (never its content)."`

	EvidenceGB int `name:"evidence-gb" help:"Most that files of evidence may take in the store, of the whole city, in gigabytes; 0: links alone are taken." default:"${evidence_gb}" placeholder:"GB"`
	SpoolMB    int `name:"spool-mb" help:"Most that the spool for answers may take in --data while MongoDB is away, in megabytes." default:"1024" placeholder:"MB"`
	citySignIn
	secondFactor
	TrustedProxy []string `name:"trusted-proxy" help:"Proxy whose X-Forwarded-For, -Host and -Proto are believed; one on this machine always is." placeholder:"ADDRESS|NETWORK"`
}

const (
	// cacheBytes bounds what is rendered and kept, whatever is asked for.
	cacheBytes = 8 << 20
	stopWithin = 8 * time.Second // for the connections, then for the answers

	mostEvidenceGB = 1 << 20 // a petabyte

	minReleaseEvery, maxReleaseEvery = time.Minute, 31 * 24 * time.Hour
)

// every returns the least time between two releases of a unit's figures.
func (c *serveCommand) every() time.Duration {
	switch {
	case c.ReleaseEvery != nil:
		return *c.ReleaseEvery
	case c.Demo:
		return 0
	default:
		return 24 * time.Hour
	}
}

// check reads the settings that need more than a type.
func (c *serveCommand) check() (public string, trusted []netip.Prefix, err error) {
	if c.PublicURL != "" {
		if public, err = publicURL(c.PublicURL); err != nil {
			return "", nil, err
		}
	}
	if every := c.every(); every < 0 || every > maxReleaseEvery || every > 0 && every < minReleaseEvery {
		return "", nil, survey.Errorf(survey.Invalid, "--release-every: must be 0, or from %s to %s", "1m", "744h")
	}
	if c.EvidenceGB < 0 || c.EvidenceGB > mostEvidenceGB {
		return "", nil, survey.Errorf(survey.Invalid, "--evidence-gb: must be from 0 to %d", mostEvidenceGB)
	}
	if c.SpoolMB < 1 {
		return "", nil, survey.Errorf(survey.Invalid, "--spool-mb: must be at least 1")
	}
	trusted, err = trustedProxies(c.TrustedProxy)
	return public, trusted, err
}

// Run serves until ctx ends, then stores what was accepted and stops.
func (c *serveCommand) Run(ctx context.Context, e *environment) error {
	public, trusted, err := c.check()
	if err != nil {
		return err
	}
	city, err := c.provider(public, e.now)
	if err != nil {
		return err
	}
	second, err := c.roles(c.Demo)
	if err != nil {
		return err
	}
	collectEarly()
	go func() { _, _ = view.New() }() // parsed while the store is opened and counted; its error comes where it is used
	// With MongoDB too: the spool in the directory belongs to one server.
	unlock, err := datadir.Lock(e.Data)
	if err != nil {
		return err
	}
	defer unlock()
	temp, err := datadir.Temp(e.Data, web.TempPrefix)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(e.Err, &slog.HandlerOptions{Level: level}))
	b, err := e.begin(ctx)
	if err != nil {
		return err
	}
	s, r := b.store, b.rules
	defer s.Close() // everything is durable after the intake is closed
	if c.Demo && b.away() {
		log.Warn("MongoDB is away: no demonstration is made")
	} else if c.Demo {
		if err := demo.Fill(ctx, s, r.library, r.methods, e.now()); err != nil {
			return err
		}
	}
	if b.away() {
		log.Warn("MongoDB cannot be reached: serving from the catalogue that was kept; answers go to the local spool", "catalogue", b.cached.Version)
	}
	register, err := b.register(ctx, e.Data, log)
	if err != nil {
		return err
	}
	if err := c.served(register.Directory().City()); err != nil {
		return err
	}
	kept := cache.New(cacheBytes)
	figures, err := report.NewBuilder(report.NewBoard(s), register.Directory, kept, e.now)
	if err != nil {
		return err
	}
	if !b.away() {
		collect(startAt)
		if err := figures.Refresh(ctx); err != nil && !figures.Figures().Loaded() {
			return err
		} else if err != nil {
			log.Warn("some figures could not be made", "error", err)
		}
	}
	if c.Demo && !b.away() { // a newcomer finds figures at once
		var faults []error
		for _, at := range demo.Moments(register.Directory(), e.now()) { // a releaser each: none remembers that there was nothing to release
			_, err := projection.NewReleaser(s.Projector, c.every(), func() bool { return true }).Release(ctx, register.Directory(), at)
			faults = append(faults, err)
		}
		if err := errors.Join(append(faults, figures.Refresh(ctx))...); err != nil {
			log.Warn("some figures could not be released", "error", err)
		}
	}
	comments, err := comment.NewReader(s, s.Projector, register.Directory, e.now)
	if err != nil {
		return err
	}
	if c.Demo && !b.away() {
		if err := comments.Refresh(ctx); err != nil {
			log.Warn("some comments could not be read", "error", err)
		}
	}
	desks := desk.NewBuilder(figures.Figures, s, comments, e.now)
	reports, err := reporting.NewReports(figures, comments, s, kept, public, e.now)
	if err != nil {
		return err
	}
	maker := &dossier.Maker{Reports: reports, Desks: desks, Facts: s, Evidence: s, Audit: s, Version: version, Now: e.now}
	all := &reporting.AllReports{Reports: reports, Desks: desks, People: s, Audit: s, Erased: s, Now: e.now}
	work := deskpages.Work{
		Jobs:    &jobs.Queue{Store: s, Now: e.now},
		Reports: all, Evidence: &dossier.Agencies{Maker: maker, All: all},
	}
	entries, err := lke.NewEntries(s, figures.Check, e.now)
	if err != nil {
		return err
	}
	collectEarly()
	listener, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	in, err := newIntake(ctx, b, e.Data, int64(c.SpoolMB)<<20, e.now)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := in.announce(ctx); err != nil {
		log.Warn("other servers of the database were not told of this one yet", "error", err)
	}
	recurring := jobs.New(log, e.now, slices.Concat(
		tasks(figures, desks, register, kept, in, log),
		workTasks(work, in, log, e.now),
		[]jobs.Task{
			releaseTask(c.every(), register, in, e.now, log),
			eraseTask(c.every(), register, in, log, e.now),
			commentTask(comments, in),
			evidenceTask(in, e.now),
		},
	)...)
	receiver, people := ingest.NewReceiver(in, in.finder(s), e.now), account.New(s, e.now)
	app, err := handlers.New(handlers.Deps{
		Site: web.Settings{
			Directories: register, KeyStore: s, Sessions: people, PersonStore: s, SecondFactor: second, Cache: kept,
			Limits: web.DefaultLimits(), Trusted: trusted, PublicURL: public, Temp: temp, Now: e.now, Log: log,
		},
		Citizen:    citizenpages.Deps{Receiver: receiver},
		Public:     publicpages.Deps{Figures: figures},
		Desk:       deskpages.Deps{Desks: desks, Comments: comments, Reports: reports, Dossiers: maker, Work: work},
		Evaluation: evaluation.Deps{Figures: figures, Desks: desks, Entries: entries, Evidence: s, MostEvidence: int64(c.EvidenceGB) << 30},
		Account:    accountpages.Deps{Accounts: people, City: city},
		API:        api.Deps{Receiver: receiver, Figures: figures, Entries: entries},
		Ops: ops.Deps{Version: version, Figures: figures, Health: in.health, Metrics: func() []ops.Metric {
			return append(in.metrics(figures), append(taskMetrics(recurring), append(cacheMetrics(kept), keptMetrics(figures, desks)...)...)...)
		}},
	})
	if err != nil {
		return errors.Join(err, in.close(ctx), listener.Close())
	}

	background, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { recurring.Run(background) })
	served := make(chan error, 1)
	go func() { served <- app.Listener(connection.NewListener(listener, connection.Most())) }()

	address := "http://" + listener.Addr().String()
	administrator := e.firstAdmin(ctx, b, log)
	fmt.Fprintf(e.Out, "ready %s\n", address)
	if administrator != "" {
		fmt.Fprintf(e.Out, "administrator %s%s\n", cmp.Or(public, address), administrator)
	}
	if e.Terminal {
		e.welcome(register.Directory(), address, public)
	}
	debug.FreeOSMemory() // a start leaves as much garbage as the server keeps: see startAt
	select {
	case <-ctx.Done():
		err = nil
	case err = <-served:
	}
	stop()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	switch shut := app.ShutdownWithContext(stopping); {
	case errors.Is(shut, context.DeadlineExceeded):
		log.Warn("requests that clients did not finish sending were cut off", "after", stopWithin)
	default:
		err = errors.Join(err, shut)
	}
	running.Wait() // the spool is closed after its last user
	storing, cancelStoring := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancelStoring() // a time of its own, however long the connections took
	err = errors.Join(err, in.close(storing))
	if !b.away() {
		if _, unsaved := s.Settle(storing); unsaved != nil {
			log.Warn("the tallies could not be saved; the next start counts what they lack", "error", unsaved)
		}
	}
	return err
}

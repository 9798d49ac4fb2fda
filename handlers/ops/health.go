package ops

import (
	"context"
	"maps"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/report"
)

// Part is one part of /readyz: what it is, and whether it works.
type Part struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// Metric is one value of /metrics.
type Metric struct {
	Name, Help string
	Labels     map[string]string
	Counter    bool // else a gauge
	Value      float64
}

// Deps is what the area needs.
type Deps struct {
	Version string
	Figures *report.Builder
	// Health tells of the parts that store answers, by name, and whether an
	// answer could be stored now.
	Health  func(ctx context.Context) (parts map[string]Part, takes bool)
	Metrics func() []Metric // values read when /metrics is asked for
}

type checks struct {
	Deps
	peers *web.Peers
}

// Mount adds the routes for those who run the service.
func Mount(app *fiber.App, site *web.Site, of Deps) {
	s, m := &checks{of, site.Peers}, newMetrics(of.Metrics)
	site.Observed = m.observe
	area := site.Area(app, web.Anonymous)
	area.Get("/healthz", access.Monitor, func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	area.Get("/readyz", access.Monitor, s.ready)
	area.Get("/metrics", access.Monitor, adaptor.HTTPHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})))
}

const readyWithin = 2 * time.Second

// ready is GET /readyz: 200 where an answer could be stored now, else 503. A
// store that is away while the spool takes answers is told, but is no reason to
// be taken out of service.
func (s *checks) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), readyWithin)
	defer cancel()
	parts, takes := s.Health(ctx)
	switch age, loaded := s.Figures.Age(); {
	case !loaded:
		parts["figures"] = Part{Detail: "are not loaded yet"}
	case age > time.Minute:
		parts["figures"] = Part{Detail: "are " + age.Round(time.Second).String() + " old"}
	default:
		parts["figures"] = Part{OK: true}
	}
	if s.peers.Unnamed() {
		parts["proxy"] = Part{Detail: "a proxy that is not named with --trusted-proxy forwards requests"}
	}
	status := fiber.StatusOK
	if !takes {
		status = fiber.StatusServiceUnavailable
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(fiber.Map{"ready": takes, "version": s.Version, "parts": parts})
}

// metrics counts requests by route, never by address or content.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec

	known atomic.Pointer[map[outcome]series] // replaced and never changed, so read without a lock
}

// outcome is how a request of a route ended: there are a few for each route.
type outcome struct {
	route  string
	status int
}

// series are the counters of an outcome, found by their labels once and not at
// each request.
type series struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

// newMetrics makes the counters, and reads the application's own values when
// they are asked for.
func newMetrics(values func() []Metric) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "persepsi_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "persepsi_http_seconds", Help: "Time to answer by route.", Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"route"}),
	}
	m.known.Store(&map[outcome]series{})
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if values != nil {
		m.registry.MustRegister(&valueCollector{values: values})
	}
	return m
}

// observe counts a request that was answered.
func (m *metrics) observe(route string, status int, took time.Duration) {
	o := outcome{route, status}
	of, ok := (*m.known.Load())[o]
	if !ok {
		of = m.meet(o)
	}
	of.requests.Inc()
	of.seconds.Observe(took.Seconds())
}

// meet finds the counters of an outcome that is seen for the first time. Of two
// that are met at once one may be forgotten, and is met again.
func (m *metrics) meet(o outcome) series {
	of := series{m.requests.WithLabelValues(o.route, strconv.Itoa(o.status)), m.seconds.WithLabelValues(o.route)}
	known := maps.Clone(*m.known.Load())
	known[o] = of
	m.known.Store(&known)
	return of
}

// valueCollector reads the application's own values when it is asked.
type valueCollector struct{ values func() []Metric }

// Describe describes nothing beforehand: the values are read as they are.
func (*valueCollector) Describe(chan<- *prometheus.Desc) {}

// Collect reads the values.
func (v *valueCollector) Collect(out chan<- prometheus.Metric) {
	for _, m := range v.values() {
		kind := prometheus.GaugeValue
		if m.Counter {
			kind = prometheus.CounterValue
		}
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc(m.Name, m.Help, nil, m.Labels), kind, m.Value)
	}
}

package ops

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEveryRequestIsCountedOnceByRouteAndStatus(t *testing.T) {
	t.Parallel()
	m := newMetrics(nil)
	const clients, each = 8, 100
	routes, statuses := []string{"/a", "/b"}, []int{200, 404}
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for range each {
				for _, route := range routes {
					for _, status := range statuses {
						m.observe(route, status, time.Millisecond)
					}
				}
			}
		})
	}
	wg.Wait()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range families {
		for _, metric := range f.GetMetric() {
			switch f.GetName() {
			case "persepsi_http_requests_total":
				seen++
				if n := metric.GetCounter().GetValue(); n != clients*each {
					t.Errorf("%v: %v requests, want %d", metric.GetLabel(), n, clients*each)
				}
			case "persepsi_http_seconds":
				seen++
				if h := metric.GetHistogram(); h.GetSampleCount() != uint64(clients*each*len(statuses)) || h.GetSampleSum() < 1 {
					t.Errorf("%v: %d times of %v s", metric.GetLabel(), h.GetSampleCount(), h.GetSampleSum())
				}
			}
		}
	}
	if want := len(routes)*len(statuses) + len(routes); seen != want {
		t.Errorf("%d series, want %d", seen, want)
	}
}

func TestTheApplicationsOwnValuesAreReadWhenTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	asked := 0.0
	m := newMetrics(func() []Metric {
		asked++
		return []Metric{{Name: "own_total", Help: "h", Counter: true, Value: asked}, {Name: "own_now", Help: "h", Labels: map[string]string{"part": "spool"}, Value: -asked}}
	})
	for range 2 {
		before := asked
		families, err := m.registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{}
		for _, f := range families {
			for _, metric := range f.GetMetric() {
				if strings.HasPrefix(f.GetName(), "own_") {
					told[f.GetName()] = fmt.Sprint(f.GetType(), metric.GetCounter().GetValue()+metric.GetGauge().GetValue(), len(metric.GetLabel()))
				}
			}
		}
		if want := map[string]string{"own_total": fmt.Sprint("COUNTER ", before+1, 0), "own_now": fmt.Sprint("GAUGE ", -before-1, 1)}; !maps.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	}
}

package handlers_test

import (
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"persepsi/handlers/ops"
	"persepsi/handlers/web"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// directory is one that never changes.
type directory struct{ d *survey.Directory }

func (d directory) Directory() *survey.Directory { return d.d }

// demonstration marks a city as one.
func demonstration(t *testing.T, of *survey.Directory) directory {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	c := *of.Catalogue()
	c.City.Demo = true
	d, err := survey.NewDirectory(&c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	return directory{d}
}

// symbolSays reads what a symbol leads to.
func symbolSays(t *testing.T, r *testkit.Reply) string {
	t.Helper()
	img, err := png.Decode(strings.NewReader(r.Text))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	text, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return text.GetText()
}

func TestASymbolSaysTheConfiguredAddressAndNothingThatARequestTells(t *testing.T) {
	t.Parallel()
	// The first page shows the symbol of a point that takes remote answers.
	remote := strings.Replace(testkit.City, "{code: KUPARI47,", "{code: KUPARI47, remote: true,", 1)
	for _, tc := range []struct {
		name        string
		demo        bool
		public      string
		trusted     bool
		headers     []string
		says, cache string // says is empty where there is no symbol
	}{
		{"the configured address", false, "https://survei.kota.go.id", false, nil, "https://survei.kota.go.id/s/KUPARI47", "public, max-age=300"},
		{"forged, with a configured address", false, "https://survei.kota.go.id", true, []string{"Host: jahat.example", "X-Forwarded-Host: jahat.example"}, "https://survei.kota.go.id/s/KUPARI47", "public, max-age=300"},
		{"not configured", false, "", true, []string{"X-Forwarded-Host: jahat.example"}, "", "no-store"},
		{"the demonstration", true, "", false, []string{"Host: 192.168.1.5:8080"}, "http://192.168.1.5:8080/s/KUPARI47", "no-store"},
		{"the demonstration, forged by anybody", true, "", false, []string{"Host: demo.example", "X-Forwarded-Host: jahat.example", "X-Forwarded-Proto: https"}, "http://demo.example/s/KUPARI47", "no-store"},
		{"the demonstration behind a trusted proxy", true, "", true, []string{"Host: inside:8080", "X-Forwarded-Host: demo.example, inside", "X-Forwarded-Proto: https"}, "https://demo.example/s/KUPARI47", "no-store"},
		{"a host that is none", true, "", true, []string{"Host: inside", "X-Forwarded-Host: a/../b?c", "X-Forwarded-Proto: javascript"}, "http://inside/s/KUPARI47", "no-store"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t, remote, func(d *testkit.Deps) {
				if tc.demo {
					d.Directories = demonstration(t, d.Directories.Directory())
				}
				d.PublicURL = tc.public
				if tc.trusted {
					d.Trusted = trustedHere
				}
			})
			ask := func(path string) *testkit.Reply {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				for _, h := range tc.headers {
					name, v, _ := strings.Cut(h, ": ")
					if name == "Host" {
						r.Host = v
					} else {
						r.Header.Set(name, v)
					}
				}
				return k.Do(r)
			}
			got := ask("/qr/KUPARI47.png")
			if cache := got.Header.Get("Cache-Control"); cache != tc.cache {
				t.Errorf("Cache-Control %q, want %q", cache, tc.cache)
			}
			if svg := ask("/qr/KUPARI47.svg"); svg.StatusCode != got.StatusCode || svg.Header.Get("Cache-Control") != tc.cache {
				t.Errorf("the SVG: %d %s", svg.StatusCode, svg.Header.Get("Cache-Control"))
			}
			if sheet := ask("/poster/KUPARI47.pdf"); sheet.StatusCode != got.StatusCode || sheet.Header.Get("Cache-Control") != tc.cache {
				t.Errorf("the poster: %d %s", sheet.StatusCode, sheet.Header.Get("Cache-Control"))
			}
			if tc.says == "" {
				if got.StatusCode != http.StatusConflict || !strings.Contains(got.Text, "--public-url") {
					t.Errorf("%d %s", got.StatusCode, got.Text)
				}
				return
			}
			if says := symbolSays(t, got); says != tc.says {
				t.Errorf("the symbol says %s, want %s", says, tc.says)
			}
			if cache := ask("/").Header.Get("Cache-Control"); tc.demo && cache != "no-store" {
				t.Errorf("the first page has the same symbol and Cache-Control %q", cache)
			}
		})
	}
}

func TestRequestsOfThisMachineAreNotHeldBack(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Limits = web.Limits{Device: web.Pace{Burst: 1, PerSecond: 0.001}}
	})
	addr := listen(t, k)
	send := func(forwarded string) int {
		body := k.Response(nil)
		head := ""
		if forwarded != "" {
			head = "X-Forwarded-For: " + forwarded + "\r\n"
		}
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return asks(c, "POST "+responsesPath+" HTTP/1.1\r\nHost: x\r\n"+head+"Content-Type: application/json\r\nContent-Length: "+length(body)+"\r\n\r\n"+body)
	}
	for i := range 5 {
		if got := send(""); got != http.StatusCreated {
			t.Errorf("answer %d of this machine: %d", i+1, got)
		}
	}
	if first, second := send("203.0.113.7"), send("203.0.113.7"); first != http.StatusCreated || second != http.StatusTooManyRequests {
		t.Errorf("a citizen behind a proxy on this machine: %d, then %d, want 201 and 429", first, second)
	}
}

func TestAProxyThatIsNotNamedIsToldOnceAndItsCitizensPass(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Limits = web.DefaultLimits()
		d.Limits.Device = web.Pace{Burst: 2, PerSecond: 0.001} // what is forwarded tells devices apart
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(passed.Load())) }
	})
	if r := k.Get("/readyz"); strings.Contains(r.Text, `"proxy"`) {
		t.Errorf("before: %s", r.Text)
	}
	for i := range 300 {
		if r := sendFrom(k, sender{"203.0.113." + strconv.Itoa(i%250) + ", 10.0.0." + strconv.Itoa(i%250), "the one phone", "id"}, "KUPARI47"); r.StatusCode != http.StatusCreated {
			t.Fatalf("citizen %d: %d %s", i+1, r.StatusCode, r.Text)
		}
	}
	log := k.Log.String()
	if n := strings.Count(log, "--trusted-proxy"); n != 1 || !strings.Contains(log, "a proxy forwards requests and is not named") {
		t.Errorf("told %d times in the log: %s", n, log)
	}
	for _, address := range []string{"203.0.113", "10.0.0", "0.0.0.0"} {
		if strings.Contains(log, address) {
			t.Errorf("the log holds an address (%s)", address)
		}
	}
	r := k.Get("/readyz")
	var ready struct {
		Ready bool
		Parts map[string]ops.Part
	}
	r.JSON(&ready)
	if r.StatusCode != http.StatusOK || !ready.Ready || ready.Parts["proxy"].OK || !strings.Contains(ready.Parts["proxy"].Detail, "--trusted-proxy") {
		t.Errorf("%d %s", r.StatusCode, r.Text)
	}
	passed.Store(int64(25 * time.Hour))
	if r := k.Get("/readyz"); strings.Contains(r.Text, `"proxy"`) {
		t.Errorf("a day later: %s", r.Text)
	}
}

func TestOnlyATrustedProxyIsBelievedAboutWhereACitizenIs(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Limits = web.Limits{Address: web.Pace{Burst: 2, PerSecond: 0.001}}
	})
	stored := 0
	for i := range 10 {
		if sendFrom(k, sender{"203.0.113." + strconv.Itoa(i), uuid.NewString(), "id"}, "KUPARI47").StatusCode == http.StatusCreated {
			stored++
		}
	}
	if stored != 2 {
		t.Errorf("%d stored of one address that forges others, want 2", stored)
	}
}

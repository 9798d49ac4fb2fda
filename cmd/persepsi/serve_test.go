package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

const oneCounter = `
city: {name: Kota Contoh}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan
    units:
      - code: dukcapil-loket
        name: Unit Pelayanan
        services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta kelahiran}]
        points: [{code: KUPARI47, name: Loket 1}]
periods:
  - {code: berjalan, name: Periode berjalan, from: ${FROM}, to: ${TO}, instrument: terpadu-16, population: {dukcapil-loket: 703}}
`

// TestAnAnswerWithoutJavaScriptBecomesAFigureThatStays is the main job: the
// form of a scanned point, its thank-you page, the unit's figure, and all of it
// again after a restart.
func TestAnAnswerWithoutJavaScriptBecomesAFigureThatStays(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			must(t, append([]string{"apply", declared(t, oneCounter)}, flags...)...)
			flags = append(flags, "--release-every", "0")
			s := serve(t, flags...)
			if got := figures(s.page("/hasil/dukcapil-loket")); got != "" {
				t.Fatalf("before there is an answer the page shows %s", got)
			}
			form := s.page("/s/KUPARI47").Find("form[method=post]")
			values := filled(form, "3")
			r := s.postForm(form.AttrOr("action", ""), values)
			if r.StatusCode != http.StatusSeeOther {
				t.Fatalf("the form was answered with %d\n%s", r.StatusCode, r.text)
			}
			if text := s.page(r.Header.Get("Location")).Find("main").Text(); !regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).MatchString(text) {
				t.Errorf("the thank-you page has no receipt: %s", text)
			}
			// The button pressed again, and after a change of mind.
			if again := s.postForm(form.AttrOr("action", ""), values); again.Header.Get("Location") != r.Header.Get("Location") {
				t.Errorf("the same form again leads to %q, not to %q", again.Header.Get("Location"), r.Header.Get("Location"))
			}
			values.Set("answers.prosedur", "1")
			if other := s.postForm(form.AttrOr("action", ""), values); other.StatusCode != http.StatusConflict {
				t.Errorf("another answer under the same id: %d, want 409", other.StatusCode)
			}

			for range 19 { // ten of twenty answers are shown
				form := s.page("/s/KUPARI47").Find("form[method=post]")
				if r := s.postForm(form.AttrOr("action", ""), filled(form, "3")); r.StatusCode != http.StatusSeeOther {
					t.Fatalf("another form was answered with %d\n%s", r.StatusCode, r.text)
				}
			}
			var before string
			eventually(t, "the figure on the unit's page", func() bool {
				before = figures(s.page("/hasil/dukcapil-loket"))
				return before != ""
			})
			for _, want := range []string{"75,00", "3,00"} {
				if !strings.Contains(before, want) {
					t.Errorf("the page shows %q, want %s in it", before, want)
				}
			}
			for _, kept := range []string{"persepsi_cache_bytes [1-9]", "persepsi_city_text_bytes 0", "persepsi_desk_cuts 0"} {
				if text := s.get("/metrics").text; !regexp.MustCompile(`(?m)^` + kept).MatchString(text) {
					t.Errorf("/metrics does not tell %s:\n%s", kept, text)
				}
			}
			if code := s.stop(); code != exitDone {
				t.Fatalf("exit code %d: %s", code, s.log)
			}
			if after := figures(serve(t, flags...).page("/hasil/dukcapil-loket")); after != before {
				t.Errorf("after a restart the page shows %q, before it %q", after, before)
			}
		})
	}
}

// decimals are numbers as pages write them.
var decimals = regexp.MustCompile(`\d+,\d\d`)

// figures returns all the figures of a page, in their order.
func figures(page *goquery.Document) string {
	return strings.Join(decimals.FindAllString(page.Find("main").Text(), -1), " ")
}

func TestASignalEndsTheServiceWithExitCode0(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("persepsi", "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir())
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			if !lines.Scan() || !strings.HasPrefix(lines.Text(), "ready http://127.0.0.1:") {
				t.Errorf("the first line is %q", lines.Text())
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() {
				if strings.HasPrefix(lines.Text(), "administrator ") {
					continue
				}
				t.Errorf("stdout has another line: %q", lines.Text())
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("the process ended with %v, want exit code 0", err)
			}
		})
	}
}

// TestNoConnectionHoldsUpTheEnd stops a service while a browser holds a
// connection that it opened ahead, another keeps one for its next request, and
// a third does not finish sending.
func TestNoConnectionHoldsUpTheEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sent string
		cut  bool
	}{
		"nothing sent":   {sent: ""},
		"kept for later": {sent: "GET /healthz HTTP/1.1\r\nHost: persepsi\r\n\r\n"},
		"half a request": {sent: "POST /s/KUPARI47 HTTP/1.1\r\nHost: persepsi\r\nContent-Length: 50\r\n\r\nanswers", cut: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "--data", t.TempDir())
			connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			if _, err := io.WriteString(connection, tc.sent); err != nil {
				t.Fatal(err)
			}
			s.get("/healthz") // by now the server has the other connection too
			if code := s.stop(); code != exitDone {
				t.Errorf("exit code %d: %s", code, s.log)
			}
			if cut := strings.Contains(s.log.String(), "cut off"); cut != tc.cut {
				t.Errorf("cut off: %t, want %t: %s", cut, tc.cut, s.log)
			}
		})
	}
}

func TestADataDirectoryHasOneServerAndAnyCommandBesideIt(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, "--data", data)
	code, stdout, stderr := call(t, "serve", "--addr", "127.0.0.1:0", "--data", data)
	if code != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, data+" is in use by another server") {
		t.Errorf("a second server: exit code %d, %q, %q", code, stdout, stderr)
	}
	must(t, "apply", declared(t, oneCounter), "--data", data)
	eventually(t, "the page of the point that was declared beside the server", func() bool {
		return s.get("/s/KUPARI47").StatusCode == http.StatusOK
	})
	if code := s.stop(); code != exitDone {
		t.Fatalf("exit code %d: %s", code, s.log)
	}
	serve(t, "--data", data) // the lock went with the server
}

func TestAPortInUseIsNamed(t *testing.T) {
	t.Parallel()
	address := strings.TrimPrefix(serve(t, "--data", t.TempDir()).url, "http://")
	code, stdout, stderr := call(t, "serve", "--addr", address, "--data", t.TempDir())
	if code != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "--addr: "+address+" is in use by another program; choose another with --addr") {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
}

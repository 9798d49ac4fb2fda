package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A citizen's phone tells its address, its name and its language with each
// request, and a proxy adds to it. All that a server writes and shows to those
// who watch it is looked through afterwards.
func TestWhatAPhoneTellsOfItselfIsWrittenNowhere(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			must(t, append([]string{"apply", declared(t, oneCounter)}, flags...)...)
			s := serve(t, append(flags, "--verbose")...)
			c := newCitizen(t, s)
			form := parsed(t, c.ask(http.MethodGet, "/s/KUPARI47", "").text).Find("form[method=post]")
			values := filled(form, "3")
			values.Set("comment", "kalimat-rahasia")
			sent := c.ask(http.MethodPost, "/s/KUPARI47", values.Encode())
			if sent.StatusCode != http.StatusSeeOther {
				t.Fatalf("%d %s", sent.StatusCode, sent.text)
			}
			thanks := sent.Header.Get("Location")
			if r := c.ask(http.MethodGet, thanks, ""); r.StatusCode != http.StatusOK {
				t.Errorf("%d %s", r.StatusCode, r.text)
			}
			c.ask(http.MethodPost, "/s/KUPARI47", values.Encode())
			values.Set("answers.prosedur", "1")
			c.ask(http.MethodPost, "/s/KUPARI47", values.Encode())
			eventually(t, "the answer in the results", func() bool {
				return strings.Contains(s.get("/api/v1/results?period=berjalan").text, `"valid":1`)
			})
			at, err := url.Parse(thanks)
			if err != nil {
				t.Fatal(err)
			}
			phone := []string{"203.0.113.77", "TeleponRahasia", "bjn-ID"}
			answer := []string{"kalimat-rahasia", at.Query().Get("id"), at.Query().Get("r"), "KUPARI47", "dukcapil", `"ktp"`, "3333"}
			for _, path := range []string{"/metrics", "/readyz"} {
				absent(t, path, s.get(path).text, append(phone, answer...)...)
			}
			labels(t, s.get("/metrics").text)
			for _, k := range c.jar.Cookies(c.base) {
				if k.Name != "persepsi_forget" || k.Value != "0" && k.Value != "1" {
					t.Errorf("a cookie %s=%s", k.Name, k.Value)
				}
			}
			if code := s.stop(); code != exitDone {
				t.Fatal(code)
			}
			if text := s.log.String(); !strings.Contains(text, "route=/s/:point") {
				t.Errorf("the log does not hold every request: %s", text)
			}
			absent(t, "the log", s.log.String(), append(phone, answer...)...)
			stored := false
			for name, data := range contents(t, flags[1]) {
				absent(t, name, data, phone...)
				stored = stored || strings.Contains(data, "kalimat-rahasia")
			}
			if stored != (e.name == "embedded") {
				t.Errorf("the answer is in the files of --data: %v", stored)
			}
		})
	}
}

// citizen is somebody with a phone, behind a proxy on this machine.
type citizen struct {
	*service
	base *url.URL
	jar  http.CookieJar
}

func newCitizen(t *testing.T, s *service) *citizen {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(s.url + "/s/KUPARI47")
	if err != nil {
		t.Fatal(err)
	}
	return &citizen{s, base, jar}
}

func (c *citizen) ask(method, path, form string) *reply {
	c.t.Helper()
	r, err := http.NewRequest(method, c.url+path, strings.NewReader(form))
	if err != nil {
		c.t.Fatal(err)
	}
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Forwarded-For", "203.0.113.77")
	r.Header.Set("User-Agent", "TeleponRahasia/1.0")
	r.Header.Set("Accept-Language", "bjn-ID")
	client := *patient
	client.Jar = c.jar
	resp, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(resp.Body); err != nil {
		c.t.Fatal(err)
	}
	return &reply{resp, text.String()}
}

func absent(t *testing.T, where, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if w == "" || strings.Contains(text, w) {
			t.Errorf("%s holds %q", where, w)
		}
	}
}

// labels checks that a metric of ours tells apart routes, statuses and tasks, and
// nothing of a city.
func labels(t *testing.T, metrics string) {
	t.Helper()
	ours := regexp.MustCompile(`(?m)^persepsi_\w+\{([^}]*)\}`).FindAllStringSubmatch(metrics, -1)
	if len(ours) == 0 {
		t.Error("no metric has a label")
	}
	for _, m := range ours {
		for _, name := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(m[1], -1) {
			if !slices.Contains([]string{"route", "status", "task", "le"}, name[1]) {
				t.Errorf("a metric is told by %s", name[1])
			}
		}
	}
}

// contents reads the files of a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		out[filepath.Base(name)] = string(data)
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

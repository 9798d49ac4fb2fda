package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// goodResponse is a response to oneCounter's form; change alters its text.
func goodResponse(old, fresh string) string {
	answers := map[string]int{}
	for _, code := range strings.Fields("informasi persyaratan prosedur waktu biaya produk kompetensi perilaku respon pengaduan sarana diskriminasi kecurangan imbalan pungli percaloan") {
		answers[code] = 4
	}
	body, err := json.Marshal(map[string]any{"id": uuid.NewString(), "service": "ktp", "consent": true, "answers": answers})
	if err != nil {
		return err.Error()
	}
	return strings.Replace(string(body), old, fresh, 1)
}

// hostile are names that mean something to a database, a shell or a browser.
var hostile = []string{
	`KUPARI47' OR '1'='1`, `'; DROP TABLE responses; --`, `{"$where":"1"}`, `$where`, `[$ne]=`, `../../etc/passwd`, "\x00", "a\r\nX-Evil: 1", `<script>alert(1)</script>`, `%`,
}

// TestBadInputIsRefusedAndTheServiceLives sends to a service of its own process
// what the contract calls bad input. Each request gets an answer that names the
// place, nothing is stored, and the service goes on.
func TestBadInputIsRefusedAndTheServiceLives(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			must(t, append([]string{"apply", declared(t, oneCounter)}, flags...)...)
			s := launch(t, flags...)
			const responses = "/api/v1/points/KUPARI47/responses"
			for name, tc := range map[string]struct {
				body   string
				status int
				place  string
			}{
				"no JSON":                   {"persyaratan=4", 400, ""},
				"NaN":                       {goodResponse(`"prosedur":4`, `"prosedur":NaN`), 400, ""},
				"five on four":              {goodResponse(`"prosedur":4`, `"prosedur":5`), 422, "answers.prosedur"},
				"a fraction":                {goodResponse(`"prosedur":4`, `"prosedur":3.5`), 422, "answers.prosedur"},
				"a nested value":            {goodResponse(`"prosedur":4`, `"prosedur":{"$gt":0}`), 422, "answers.prosedur"},
				"a question twice":          {goodResponse(`"prosedur":4`, `"prosedur":4,"prosedur":3`), 422, "answers.prosedur"},
				"a question twice, again":   {goodResponse(`"prosedur":4`, `"prosedur":4,"prosed\u0075r":3`), 422, "answers.prosedur"},
				"a missing answer":          {goodResponse(`"prosedur":4,`, ``), 422, "answers.prosedur"},
				"an id that is no UUID":     {goodResponse(`"id":"`, `"id":"x`), 422, "id"},
				"no id":                     {goodResponse(`"id":`, `"visit":`), 422, "id"},
				"a service that is a query": {goodResponse(`"service":"ktp"`, `"service":{"$ne":""}`), 422, "service"},
				"a control character":       {goodResponse(`"service":"ktp"`, `"service":"ktp","comment":"a\u0007"`), 422, "comment"},
				"another encoding":          {goodResponse(`"service":"ktp"`, "\"service\":\"ktp\",\"comment\":\"\xe9\""), 400, ""},
				"four thousand levels":      {strings.Repeat(`{"answers":`, 4000) + "1" + strings.Repeat("}", 4000), 422, "answers.answers"},
				"without an end":            {strings.Repeat(`{"answers":`, 4000), 400, ""},
			} {
				r := s.send(http.MethodPost, responses, "application/json", tc.body, "")
				problem := decoded(t, r.text)
				if r.StatusCode != tc.status || problem["code"] == nil || tc.place != "" && at(problem, "errors", 0, "field") != tc.place {
					t.Errorf("%s: %d %s, want %d at %q", name, r.StatusCode, r.text, tc.status, tc.place)
				}
				discreet(t, name, r.text)
			}
			for _, name := range hostile {
				escaped := url.PathEscape(name)
				for path, method := range map[string]string{
					"/s/" + escaped: "GET", "/api/v1/points/" + escaped: "GET", "/api/v1/points/" + escaped + "/responses": "POST", "/hasil/" + escaped: "GET",
					"/qr/" + escaped + ".svg": "GET", "/api/v1/results?period=" + url.QueryEscape(name): "GET",
				} {
					body, kind := "", ""
					if method == http.MethodPost {
						body, kind = goodResponse("", ""), "application/json"
					}
					r := s.send(method, path, kind, body, "")
					if r.StatusCode != http.StatusNotFound || r.Header.Get("X-Evil") != "" || strings.Contains(r.text, "<script>alert") {
						t.Errorf("%s %s: %d, want 404\n%s", method, path, r.StatusCode, r.text)
					}
					discreet(t, path, r.text)
				}
			}
			checkForms(t, s)
			checkSizes(t, s)
			out, told := must(t, append([]string{"export", "--period", "berjalan", "--format", "jsonl"}, flags...)...)
			if told != "0 rows\n" {
				t.Errorf("something was stored: %s", out)
			}
			if code := s.stop(); code != exitDone {
				t.Errorf("exit code %d: %s", code, s.log)
			}
			if strings.Contains(s.log.String(), "goroutine") {
				t.Errorf("the log has a trace: %s", s.log)
			}
		})
	}
}

func discreet(t *testing.T, what, text string) {
	t.Helper()
	if word := indiscreet.FindString(text); word != "" {
		t.Errorf("%s: the reply says %q:\n%s", what, word, text)
	}
}

func checkForms(t *testing.T, s *service) {
	t.Helper()
	form := filled(s.page("/s/KUPARI47").Find("form[method=post]"), "4")
	with := func(name string, values ...string) url.Values {
		out := url.Values{}
		for k, v := range form {
			out[k] = v
		}
		out[name] = values
		return out
	}
	for name, tc := range map[string]struct {
		values url.Values
		faulty string // selector of the places that must be marked
		n      int
	}{
		"every field missing":   {nil, "fieldset .fault", 17},
		"five on four":          {with("answers.prosedur", "5"), "#prosedur .fault", 1},
		"a word":                {with("answers.prosedur", "NaN"), "#prosedur .fault", 1},
		"an answer twice":       {with("answers.prosedur", "4", "3"), "#prosedur .fault", 1},
		"a control character":   {with("comment", "a\x07"), ".fault + textarea[name=comment]", 1},
		"another encoding":      {with("comment", "\xe9"), ".fault + textarea[name=comment]", 1},
		"an unknown service":    {with("service", "x' OR 1"), "#service .fault", 1},
		"an id that is no UUID": {with("id", "12"), "[role=alert]", 1},
		"an unknown field":      {with("answers[$where]", "1"), "[role=alert]", 1},
	} {
		r := s.postForm("/s/KUPARI47", tc.values)
		page := parsed(t, r.text)
		if got := page.Find(tc.faulty).Length(); r.StatusCode != http.StatusUnprocessableEntity || got != tc.n || page.Find("[role=alert]").Length() == 0 {
			t.Errorf("form with %s: %d, %d of %s marked, want 422 and %d", name, r.StatusCode, got, tc.faulty, tc.n)
		}
		if tc.values != nil && page.Find("input[name='answers.waktu'][checked]").AttrOr("value", "") != "4" {
			t.Errorf("form with %s: what was chosen is lost", name)
		}
		discreet(t, "form with "+name, r.text)
	}
}

// checkSizes sends what is too large or never ends; the service must answer or
// hang up, and live.
func checkSizes(t *testing.T, s *service) {
	t.Helper()
	address := strings.TrimPrefix(s.url, "http://")
	big := "Content-Length: 10000000\r\n\r\n" + strings.Repeat("x", 1000)
	for name, tc := range map[string]struct {
		request string
		status  string
	}{
		"a body of 10 MB to the API":  {"POST /api/v1/points/KUPARI47/responses HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + big, "413"},
		"a body of 10 MB to the form": {"POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n" + big, "413"},
		"a header of 10 kB":           {"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("x", 10_000) + "\r\n\r\n", "4"},
		"an address of 10 kB":         {"GET /s/" + strings.Repeat("x", 10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "4"},
		"no HTTP":                     {"hello\r\n\r\n", "4"},
		"a length that is no number":  {"POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nContent-Length: satu\r\n\r\n", "4"},
	} {
		status, err := rawStatus(address, tc.request)
		if err != nil || !strings.HasPrefix(status, tc.status) {
			t.Errorf("%s: status %q, %v, want %s", name, status, err, tc.status)
		}
		if r, err := patient.Get(s.url + "/healthz"); err != nil {
			t.Fatalf("%s ended the service: %v\n%.2000s", name, err, s.log)
		} else {
			_ = r.Body.Close() // nothing is read of it
		}
	}
	// A whole body of 10 MB: whoever goes on sending may find the line cut.
	r, err := patient.Post(s.url+"/s/KUPARI47", "application/x-www-form-urlencoded", strings.NewReader(strings.Repeat("x", 10_000_000)))
	switch {
	case err != nil && !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE):
		t.Errorf("10 MB: %v", err)
	case err == nil:
		_ = r.Body.Close() // its status tells
		if r.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("10 MB: %d, want 413", r.StatusCode)
		}
	}
}

// rawStatus sends bytes and returns the status of the reply.
func rawStatus(address, request string) (string, error) {
	conn, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return "", err
	}
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return "", fmt.Errorf("the reply begins with %q", line)
	}
	return fields[1], nil
}

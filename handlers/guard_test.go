package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"persepsi/internal/testkit"
)

const (
	bodyLimit = 64 << 10
	mostCost  = 32 * bodyLimit // bytes allocated for one request, those of the reply among them
)

// packed returns what a content encoding makes of a body.
func packed(encoding string, body []byte) []byte {
	switch encoding {
	case "gzip":
		return fasthttp.AppendGzipBytes(nil, body)
	case "deflate":
		return fasthttp.AppendDeflateBytes(nil, body)
	case "br":
		return fasthttp.AppendBrotliBytes(nil, body)
	default:
		return body
	}
}

// multipartOf returns a form with one long field, and its content type.
func multipartOf(t *testing.T, size int) ([]byte, string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	field, err := w.CreateFormField("key")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = field.Write(bytes.Repeat([]byte("k"), size)) // into memory
	_ = w.Close()
	return out.Bytes(), w.FormDataContentType()
}

// TestNoRequestCostsMoreMemoryThanAFewTimesTheBodyLimit is not parallel: it
// reads what the whole process allocates.
func TestNoRequestCostsMoreMemoryThanAFewTimesTheBodyLimit(t *testing.T) {
	k := testkit.New(t, testkit.City)
	addr := listen(t, k)
	const form, json = "application/x-www-form-urlencoded", "application/json"
	bomb, bombType := multipartOf(t, 20<<20)
	plain, plainType := multipartOf(t, bodyLimit-1000)
	many := func(unit string) []byte {
		var b bytes.Buffer
		for i := 0; b.Len() < bodyLimit-100; i++ {
			fmt.Fprintf(&b, unit, i)
		}
		return bytes.TrimRight(b.Bytes(), "&,")
	}
	var fields strings.Builder
	for i := range 300 {
		fmt.Fprintf(&fields, "answers.%d%s=1&", i, strings.Repeat("x", 190))
	}
	object := func(members []byte) []byte { return []byte("{" + string(members) + "}") }
	for name, r := range map[string]struct {
		kind, encoding string
		body           []byte
	}{
		"gzip multipart":                       {bombType, "gzip", bomb},
		"deflate multipart":                    {bombType, "deflate", bomb},
		"br multipart":                         {bombType, "br", bomb},
		"plain multipart":                      {plainType, "", plain},
		"gzip form":                            {form, "gzip", bomb},
		"gzip JSON":                            {json, "gzip", bomb},
		"a form of one field":                  {form, "", []byte("key=" + strings.Repeat("k", bodyLimit-4))},
		"a form of many fields":                {form, "", many("a%d=1&")},
		"a form of other fields than ours":     {form, "", []byte(strings.TrimSuffix(fields.String(), "&"))},
		"a form of as many fields as are read": {form, "", []byte(strings.TrimSuffix(strings.Repeat("answers."+strings.Repeat("x", 190)+"=1&", 300), "&"))},
		"a form of many empty fields":          {form, "", bytes.Repeat([]byte("a&"), bodyLimit/2)},
		"a form of one field in codes":         {form, "", []byte("key=" + strings.Repeat("%41", bodyLimit/3-2))},
		"JSON of many names":                   {json, "", object(many(`"a%d":1,`))},
		"JSON of one name many times":          {json, "", object(bytes.TrimRight(bytes.Repeat([]byte(`"a":1,`), bodyLimit/6-1), ","))},
		"JSON of one answer many times":        {json, "", object([]byte(`"answers":{` + strings.TrimRight(strings.Repeat(`"a":1,`, bodyLimit/6-5), ",") + "}"))},
		"deep JSON":                            {json, "", bytes.Repeat([]byte(`[`), bodyLimit)},
		"deep JSON in an answer":               {json, "", []byte(`{"id":` + strings.Repeat(`{"a":`, bodyLimit/5-10))},
	} {
		body := packed(r.encoding, r.body)
		if len(body) > bodyLimit {
			t.Fatalf("%s: %d bytes", name, len(body))
		}
		for _, target := range []string{"POST /masuk", "POST /s/KUPARI47", "POST " + responsesPath, "PUT /api/v1/zi/indicators", "PUT /lke", "POST /nowhere", "GET /"} {
			for _, chunked := range []bool{false, true} {
				head := target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + r.kind + "\r\n"
				if r.encoding != "" {
					head += "Content-Encoding: " + r.encoding + "\r\n"
				}
				sent := fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
				if chunked {
					sent = fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", head, len(body), body)
				}
				status := 0
				cost := allocated(func() { status = sendRaw(t, addr, []byte(sent)) })
				if cost > mostCost {
					t.Errorf("%s of %d bytes to %s (chunked %v): %d bytes allocated, %d times the limit", name, len(body), target, chunked, cost, cost/bodyLimit)
				}
				if r.encoding != "" && status != http.StatusUnsupportedMediaType {
					t.Errorf("%s to %s (chunked %v): %d, want 415", name, target, chunked, status)
				}
				if status < 400 && target != "GET /" {
					t.Errorf("%s to %s (chunked %v): %d", name, target, chunked, status)
				}
			}
		}
	}
}

// allocated returns the bytes that are allocated while fn runs.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// sendRaw sends bytes and returns the status of the reply, 0 where there is
// none.
func sendRaw(t *testing.T, addr string, sent []byte) int {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.Write(sent) // a refusal may come before its end
	var line [len("HTTP/1.1 200")]byte
	if _, err := io.ReadFull(conn, line[:]); err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, conn)
	status := 0
	_, _ = fmt.Sscanf(string(line[:]), "HTTP/1.1 %d", &status)
	return status
}

func TestABodyIsPlainAndOfTheKindThatItsAddressTakes(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	good := k.Response(nil)
	broken, brokenType := multipartOf(t, 100)
	broken = broken[:len(broken)/2]
	for _, tc := range []struct {
		name, method, path, kind, encoding, body string
		want                                     int
	}{
		{"JSON to the API", "POST", responsesPath, "application/json; charset=utf-8", "", good, 201},
		{"identity", "POST", responsesPath, "Application/JSON", "identity", good, 200},
		{"multipart to the API", "POST", responsesPath, brokenType, "", string(broken), 415},
		{"multipart without a boundary", "POST", responsesPath, "multipart/form-data", "", "x", 415},
		{"a form to the API", "POST", responsesPath, "application/x-www-form-urlencoded", "", "a=b", 415},
		{"a form to the API in capitals", "POST", strings.Replace(responsesPath, "/api/", "/API/", 1), "application/x-www-form-urlencoded", "", "a=b", 415},
		{"nothing said", "POST", responsesPath, "", "", good, 415},
		{"something like JSON", "POST", responsesPath, "application/jsonx", "", good, 415},
		{"packed JSON", "POST", responsesPath, "application/json", "gzip", good, 415},
		{"packed twice", "POST", responsesPath, "application/json", "identity, br", good, 415},
		{"an encoding that nobody knows", "PUT", "/api/v1/zi/indicators", "application/json", "zstd", "{}", 415},
		{"a form to PUT", "PUT", "/api/v1/zi/indicators", "application/x-www-form-urlencoded", "", "a=b", 415},
		{"JSON to a page", "POST", "/s/KUPARI47", "application/json", "", good, 415},
		{"multipart to a page", "POST", "/s/KUPARI47", brokenType, "", string(broken), 415},
		{"multipart to the sheet", "POST", "/masuk", brokenType, "", string(broken), 415},
		{"a packed form", "POST", "/masuk", "application/x-www-form-urlencoded", "deflate", "key=x", 415},
		{"a form of too many fields", "POST", "/masuk", "application/x-www-form-urlencoded", "", strings.Repeat("a&", 1000), 400},
		{"a packed body to nowhere", "DELETE", "/nowhere", "", "br", "x", 415},
		{"a body with GET", "GET", "/", "text/plain", "", "x", 415},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body))
			for name, v := range map[string]string{"Content-Type": tc.kind, "Content-Encoding": tc.encoding} {
				if v != "" {
					r.Header.Set(name, v)
				}
			}
			got := k.Do(r)
			kind := "text/html"
			if strings.HasPrefix(strings.ToLower(tc.path), "/api/") {
				kind = "application/problem+json"
			}
			if got.StatusCode != tc.want || tc.want >= 400 && !strings.HasPrefix(got.Header.Get("Content-Type"), kind) {
				t.Errorf("%d %s, want %d %s: %.200s", got.StatusCode, got.Header.Get("Content-Type"), tc.want, kind, got.Text)
			}
		})
	}
	if n := len(k.Stored()); n != 1 {
		t.Errorf("%d stored, want 1", n)
	}
}

func TestWhatAnotherSiteMakesABrowserSendIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.PublicURL = "https://survei.kota.go.id/survei" })
	behind := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Trusted, d.PublicURL = trustedHere, "" })
	for _, tc := range []struct {
		name    string
		kit     *testkit.Kit
		headers []string
		foreign bool
	}{
		{"a program", k, nil, false},
		{"a page without an origin", k, []string{"Origin: null"}, false},
		{"its own page", k, []string{"Origin: http://example.com", "Sec-Fetch-Site: same-origin"}, false},
		{"the configured address", k, []string{"Origin: https://survei.kota.go.id"}, false},
		{"the configured address with its port", k, []string{"Origin: https://survei.kota.go.id:443"}, false},
		{"the configured host on another port", k, []string{"Origin: https://survei.kota.go.id:8443"}, true},
		{"another site", k, []string{"Origin: https://jahat.example"}, true},
		{"a site whose name begins alike", k, []string{"Origin: https://survei.kota.go.id.jahat.example"}, true},
		{"a sister site", k, []string{"Origin: https://lain.kota.go.id", "Sec-Fetch-Site: same-site"}, true},
		{"another site that hides its origin", k, []string{"Origin: null", "Sec-Fetch-Site: cross-site"}, true},
		{"two origins", k, []string{"Origin: http://example.com", "Origin: https://jahat.example"}, true},
		{"an origin that is none", k, []string{"Origin: jahat"}, true},
		{"a host that nobody is believed about", k, []string{"Origin: https://jahat.example", "X-Forwarded-Host: jahat.example"}, true},
		{"the host that a trusted proxy tells", behind, []string{"Origin: https://survei.kota.go.id", "X-Forwarded-Host: survei.kota.go.id", "X-Forwarded-For: 203.0.113.9"}, false},
		{"another site behind a trusted proxy", behind, []string{"Origin: https://jahat.example", "X-Forwarded-Host: survei.kota.go.id"}, true},
	} {
		for _, target := range []string{"POST /masuk", "POST /s/KUPARI47", "POST " + responsesPath, "PUT /api/v1/zi/indicators", "DELETE /nowhere", "GET /"} {
			method, path, _ := strings.Cut(target, " ")
			r := httptest.NewRequest(method, path, http.NoBody)
			if path == "/masuk" {
				r = fromDoor(t, nil)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if strings.HasPrefix(path, "/api/") {
				r.Header.Set("Content-Type", "application/json")
			}
			for _, h := range tc.headers {
				name, v, _ := strings.Cut(h, ": ")
				r.Header.Add(name, v)
			}
			got := tc.kit.Do(r)
			if refused := got.StatusCode == http.StatusForbidden; refused != (tc.foreign && method != "GET") {
				t.Errorf("%s: %s is refused: %v (%d)", tc.name, target, refused, got.StatusCode)
			}
		}
	}
}

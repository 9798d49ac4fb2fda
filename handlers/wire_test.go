package handlers_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"persepsi/internal/connection"
	"persepsi/internal/testkit"
)

// listen serves an application on a real connection: what is wrong with a
// request before any handler sees it shows only there.
func listen(t *testing.T, k *testkit.Kit) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go k.App.Listener(connection.NewListener(l, connection.Most())) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { _ = k.App.ShutdownWithTimeout(5 * time.Second) })
	return l.Addr().String()
}

func TestARequestThatCannotBeReadIsRefusedAndTheProcessLives(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	addr := listen(t, k)
	long := strings.Repeat("x", 10<<20)
	for _, tc := range []struct {
		name, request string
		status        int
		words         string
	}{
		{"a body of 10 MB to a form", fmt.Sprintf("POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(long), long), 413, "Kiriman terlalu besar"},
		{"a body of 10 MB to the API", fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", responsesPath, len(long), long), 413, `"code":"too_large"`},
		{"a body of 10 MB to no point", fmt.Sprintf("POST /s/NOBODY99 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(long), long), 413, "Kiriman terlalu besar"},
		{"chunks of 10 MB to the API", fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", responsesPath, len(long), long), 413, `"code":"too_large"`},
		{"a body that is announced and far too large", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n", 413, ""},
		{"headers of 100 KB", "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + long[:100<<10] + "\r\n\r\n", 0, ""},
		{"both lengths", "POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nkey=x\r\n0\r\n\r\n", 400, ""},
		{"both lengths, the other first, to the API", "POST " + responsesPath + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400, `"code":"malformed"`},
		{"a length and an encoding that is none", "POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: identity\r\n\r\n", 400, ""},
		{"both lengths of a GET", "GET / HTTP/1.1\r\nHost: x\r\ncontent-length: 0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
		{"a length twice", "POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nkey=x", 400, ""},
		{"the same length twice", "POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nkey=x", 400, ""},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400, ""},
		{"no host to the API", "GET /api/v1/points/KUPARI47 HTTP/1.1\r\nX: y\r\n\r\n", 400, ""},
		{"a watcher of old", "GET /healthz HTTP/1.0\r\n\r\n", 200, ""},
		{"a page of old", "GET / HTTP/1.0\r\n\r\n", 400, ""},
		{"a watcher without a host", "GET /healthz HTTP/1.1\r\nX: y\r\n\r\n", 400, ""},
		{"an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, ""},
		{"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, ""},
		{"the same host twice", "GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 400, ""},
		{"another host in the address", "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
		{"a host that is none", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, ""},
		{"no HTTP at all", "hello\r\n\r\n", 0, ""},
		{"a wrong length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", 0, ""},
		{"a wrong chunk", "POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 0, ""},
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		// As a client does that reads only when it has sent everything.
		if _, err := io.WriteString(conn, tc.request); err != nil && tc.status != 0 {
			t.Errorf("%s: cut off while sending: %v", tc.name, err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			if tc.status != 0 {
				t.Errorf("%s: %v", tc.name, err)
			}
			_ = conn.Close()
			continue
		}
		body, _ := io.ReadAll(resp.Body) // what came of it is what a client sees
		if tc.status == 400 {
			if _, err := conn.Read(make([]byte, 1)); err == nil {
				t.Errorf("%s: something follows the refusal", tc.name)
			}
			if !resp.Close {
				t.Errorf("%s: the connection stays open", tc.name)
			}
		}
		if tc.status != resp.StatusCode && (tc.status != 0 || resp.StatusCode < 400) || !strings.Contains(string(body), tc.words) {
			t.Errorf("%s: %d, want %d and %q: %.300s", tc.name, resp.StatusCode, tc.status, tc.words, body)
		}
		_ = conn.Close()
	}
	resp, err := http.Get("http://" + addr + "/s/KUPARI47")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("afterwards: %v %v", resp, err)
	}
	_ = resp.Body.Close()
	if n := len(k.Stored()); n != 0 {
		t.Errorf("%d answers stored", n)
	}
}

func length(body string) string { return strconv.Itoa(len(body)) }

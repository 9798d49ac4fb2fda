package mail

import (
	"context"
	"crypto/tls"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"strings"
	"testing"

	"persepsi/internal/testtools"
)

const link = "https://survei.kota.go.id/mulai/k3p4y0_abcdefghijklmnopqrstuvwxyz0123456789AB"

func letter(kind Kind) *Letter {
	return &Letter{Kind: kind, Email: "siti@kota.example", Name: "Siti Rahma", City: "Kota Contoh", Link: link, Until: "2026-12-06 14:00 WITA"}
}

// sender sends to a server of a test, which it trusts.
func sender(t *testing.T, s *testtools.MailServer, scheme, login string) *Sender {
	t.Helper()
	if login != "" {
		login += "@"
	}
	out, err := New(scheme+"://"+login+s.Addr, "persepsi@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	out.tls = &tls.Config{RootCAs: s.Roots, MinVersion: tls.VersionTLS12, ServerName: "127.0.0.1"}
	return out
}

func TestALetterArrivesWithItsLinkInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, scheme, login string
		rules               testtools.MailRules
		encrypted           bool
		letter              Kind
		subject             string
		says                []string
	}{
		{
			"encrypted from the beginning, with a login", "smtps", "persepsi:r%40hasia",
			testtools.MailRules{TLS: true, Login: "persepsi:r@hasia"},
			true, Invitation,
			"Undangan masuk ke Persepsi Kota Contoh",
			[]string{"Anda diundang", "You are invited"},
		},
		{
			"encrypted when it is offered", "smtp", "",
			testtools.MailRules{StartTLS: true},
			true, Reset,
			"Tautan untuk kata sandi baru di Persepsi Kota Contoh",
			[]string{"kata sandi baru", "set a new password"},
		},
		{
			"a server of this machine", "smtp", "persepsi:rahasia",
			testtools.MailRules{Login: "persepsi:rahasia"},
			false, Invitation,
			"Undangan masuk ke Persepsi Kota Contoh",
			[]string{"Yth. Siti Rahma,", "Dear Siti Rahma,"},
		},
	} {
		server := testtools.NewMailServer(t, tc.rules)
		if err := sender(t, server, tc.scheme, tc.login).Send(t.Context(), letter(tc.letter)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		got := server.Received()
		if len(got) != 1 || got[0].From != "persepsi@kota.example" || got[0].To != "siti@kota.example" || got[0].Encrypted != tc.encrypted {
			t.Errorf("%s: received %+v", tc.name, got)
			continue
		}
		m, err := netmail.ReadMessage(strings.NewReader(got[0].Data))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != tc.subject || !strings.Contains(m.Header.Get("From"), "persepsi@kota.example") || m.Header.Get("Auto-Submitted") != "auto-generated" ||
			m.Header.Get("Message-Id") == "" || m.Header.Get("Date") == "" {
			t.Errorf("%s: headers %v, err = %v", tc.name, m.Header, err)
		}
		body := m.Body
		if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(tc.says, link, "2026-12-06 14:00 WITA", "-- English --") {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: %q is not in\n%s", tc.name, want, text)
			}
		}
	}
}

func TestALetterThatWasNotTakenTellsWhyAndNoSecret(t *testing.T) {
	t.Parallel()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for _, tc := range []struct {
		name, scheme, login string
		rules               testtools.MailRules
		distrust            bool
		addr, want          string
	}{
		{"nobody is there", "smtp", "persepsi:rahasia1", testtools.MailRules{}, false, gone.Addr().String(), "connection refused"},
		{"another password, which the server repeats", "smtps", "persepsi:rahasia1", testtools.MailRules{TLS: true, Login: "persepsi:x"}, false, "", "no such login"},
		{"nobody is there, by TLS", "smtps", "persepsi:rahasia1", testtools.MailRules{}, false, gone.Addr().String(), "connection refused"},
		{"no login", "smtps", "", testtools.MailRules{TLS: true, Login: "persepsi:x"}, false, "", "who are you"},
		{"a server that knows no logins", "smtps", "persepsi:rahasia1", testtools.MailRules{TLS: true}, false, "", "does not support SMTP AUTH"},
		{"a refused recipient", "smtps", "", testtools.MailRules{TLS: true, Refuse: "no such mailbox"}, false, "", "no such mailbox"},
		{"what the server says of the link", "smtps", "", testtools.MailRules{TLS: true, Refuse: "spam: " + link}, false, "", "spam: …"},
		{"a certificate that nobody knows", "smtps", "persepsi:rahasia1", testtools.MailRules{TLS: true}, true, "", "certificate"},
	} {
		server := testtools.NewMailServer(t, tc.rules)
		s := sender(t, server, tc.scheme, tc.login)
		if tc.distrust {
			s.tls = nil
		}
		if tc.addr != "" {
			s.server.Host = tc.addr
			if s, err = New(s.server.String(), "persepsi@kota.example"); err != nil {
				t.Fatal(err)
			}
		}
		err := s.Send(t.Context(), letter(Invitation))
		if err == nil || !strings.Contains(err.Error(), tc.want) || len(server.Received()) != 0 {
			t.Errorf("%s: err = %v, received %d, want %q", tc.name, err, len(server.Received()), tc.want)
			continue
		}
		for _, secret := range []string{"rahasia1", "k3p4y0"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: %q is in %q", tc.name, secret, err)
			}
		}
	}
}

// What leaves the machine is encrypted, whatever the server says that it can.
func TestAServerElsewhereMustEncrypt(t *testing.T) {
	t.Parallel()
	plain, encrypted := testtools.NewMailServer(t, testtools.MailRules{}), testtools.NewMailServer(t, testtools.MailRules{TLS: true})
	for _, tc := range []struct {
		address, dials, refusal string
		server                  *testtools.MailServer
	}{
		{"smtp://mail.kota.example", "mail.kota.example:587", "STARTTLS", plain},
		{"smtp://192.0.2.7:1", "192.0.2.7:1", "STARTTLS", plain},
		{"smtps://mail.kota.example", "mail.kota.example:465", "", encrypted},
		{"smtp://localhost:65535", "localhost:65535", "", plain},
		{"smtp://[::1]", "[::1]:587", "", plain},
	} {
		s, err := New(tc.address, "persepsi@kota.example")
		if err != nil {
			t.Fatal(err)
		}
		s.tls = &tls.Config{RootCAs: tc.server.Roots, MinVersion: tls.VersionTLS12, ServerName: "127.0.0.1"}
		s.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != tc.dials {
				t.Errorf("%s: dials %s", tc.address, address)
			}
			return new(net.Dialer).DialContext(ctx, network, tc.server.Addr)
		}
		before := len(tc.server.Received())
		err = s.Send(t.Context(), letter(Invitation))
		if (err == nil) != (tc.refusal == "") || err != nil && !strings.Contains(err.Error(), tc.refusal) || (len(tc.server.Received()) > before) != (err == nil) {
			t.Errorf("%s: err = %v, received %d, want %q", tc.address, err, len(tc.server.Received())-before, tc.refusal)
		}
	}
}

func TestALetterThatNobodyWroteOrThatNobodyTakesInTimeIsNotSent(t *testing.T) {
	t.Parallel()
	s, err := New("smtp://mail.kota.example", "persepsi@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	s.dial = func(context.Context, string, string) (net.Conn, error) { return nil, os.ErrDeadlineExceeded }
	if err := s.Send(t.Context(), letter("greeting")); err == nil || !strings.Contains(err.Error(), "greeting") {
		t.Errorf("a letter without a text: %v", err)
	}
	if err := s.Send(t.Context(), letter(Reset)); err == nil || !strings.HasSuffix(err.Error(), "no answer within 20s") {
		t.Errorf("a server that says nothing: %v", err)
	}
}

func TestWhatIsNoMailServersAddress(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string][2]string{
		"no scheme":          {"mail.kota.example", "a@b.example"},
		"another scheme":     {"https://u:rahasia1@mail.kota.example", "a@b.example"},
		"no host":            {"smtp://u:rahasia1@", "a@b.example"},
		"a path":             {"smtp://u:rahasia1@mail.kota.example/x", "a@b.example"},
		"settings behind it": {"smtp://u:rahasia1@mail.kota.example?tls=no", "a@b.example"},
		"a port of letters":  {"smtp://u:rahasia1@mail.kota.example:smtp", "a@b.example"},
		"a mark":             {"smtp://u:rahasia1@mail.kota.example#x", "a@b.example"},
		"port 0":             {"smtp://u:rahasia1@mail.kota.example:0", "a@b.example"},
		"a port just beyond": {"smtp://u:rahasia1@mail.kota.example:65536", "a@b.example"},
		"a port too far":     {"smtp://u:rahasia1@mail.kota.example:70000", "a@b.example"},
		"a broken password":  {"smtp://u:rahasia1%zz@mail.kota.example", "a@b.example"},
		"no sender":          {"smtp://mail.kota.example", ""},
		"a name as sender":   {"smtp://mail.kota.example", "persepsi"},
	} {
		if _, err := New(tc[0], tc[1]); err == nil || strings.Contains(err.Error(), "rahasia1") {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	for _, server := range []string{"smtp://mail.kota.example", "smtps://u:p%40ss@mail.kota.example:4650/", "smtp://localhost:2525", "smtp://mail.kota.example:1", "smtp://mail.kota.example:65535"} {
		if _, err := New(server, "persepsi@kota.example"); err != nil {
			t.Errorf("%s: %v", server, err)
		}
	}
}

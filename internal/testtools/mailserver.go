package testtools

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// MailServer is a server of SMTP on this machine, as much of it as a letter needs.
type MailServer struct {
	Addr  string
	Roots *x509.CertPool // of those who trust its certificate

	rules  MailRules
	config *tls.Config
	mu     sync.Mutex
	got    []ReceivedMail
}

// MailRules are what a server asks for and refuses.
type MailRules struct {
	TLS      bool   // encrypted from the first byte on
	StartTLS bool   // offers encryption
	Login    string // USER:PASSWORD that it asks for
	Refuse   string // what it answers to a recipient instead of taking them
}

// ReceivedMail is what the server took.
type ReceivedMail struct {
	From, To  string
	Data      string
	Encrypted bool
}

// NewMailServer starts a server that ends with the test.
func NewMailServer(t testing.TB, rules MailRules) *MailServer {
	t.Helper()
	s := &MailServer{rules: rules, Roots: x509.NewCertPool()}
	s.certify(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if rules.TLS {
		l = tls.NewListener(l, s.config)
	}
	s.Addr = l.Addr().String()
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(time.Minute)) // a client that hangs does not hold the test
				s.talk(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	return s
}

// Received returns what the server took.
func (s *MailServer) Received() []ReceivedMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]ReceivedMail(nil), s.got...)
}

func (s *MailServer) certify(t testing.TB) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	check(t, err)
	leaf, err := x509.ParseCertificate(der)
	check(t, err)
	s.Roots.AddCert(leaf)
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

// talk is one connection.
func (s *MailServer) talk(c net.Conn) {
	encrypted, known := s.rules.TLS, s.rules.Login == ""
	text := textproto.NewConn(c)
	say := func(format string, args ...any) { _ = text.PrintfLine(format, args...) } // a client that went away hears nothing
	say("220 mail.kota.example")
	var mail ReceivedMail
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			say("250-mail.kota.example")
			if s.rules.StartTLS && !encrypted {
				say("250-STARTTLS")
			}
			if s.rules.Login != "" {
				say("250-AUTH PLAIN LOGIN")
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			c = tls.Server(c, s.config)
			text, encrypted = textproto.NewConn(c), true
		case "AUTH":
			_, encoded, _ := strings.Cut(rest, " ")
			plain, _ := base64.StdEncoding.DecodeString(encoded) // what is none is no login
			if known = string(plain) == "\x00"+strings.Replace(s.rules.Login, ":", "\x00", 1); known {
				say("235 welcome")
			} else { // some servers repeat what they were sent
				say("535 no such login: %q", strings.ReplaceAll(string(plain), "\x00", " "))
			}
		case "MAIL":
			if !known {
				say("530 who are you?")
				continue
			}
			mail = ReceivedMail{From: address(rest), Encrypted: encrypted}
			say("250 ok")
		case "RCPT":
			if s.rules.Refuse != "" {
				say("550 %s", s.rules.Refuse)
				continue
			}
			mail.To = address(rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			data, err := text.ReadDotBytes()
			if err != nil {
				return
			}
			mail.Data = string(data)
			s.mu.Lock()
			s.got = append(s.got, mail)
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// address returns what stands between < and >.
func address(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

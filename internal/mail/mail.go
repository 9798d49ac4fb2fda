// Package mail sends one-time links by SMTP. It keeps nothing and tries once: whoever
// asks shows the link instead where it fails.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// sendWithin bounds sending a letter: somebody waits for it.
const sendWithin = 20 * time.Second

// Sender sends letters by one server.
type Sender struct {
	server  *url.URL
	address string // host and port
	options []gomail.Option
	from    string
	tls     *tls.Config // what tests trust; nil: the machine's roots
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
}

// The ports of RFC 8314 and 5321.
const (
	portTLS, portSubmission = 465, 587
)

// New makes a sender from an address such as `smtps://USER:PASSWORD@HOST:PORT`, and the
// sender's e-mail address. By smtps:// (port 465) everything is encrypted; by smtp://
// (port 587) the server must offer encryption (STARTTLS), unless it is this machine.
// Errors name no part of the address: it holds a password.
func New(server, from string) (*Sender, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("must be an address such as smtps://USER:PASSWORD@mail.kota.go.id:465 or smtp://mail.kota.go.id:587")
	}
	port := portSubmission
	if u.Scheme == "smtps" {
		port = portTLS
	}
	if text := u.Port(); text != "" {
		number, err := strconv.ParseUint(text, 10, 16)
		if err != nil || number == 0 {
			return nil, errors.New("the port must be from 1 to 65535")
		}
		port = int(number)
	}
	s := &Sender{server: u, address: net.JoinHostPort(u.Hostname(), strconv.Itoa(port)), from: from, dial: new(net.Dialer).DialContext}
	policy := gomail.TLSMandatory
	if u.Scheme == "smtps" || s.here() { // the former is encrypted by Send from the first byte on
		policy = gomail.TLSOpportunistic
	}
	s.options = []gomail.Option{gomail.WithTimeout(sendWithin), gomail.WithTLSPolicy(policy)}
	if u.User != nil {
		password, _ := u.User.Password()
		how := gomail.SMTPAuthAutoDiscover
		if u.Scheme == "smtp" && s.here() {
			how = gomail.SMTPAuthPlainNoEnc // it does not leave the machine
		}
		s.options = append(s.options, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password), gomail.WithSMTPAuth(how))
	}
	if err := gomail.NewMsg().From(from); err != nil {
		return nil, errors.New("the sender must be an e-mail address")
	}
	return s, nil
}

// here reports whether the server is this machine.
func (s *Sender) here() bool {
	addr, err := netip.ParseAddr(s.server.Hostname())
	return s.server.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}

// Send sends a letter; when it returns nil the server has taken it. The error is fit to
// be read and to be logged: neither the link nor the server's password is in it.
func (s *Sender) Send(ctx context.Context, l *Letter) error {
	subject, body, err := l.text()
	if err != nil {
		return err
	}
	m := gomail.NewMsg()
	if err := errors.Join(m.FromFormat("Persepsi", s.from), m.AddToFormat(l.Name, l.Email)); err != nil {
		return errors.New("the letter can't be addressed")
	}
	m.Subject(subject)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday reply comes back
	m.SetBodyString(gomail.TypeTextPlain, body)
	conf := &tls.Config{ServerName: s.server.Hostname(), MinVersion: tls.VersionTLS12}
	if s.tls != nil {
		conf = s.tls
	}
	var line net.Conn
	defer func() {
		if line != nil { // the library leaves one open on which it could not begin
			_ = line.Close()
		}
	}()
	options := slices.Concat(s.options, []gomail.Option{gomail.WithTLSConfig(conf), gomail.WithDialContextFunc(
		func(ctx context.Context, network, _ string) (_ net.Conn, err error) { // the library's address lacks the brackets of IPv6
			if line, err = s.dial(ctx, network, s.address); err != nil || s.server.Scheme != "smtps" {
				return line, err
			}
			line = tls.Client(line, conf)
			return line, nil
		},
	)})
	client, err := gomail.NewClient(s.server.Hostname(), options...)
	if err != nil {
		return s.clean(err, l)
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return s.clean(err, l)
	}
	return nil
}

// clean returns an error without what must not be read: servers repeat what they were
// sent.
func (s *Sender) clean(err error, l *Letter) error {
	text := err.Error()
	password, _ := s.server.User.Password()
	for _, secret := range []string{l.Link, password} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	var refused net.Error
	if errors.As(err, &refused) && refused.Timeout() {
		text = "no answer within " + sendWithin.String()
	}
	return fmt.Errorf("the server %s did not take the letter: %s", s.server.Host, text)
}

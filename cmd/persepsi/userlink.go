package main

import (
	"context"
	"fmt"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/mail"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// linkFlags say where one-time links lead and how they reach people.
type linkFlags struct {
	PublicURL string `name:"public-url" help:"Address under which people reach the service; the link begins with it." placeholder:"URL" shown:"none, and only the link's path is printed"`
	SMTPURL   string `name:"smtp-url" help:"Server that the link is sent by: smtps:// or smtp://, with USER:PASSWORD@ where it asks for them." placeholder:"URL" shown:"none; the link is printed"`
	MailFrom  string `name:"mail-from" help:"Address that letters come from; required with --smtp-url." placeholder:"ADDRESS"`
}

// deliver brings a one-time link to whoever it is for.
type deliver func(ctx context.Context, p *access.Person, kind mail.Kind, token string, d *survey.Directory) error

// deliverer returns how links reach people. It is asked for before anything is stored:
// a wrong setting must not cost a link.
func (l *linkFlags) deliverer(e *environment) (deliver, error) {
	base := ""
	if l.PublicURL != "" {
		var err error
		if base, err = publicURL(l.PublicURL); err != nil {
			return nil, err
		}
	}
	if l.SMTPURL == "" {
		return func(_ context.Context, p *access.Person, _ mail.Kind, token string, d *survey.Directory) error {
			return e.showLink(p, base, token, d)
		}, nil
	}
	switch {
	case base == "":
		return nil, survey.Errorf(survey.Invalid, "--public-url: is required with --smtp-url: a letter needs the whole link")
	case l.MailFrom == "":
		return nil, survey.Errorf(survey.Invalid, "--mail-from: is required with --smtp-url, such as persepsi@kota.go.id")
	}
	if _, err := access.CleanEmail(l.MailFrom); err != nil {
		return nil, survey.Errorf(survey.Invalid, "--mail-from: must be an e-mail address such as persepsi@kota.go.id")
	}
	sender, err := mail.New(l.SMTPURL, l.MailFrom)
	if err != nil {
		return nil, survey.Errorf(survey.Invalid, "--smtp-url: %s", err.Error())
	}
	return func(ctx context.Context, p *access.Person, kind mail.Kind, token string, d *survey.Directory) error {
		until := lasts(p, token, e.now(), d)
		err := sender.Send(ctx, &mail.Letter{
			Kind: kind, Email: p.Email, Name: p.Name, City: d.City().Name, Link: base + permalink.Start(token), Until: until,
		})
		if err != nil { // it must not be lost
			fmt.Fprintf(e.Err, "the link was not sent: %s\n", oneLine(err.Error()))
			return e.showLink(p, base, token, d)
		}
		_, err = fmt.Fprintf(e.Out, "the link was sent to %s; it is good until %s\n", p.Email, until)
		return err
	}, nil
}

// linking runs what may make a one-time link, and delivers it where there is one.
func (l *linkFlags) linking(ctx context.Context, e *environment, fn func(*account.Service, *survey.Directory) (p *access.Person, kind mail.Kind, token string, err error)) error {
	deliver, err := l.deliverer(e)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	p, kind, token, err := fn(e.accounts(s), d)
	if err != nil || token == "" {
		return err
	}
	return deliver(ctx, p, kind, token, d)
}

// showLink prints a link: the one place where it is ever shown.
func (e *environment) showLink(p *access.Person, base, token string, d *survey.Directory) error {
	fmt.Fprintf(e.Err, "the link for %s is good until %s and is shown only now; hand it over to nobody else:\n", p.Email, lasts(p, token, e.now(), d))
	if base == "" {
		fmt.Fprintln(e.Err, "hint: put the service's address before it; with --public-url it is printed whole")
	}
	_, err := fmt.Fprintln(e.Out, base+permalink.Start(token))
	return err
}

// lasts returns the last moment of a link as a person reads it.
func lasts(p *access.Person, token string, now time.Time, d *survey.Directory) string {
	link := p.OpenLink(token, now)
	if link == nil {
		return ""
	}
	return link.Expires.In(d.Zone()).Format("2006-01-02 15:04 MST")
}

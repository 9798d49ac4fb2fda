package main

import (
	"context"
	"fmt"

	"persepsi/internal/access"
	"persepsi/survey"
)

// linkFlags say where one-time links lead.
type linkFlags struct {
	PublicURL string `name:"public-url" help:"Address under which people reach the service; the link begins with it." placeholder:"URL" shown:"none, and only the link's path is printed"`
}

// deliver brings a one-time link to whoever it is for.
type deliver func(ctx context.Context, p *access.Person, purpose access.Purpose, token string, d *survey.Directory) error

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
	return func(_ context.Context, p *access.Person, _ access.Purpose, token string, d *survey.Directory) error {
		return e.showLink(p, base, token, d)
	}, nil
}

// showLink prints a link: the one place where it is ever shown.
func (e *environment) showLink(p *access.Person, base, token string, d *survey.Directory) error {
	fmt.Fprintf(e.Err, "the link for %s is good until %s and is shown only now; hand it over to nobody else:\n", p.Email, lasts(p, token, e.now(), d))
	if base == "" {
		fmt.Fprintln(e.Err, "hint: put the service's address before it; with --public-url it is printed whole")
	}
	_, err := fmt.Fprintln(e.Out, base+linkPath(token))
	return err
}

// linkPath is where a one-time link leads.
func linkPath(token string) string { return "/mulai/" + token }

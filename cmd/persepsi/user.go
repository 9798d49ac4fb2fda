package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/mail"
	"persepsi/survey"
)

type userCommand struct {
	Add      userAdd      `cmd:"" help:"Invite somebody: prints the one-time link with which they begin."`
	List     userList     `cmd:"" help:"List the people, their roles and whether they can sign in."`
	Grant    userGrant    `cmd:"" help:"Grant somebody one more role, or one that they have until another day."`
	Withdraw userWithdraw `cmd:"" help:"Take a role from somebody."`
	Handover userHandover `cmd:"" help:"Hand an office over to a successor in one step."`
	Reset    userReset    `cmd:"" help:"Give somebody a new one-time link, for a forgotten password or an old invitation."`
	Disable  userDisable  `cmd:"" help:"Close an account and end all its sessions and links."`
	Enable   userEnable   `cmd:"" help:"Open a closed account again, as it was."`
}

// accounts returns the service of people's accounts over a store.
func (e *environment) accounts(s *store) *account.Service { return account.New(s, e.now) }

type userAdd struct {
	Email string `required:"" help:"Whom to invite: the address is what they sign in with." placeholder:"ADDRESS"`
	Name  string `required:"" help:"Their name, as the audit shows it." placeholder:"NAME"`
	grantFlags
	Until string `help:"The last day of the role." placeholder:"YYYY-MM-DD" shown:"it has no end"`
	linkFlags
}

// Run invites somebody. It may be the first thing that is done with a new store, which
// is made only for what can be done with it: an office is declared before.
func (a *userAdd) Run(ctx context.Context, e *environment) error {
	deliver, err := a.deliverer(e)
	if err != nil {
		return err
	}
	if _, err := access.NewPerson(a.Email, a.Name, nil, e.now()); err != nil {
		return survey.Errorf(survey.Invalid, "%s", err.Error())
	}
	open := e.openCity
	if a.Agency == "" && a.Unit == "" {
		if _, err := a.grant(nil, time.Time{}); err != nil {
			return err
		}
		open = e.openOrMake
	}
	s, d, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	until, err := lastDay("--until", a.Until, d, e.now())
	if err != nil {
		return err
	}
	grant, err := a.grant(d, until)
	if err != nil {
		return err
	}
	p, token, err := e.accounts(s).Invite(ctx, commandLine, a.Email, a.Name, []access.Grant{grant})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Err, "%s (%s) is invited\n", p.Email, granted(p.Grants, d))
	return deliver(ctx, &p, mail.Invitation, token, d)
}

// openOrMake is openCity for what may begin a city.
func (e *environment) openOrMake(ctx context.Context) (*store, *survey.Directory, error) {
	s, r, err := e.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	d, err := directory(ctx, s, r)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, d, nil
}

// ofUser is what the commands about one person share.
type ofUser struct {
	Email string `arg:"" help:"The person's e-mail address."`
}

// changed runs what changes a person and tells what they have then.
func (e *environment) changed(ctx context.Context, fn func(*account.Service, *survey.Directory) (access.Person, error)) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	p, err := fn(e.accounts(s), d)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.Out, toldOf(&p, d))
	return err
}

// toldOf tells in a line what a person is now.
func toldOf(p *access.Person, d *survey.Directory) string {
	if !p.Open() {
		return fmt.Sprintf("%s is disabled since %s", p.Email, survey.DateOf(p.Disabled, d.Zone()))
	}
	if len(p.Grants) == 0 {
		return p.Email + " has no role"
	}
	return p.Email + " has: " + granted(p.Grants, d)
}

type userGrant struct {
	ofUser
	grantFlags
	Until string `help:"The last day of the role." placeholder:"YYYY-MM-DD" shown:"it has no end"`
}

// Run grants the role.
func (g *userGrant) Run(ctx context.Context, e *environment) error {
	return e.changed(ctx, func(o *account.Service, d *survey.Directory) (access.Person, error) {
		until, err := lastDay("--until", g.Until, d, e.now())
		if err != nil {
			return access.Person{}, err
		}
		grant, err := g.grant(d, until)
		if err != nil {
			return access.Person{}, err
		}
		return o.Grant(ctx, commandLine, g.Email, grant)
	})
}

type userWithdraw struct {
	ofUser
	grantFlags
}

// Run withdraws the role.
func (w *userWithdraw) Run(ctx context.Context, e *environment) error {
	return e.changed(ctx, func(o *account.Service, d *survey.Directory) (access.Person, error) {
		role, on, err := w.granted(d)
		if err != nil {
			return access.Person{}, err
		}
		return o.Withdraw(ctx, commandLine, w.Email, role, on)
	})
}

type userDisable struct{ ofUser }

// Run closes the account.
func (u *userDisable) Run(ctx context.Context, e *environment) error {
	return e.changed(ctx, func(o *account.Service, _ *survey.Directory) (access.Person, error) {
		return o.Close(ctx, commandLine, u.Email)
	})
}

type userEnable struct{ ofUser }

// Run opens the account.
func (u *userEnable) Run(ctx context.Context, e *environment) error {
	return e.changed(ctx, func(o *account.Service, _ *survey.Directory) (access.Person, error) {
		return o.Reopen(ctx, commandLine, u.Email)
	})
}

type userReset struct {
	ofUser
	WithoutApp bool `name:"without-app" help:"Also take the app away that shows codes, of somebody who lost the phone and the recovery codes."`
	linkFlags
}

// Run makes the person a new link. What they sign in with stays good until it is used.
func (r *userReset) Run(ctx context.Context, e *environment) error {
	return r.linking(ctx, e, func(o *account.Service, _ *survey.Directory) (*access.Person, mail.Kind, string, error) {
		if r.WithoutApp {
			if err := o.DropTOTP(ctx, commandLine, r.Email); err != nil {
				return nil, "", "", err
			}
		}
		p, token, err := o.Reset(ctx, commandLine, r.Email)
		return &p, mail.Reset, token, err
	})
}

type userHandover struct {
	From string `arg:"" help:"The e-mail address of whoever leaves."`
	To   string `arg:"" help:"The e-mail address of the successor, who may be new."`
	Name string `help:"The successor's name, who is invited if nobody has the address." placeholder:"NAME" shown:"none; the successor must be there"`
	scopeFlags
	KeepOpen bool `name:"keep-open" help:"Leave the account of whoever leaves open where no role is left to it."`
	linkFlags
}

// Run hands the office over. The same again completes one that was broken off.
func (h *userHandover) Run(ctx context.Context, e *environment) error {
	return h.linking(ctx, e, func(o *account.Service, d *survey.Directory) (*access.Person, mail.Kind, string, error) {
		on, err := h.scope(d)
		if err != nil {
			return nil, "", "", err
		}
		done, err := o.HandOver(ctx, commandLine, account.Handover{
			From: h.From, To: h.To, Name: h.Name, On: on, AgencyOf: agencyOf(d), KeepOpen: h.KeepOpen,
		})
		if err != nil {
			return nil, "", "", err
		}
		if len(done.Passed) == 0 {
			fmt.Fprintln(e.Err, "nothing was left to hand over")
		}
		fmt.Fprintf(e.Err, "%s\n%s\n", toldOf(&done.From, d), toldOf(&done.To, d))
		return &done.To, mail.Invitation, done.Token, nil
	})
}

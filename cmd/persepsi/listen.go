package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"

	"persepsi/internal/permalink"
	"persepsi/qr"
	"persepsi/survey"
)

// listen takes the address; one that is taken already is told with the flag
// that chooses another.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, survey.Errorf(survey.Conflict, "--addr: %s is in use by another program; choose another with --addr", survey.Printable(addr))
	}
	if err != nil {
		return nil, fmt.Errorf("--addr: %w", err)
	}
	return l, nil
}

// welcome shows a point's symbol on a terminal, so that a phone can scan it.
func (e *environment) welcome(d *survey.Directory, address, public string) {
	if public == "" {
		public = address
	}
	for _, agency := range d.Catalogue().Agencies {
		for _, unit := range agency.Units {
			if len(unit.Points) == 0 || len(d.Running(unit.Code, d.Today(e.now()))) == 0 {
				continue
			}
			target := public + permalink.Form(unit.Points[0].Code)
			if text, err := qr.Terminal(target); err == nil {
				fmt.Fprintf(e.Out, "%s\n%s – %s: %s\n", text, unit.Name, unit.Points[0].Name, target)
			}
			return
		}
	}
	fmt.Fprintln(e.Out, "no city is declared yet: persepsi apply FILE.yaml, or serve --demo to look around")
}

// publicURL checks an address that will stand in printed symbols.
func publicURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", survey.Errorf(survey.Invalid, "--public-url: must be an address such as https://survei.kota.go.id")
	}
	return strings.TrimRight(s, "/"), nil
}

package view

import (
	"bytes"
	"fmt"

	"persepsi/internal/desk"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// Desk is what the pages of the desk have beside what every page has.
type Desk struct {
	Links []DeskLink
	// Of names whose desk it is: the city, an agency or a unit.
	Of    string
	Today survey.Date
	// Late tells that the figures are of longer ago than they should be; nil: they are not.
	Late *desk.Late
	// Live is the address of the stream that tells when the page is to be shown anew,
	// Revision what it shows now; empty on a page that changes only when somebody asks.
	Live, Revision string

	// own stands for who is signed in, on a page that is rendered once for many people;
	// empty on a page of one person.
	own string
}

// Own returns what stands for who is signed in; empty where the page says it itself.
func (d *Desk) Own() string { return d.own }

// ownMark stands for who is signed in, in a page that is rendered once for many.
const ownMark = "00000000-0000-4000-8000-000000000001"

// RenderShared renders a page of the desk once for all who see the same of it, and
// returns what stands before and after the one thing that differs between them: who
// is signed in, as RenderOwn writes it. The page knows nothing of whoever asked for it: it
// has neither their name nor a token, so that a form in it fails to be rendered.
func (p *Pages) RenderShared(name string, data Framed) (before, after []byte, err error) {
	f := data.frame()
	if f.Desk == nil {
		return nil, nil, fmt.Errorf("%s is no page of the desk", name)
	}
	f.Me, f.FormToken, f.Desk.own = nil, "", ownMark
	page, err := p.Render(name, data)
	if err != nil {
		return nil, nil, err
	}
	before, after, ok := bytes.Cut(page, []byte(ownMark))
	if !ok || bytes.Contains(after, []byte(ownMark)) {
		return nil, nil, fmt.Errorf("the page %s does not say exactly once who is signed in", name)
	}
	return before, after, nil
}

// RenderOwn writes what a page of the desk says of who is signed in.
func (p *Pages) RenderOwn(f Frame) ([]byte, error) {
	f.Lang, f.Desk = Language(f.Lang), &Desk{}
	var out bytes.Buffer
	if err := p.sets[f.Lang]["desk-morning"].ExecuteTemplate(&out, "me", f); err != nil {
		return nil, fmt.Errorf("render who is signed in: %w", err)
	}
	return out.Bytes(), nil
}

// The parts that the bar of the desk leads to.
const (
	DeskMorning    = "morning"
	DeskCity       = "city"
	DeskAgencyPart = "agency"
	DeskSheet      = "sheet"
	DeskWork       = "work"
)

// DeskLink leads from the desk's bar to a part of it.
type DeskLink struct {
	Key, Path string
	Here      bool
}

// DeskAddress returns where a target of the desk is, without a language: empty where it is
// about several units, and then the page itself lists them.
func DeskAddress(t desk.Target) string {
	query := "?period=" + t.Period
	switch {
	case t.Unit == "":
		return ""
	case t.Page == desk.PageResults:
		return permalink.Result(t.Unit) + query
	case t.Page == desk.PagePoint || t.Page == desk.PageSample || t.Page == desk.PagePopulation:
		return UnitAddress(t.Unit, UnitSample) + query
	default:
		return UnitAddress(t.Unit, UnitOverview) + query
	}
}

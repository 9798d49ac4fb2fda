package view

import (
	"bytes"
	"fmt"
)

// ownMark stands for who is signed in, in a page that is rendered once for many.
const ownMark = "00000000-0000-4000-8000-000000000001"

// Own returns what stands for who is signed in, on a page that is rendered once for many
// people; empty where the page says it itself.
func (f *Frame) Own() string { return f.own }

// RenderShared renders a page of signed-in people once for all who see the same of it, and
// returns what stands before and after the one thing that differs between them: who
// is signed in, as RenderOwn writes it. The page knows nothing of whoever asked for it: it
// has neither their name nor a token, so that a form in it fails to be rendered.
func (p *Pages) RenderShared(name string, data PageData) (before, after []byte, err error) {
	f := data.frame()
	if f.Desk == nil && f.Me == nil {
		return nil, nil, fmt.Errorf("%s is no page of signed-in people", name)
	}
	f.Me, f.FormToken, f.own = &Me{}, "", ownMark
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

// RenderOwn writes what a shared page says of who is signed in.
func (p *Pages) RenderOwn(f Frame) ([]byte, error) {
	f.Lang = Language(f.Lang)
	var out bytes.Buffer
	if err := p.sets[f.Lang]["desk-morning"].ExecuteTemplate(&out, "me", &f); err != nil {
		return nil, fmt.Errorf("render who is signed in: %w", err)
	}
	return out.Bytes(), nil
}

package comment

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// Change is what somebody marks of a comment.
type Change struct {
	Place
	Key     Key
	Version int   // of the mark that they saw
	State   State // empty: it stays
	// Topics, where Correct is set, are those that the comment speaks of.
	Correct bool
	Topics  []Topic
	By      string
}

// Change stores what somebody marks of a comment. NotFound: it is not shown (any more).
// Conflict: somebody else marked it since. Invalid: no such mark or topic.
func (r *Reader) Change(ctx context.Context, c Change) error {
	_, e, err := r.find(c.Place, c.Key)
	if err != nil {
		return err
	}
	m := Mark{
		Period: c.Period, Unit: c.Unit, ID: e.id, Version: c.Version + 1, State: States()[e.state], Corrected: e.checked,
		By: c.By, At: r.now().UTC().Truncate(time.Millisecond),
	}
	if e.checked {
		m.Topics = r.named(e.topics)
	}
	if c.State != "" {
		m.State = c.State
	}
	if c.Correct {
		m.Corrected, m.Topics = true, c.Topics
	}
	if err := m.check(r.classifier); err != nil {
		return err
	}
	if int(e.version) != c.Version {
		return m.Conflict()
	}
	if err := r.store.PutMark(ctx, m); err != nil {
		return err
	}
	r.mark(c.Place, -1, []Mark{m}) // and what others marked at the next look
	return nil
}

// named lists the topics of a set.
func (r *Reader) named(set Topics) (out []Topic) {
	for i, t := range r.Topics() {
		if set.Has(i) {
			out = append(out, t)
		}
	}
	return out
}

// Names lists the topics of a set, in their order.
func (r *Reader) Names(set Topics) []Topic { return r.named(set) }

// find finds a comment that is shown.
func (r *Reader) find(at Place, k Key) (*index, *entry, error) {
	s := r.index(at)
	i := s.find(k)
	if i < 0 {
		return nil, nil, survey.Errorf(survey.NotFound, "there is no such comment")
	}
	return s, &s.entries[i], nil
}

// Who fills in who marked the comments of a page, and when.
func (r *Reader) Who(ctx context.Context, items []Item) error {
	indexes := *r.indexes.Load()
	of := map[Place][]uuid.UUID{}
	by := map[uuid.UUID]*Item{}
	for i := range items {
		at := Place{items[i].Period, items[i].Unit}
		if s := indexes[at]; items[i].Version > 0 {
			if e := s.find(items[i].Key); e >= 0 {
				id := s.entries[e].id
				of[at], by[id] = append(of[at], id), &items[i]
			}
		}
	}
	for at, ids := range of {
		list, err := r.store.Marks(ctx, at, ids...)
		if err != nil {
			return err
		}
		for _, m := range list {
			by[m.ID].By, by[m.ID].At = m.By, m.At
		}
	}
	return nil
}

// LongestReason bounds the reason of who reveals a comment, in characters, and leastReason is
// how many letters and digits one has that says something.
const (
	LongestReason = 300
	leastReason   = 5
)

// legible returns a text in one line, without what cannot be seen.
func legible(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))), " ")
}

// Reveal returns a comment as it was written. Who asks for it and why stands in the audit
// before it is returned, without a word of it. Invalid: no reason. NotFound: it is not
// shown (any more).
func (r *Reader) Reveal(ctx context.Context, at Place, k Key, actor, reason string) (*Item, string, error) {
	reason = legible(reason)
	letters := 0
	for _, r := range fold(reason).text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
	}
	if letters < leastReason || utf8.RuneCountInString(reason) > LongestReason {
		return nil, "", survey.Errorf(survey.Invalid, "reason: %d letters are needed, and %d characters at most", leastReason, LongestReason)
	}
	s, e, err := r.find(at, k)
	if err != nil {
		return nil, "", err
	}
	texts, err := r.store.Comments(ctx, []uuid.UUID{e.id})
	if err != nil {
		return nil, "", err
	}
	text, there := texts[e.id]
	if !there {
		return nil, "", survey.Errorf(survey.NotFound, "there is no such comment")
	}
	entry := audit.Entry{
		At: r.now(), Actor: actor, Action: audit.RevealComment, Subject: at.Period + "/" + at.Unit,
		Detail: fmt.Sprintf("comment %s of release %d was shown without masks", k, k.Serial), Reason: reason,
	}
	entry.Concerns(at.Period, at.Unit)
	if err := r.store.Audit(ctx, entry); err != nil {
		return nil, "", err
	}
	item := r.item(at.Period, found{s, e}, text)
	return &item, text, nil
}

// One returns a comment that is shown, masked. NotFound: it is not (any more).
func (r *Reader) One(ctx context.Context, at Place, k Key) (*Item, error) {
	s, e, err := r.find(at, k)
	if err != nil {
		return nil, err
	}
	texts, err := r.store.Comments(ctx, []uuid.UUID{e.id})
	if err != nil {
		return nil, err
	}
	text, there := texts[e.id]
	if !there {
		return nil, survey.Errorf(survey.NotFound, "there is no such comment")
	}
	item := r.item(at.Period, found{s, e}, text)
	return &item, nil
}

// Marked returns what is marked of a comment, without its text. NotFound: it is not shown
// (any more).
func (r *Reader) Marked(at Place, k Key) (*Item, error) {
	s, e, err := r.find(at, k)
	if err != nil {
		return nil, err
	}
	return &Item{Period: at.Period, Unit: at.Unit, Key: k, Label: s.labels[e.label], State: States()[e.state], Version: int(e.version), Topics: e.topics, Checked: e.checked}, nil
}

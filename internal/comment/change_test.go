package comment

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// toilets returns a city of one unit with twelve comments, a reader of it, and one of the comments.
func toilets(t *testing.T) (*city, *Reader, Place, Item) {
	t.Helper()
	c := newCity()
	c.release("u", some(12, survey.Response{Service: "a", Day: monday, Mode: survey.ModeQR, Comment: "Toilet bau, kata bu Zulqaidah"})...)
	r := c.reader(t)
	refresh(t, r)
	return c, r, Place{"p", "u"}, pages(t, r, Query{Units: []string{"u"}})[0].Items[0]
}

func TestAMarkKeepsWhatItDoesNotChange(t *testing.T) {
	t.Parallel()
	c, r, at, of := toilets(t)
	all, before := r.Topics(), r.index(at).entries
	for i, x := range []struct {
		change  Change
		state   State
		checked bool
		topics  []Topic
	}{
		{Change{State: Read}, Read, false, nil}, // as they were found
		{Change{Correct: true, Topics: all[:2]}, Read, true, all[:2]},
		{Change{State: FollowedUp}, FollowedUp, true, all[:2]},
		{Change{State: Unread, Correct: true}, Unread, true, nil},
	} {
		x.change.Place, x.change.Key, x.change.Version, x.change.By = at, of.Key, i, "siti"
		if err := r.Change(t.Context(), x.change); err != nil {
			t.Fatal(err)
		}
		m := c.marks[len(c.marks)-1]
		if m.State != x.state || m.Corrected != x.checked || !slices.Equal(m.Topics, x.topics) || m.Version != i+1 || m.By != "siti" || !m.At.Equal(c.now) {
			t.Errorf("stored is %+v", m)
		}
		got, err := r.Marked(at, of.Key) // at once
		if err != nil || got.State != x.state || got.Checked != x.checked || got.Version != i+1 || x.checked && !slices.Equal(r.Names(got.Topics), x.topics) || !x.checked && got.Topics != of.Topics {
			t.Errorf("told is %+v, err = %v", got, err)
		}
		items := []Item{of, *got}
		if err := r.Who(t.Context(), items); err != nil || items[1].By != "siti" || !items[1].At.Equal(c.now) || items[0].By != "" {
			t.Errorf("marked by %+v, err = %v", items, err)
		}
	}
	if before[0].version != 0 {
		t.Error("an index that somebody reads was changed")
	}
	// What another server marked is told at the next look, also of what was marked here.
	c.marks = append(c.marks, Mark{Period: "p", Unit: "u", ID: c.marks[0].ID, Version: 5, State: Irrelevant, By: "budi"})
	refresh(t, r)
	if got, err := r.Marked(at, of.Key); err != nil || got.State != Irrelevant || got.Version != 5 || !got.Checked {
		t.Errorf("told is %+v, err = %v", got, err)
	}
	r.mark(at, 0, []Mark{{ID: c.marks[0].ID, Version: 4, State: Read}, {ID: c.marks[0].ID, Version: 4, State: Read}}) // read before, told late
	if got, err := r.Marked(at, of.Key); err != nil || got.State != Irrelevant {
		t.Errorf("an older mark replaces a newer one: %+v, err = %v", got, err)
	}
	for _, x := range []struct {
		change Change
		want   survey.Code
	}{
		{Change{Version: 4, State: Read}, survey.Conflict},
		{Change{Version: 6, State: Read}, survey.Conflict},
		{Change{Version: 5, State: "lost"}, survey.Invalid},
		{Change{Version: 5, Correct: true, Topics: []Topic{"lost"}}, survey.Invalid},
	} {
		n := len(c.marks)
		x.change.Place, x.change.Key = at, of.Key
		if err := r.Change(t.Context(), x.change); survey.CodeOf(err) != x.want || len(c.marks) != n {
			t.Errorf("%+v: err = %v, want %s", x.change, err, x.want)
		}
	}
	for _, call := range []string{"PutMark", "Marks"} {
		c.fails[call] = errors.New("away")
	}
	if err := r.Change(t.Context(), Change{Place: at, Key: of.Key, Version: 5, State: Read}); !errors.Is(err, c.fails["PutMark"]) {
		t.Errorf("a mark that was not stored: err = %v", err)
	}
	of.Version = 5
	if err := r.Who(t.Context(), []Item{of}); !errors.Is(err, c.fails["Marks"]) {
		t.Errorf("who marked it: err = %v", err)
	}
	c.marks = append(c.marks, Mark{Period: "p", Unit: "u", ID: c.marks[0].ID, Version: 6, State: Read})
	if err := r.Refresh(t.Context()); !errors.Is(err, c.fails["Marks"]) {
		t.Errorf("marks that can't be read: err = %v", err)
	}
}

// Who reads what is masked says why in words, and it is kept before they read it.
func TestNothingIsRevealedWithoutAReasonThatIsKept(t *testing.T) {
	t.Parallel()
	c, r, at, of := toilets(t)
	for reason, ok := range map[string]bool{
		"abcd": false, "abcde": true, "12345": true, "a b-c.d": false, "ab\u200bcd": false, strings.Repeat("a", LongestReason): true, strings.Repeat("a", LongestReason+1): false,
		strings.Repeat("é", LongestReason): true, "....................": false, "  abcde" + strings.Repeat(" ", LongestReason): true,
	} {
		n := len(c.audited)
		_, text, err := r.Reveal(t.Context(), at, of.Key, "tpi", reason)
		if ok && (err != nil || !strings.Contains(text, "Zulqaidah") || len(c.audited) != n+1) || !ok && (survey.CodeOf(err) != survey.Invalid || text != "" || len(c.audited) != n) {
			t.Errorf("%q: %q, err = %v", reason, text, err)
		}
	}
	c.audited = nil
	item, _, err := r.Reveal(t.Context(), at, of.Key, "tpi", "di\u202eminta\n\x00 in\u200bspek\xfftur")
	if err != nil || strings.Contains(Plain(item.Text), "Zulqaidah") || !item.Masked() || !of.Masked() {
		t.Fatalf("%+v, err = %v", item, err)
	}
	want := audit.Entry{At: c.now, Actor: "tpi", Action: audit.RevealComment, Subject: "p/u"}
	want.Concerns("p", "u")
	if e := c.audited[0]; e.Reason != "diminta inspektur" || e.Actor != want.Actor || e.Subject != want.Subject || !slices.Equal(e.Periods, want.Periods) || !slices.Equal(e.Units, want.Units) || !strings.Contains(e.Detail, of.Key.String()) {
		t.Errorf("the audit has %+v", e)
	}
	if (&Item{Text: []Segment{{Text: "Ramah"}}}).Masked() {
		t.Error("a comment without a mask is masked")
	}
	shows := map[string]func(Key) (*Item, string, error){
		"reveal": func(k Key) (*Item, string, error) { return r.Reveal(t.Context(), at, k, "tpi", "diminta") },
		"one": func(k Key) (*Item, string, error) {
			i, err := r.One(t.Context(), at, k)
			return i, "", err
		},
		"marked": func(k Key) (*Item, string, error) {
			i, err := r.Marked(at, k)
			return i, "", err
		},
	}
	if i, _, err := shows["one"](of.Key); err != nil || Plain(i.Text) != Plain(of.Text) || i.Key != of.Key {
		t.Errorf("one is %+v, err = %v", i, err)
	}
	for name, show := range shows {
		for _, k := range []Key{{1, 12, of.Key.Salt}, {2, 0, of.Key.Salt}, {1, 0, "00000000"}} {
			if i, text, err := show(k); survey.CodeOf(err) != survey.NotFound || i != nil || text != "" {
				t.Errorf("%s of none: err = %v", name, err)
			}
		}
		if name == "marked" {
			continue
		}
		_, e, _ := r.find(at, of.Key)
		c.gone[e.id] = true // a moment ago
		if i, text, err := show(of.Key); survey.CodeOf(err) != survey.NotFound || i != nil || text != "" {
			t.Errorf("%s of what went: err = %v", name, err)
		}
		clear(c.gone)
		c.fails["Comments"] = errors.New("away")
		if i, text, err := show(of.Key); !errors.Is(err, c.fails["Comments"]) || i != nil || text != "" {
			t.Errorf("%s without the store: err = %v", name, err)
		}
		clear(c.fails)
	}
	c.fails["Audit"] = errors.New("away")
	if i, text, err := shows["reveal"](of.Key); !errors.Is(err, c.fails["Audit"]) || i != nil || text != "" {
		t.Errorf("revealed without the audit: %q, err = %v", text, err)
	}
}

// What was taken out is found by no key, nor where a release follows.
func TestAKeyFindsItsCommentAfterLaterReleases(t *testing.T) {
	t.Parallel()
	c, r, at, of := toilets(t)
	_, e, _ := r.find(at, of.Key)
	id := e.id
	for n := range 3 {
		c.now = c.now.Add(time.Hour)
		c.release("u", some(11+n, survey.Response{Service: "a", Day: monday, Mode: survey.ModeQR, Comment: "Ramah"})...)
		refresh(t, r)
		if _, e, err := r.find(at, of.Key); err != nil || e.id != id {
			t.Fatalf("after %d releases it finds another one, err = %v", n+1, err)
		}
	}
	c.takeOut(id)
	refresh(t, r)
	for range 2 {
		if _, err := r.Marked(at, of.Key); survey.CodeOf(err) != survey.NotFound || r.UnreadOf("p")["u"] != 11+11+12+13 {
			t.Errorf("err = %v, %d are unread", err, r.UnreadOf("p")["u"])
		}
		r = c.reader(t) // after a restart
		refresh(t, r)
	}
	if i := r.index(at); len(i.steps) != 4 || i.newest() != 4 || (*index)(nil).newest() != 0 {
		t.Errorf("%d steps are known", len(i.steps))
	}
}

package comment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/survey"
)

// A step tells of comments alone, of each beside its own label, under a key that nobody guesses.
func TestAStepTellsOfCommentsBesideTheirLabels(t *testing.T) {
	t.Parallel()
	c := newCity()
	var rows []survey.Response
	for day := range 4 { // the oldest first, as they came
		for _, service := range []string{"a", "b"} {
			rows = append(rows, some(11, survey.Response{Service: service, Day: monday + survey.Date(day), Mode: survey.ModeQR, Comment: fmt.Sprintf("%s %d", service, day)})...)
			rows = append(rows, survey.Response{Service: service, Day: monday + survey.Date(day), Mode: survey.ModeQR, Comment: " "})
		}
	}
	rows = append(rows, some(9, survey.Response{Service: "a", Day: monday, Mode: survey.ModePaper, Comment: "nine of staff"})...)
	c.release("u", rows...)
	r := c.reader(t)
	refresh(t, r)
	step := c.put[Place{"p", "u"}][0]
	if len(step.Comments) != 88 || len(step.Labels) != 8 || len(step.Salt) != 8 || step.Salt == "00000000" {
		t.Fatalf("%d comments of %d labels, salt %q", len(step.Comments), len(step.Labels), step.Salt)
	}
	for _, s := range step.Comments {
		a, l := c.answers[s.ID], step.Labels[s.Label]
		if l.Service != a.Service || l.From != a.Day || l.To != a.Day {
			t.Errorf("%q has the label %v", a.Comment, l)
		}
	}
	if !slices.IsSortedFunc(step.Labels, func(a, b Label) int {
		return strings.Compare(fmt.Sprint(9e6-float64(a.To), a.Service), fmt.Sprint(9e6-float64(b.To), b.Service))
	}) {
		t.Errorf("labels stand in the order %v", step.Labels)
	}
	for _, p := range pages(t, r, Query{Units: []string{"u"}}) {
		for _, i := range p.Items {
			if want := fmt.Sprintf("%s %d", i.Label.Service, i.Label.From-monday); Plain(i.Text) != want {
				t.Errorf("%q is shown beside %v", Plain(i.Text), i.Label)
			}
		}
	}
}

func TestCommentsAreCountedAndSelected(t *testing.T) {
	t.Parallel()
	c := newCity()
	a := survey.Response{Service: "a", Day: monday, Mode: survey.ModeQR, Comment: "Toilet bau"}
	b, none, late := a, a, a
	b.Service, b.Day, b.Comment = "b", monday+6, "Antre lama"
	none.Service, none.Day = "", monday+1
	late.Day = monday + 8
	c.release("u", slices.Concat(some(12, a), some(13, b), some(14, none))...)
	c.release("u", some(5, a)[0], late) // of too few: no label
	c.release("v", slices.Concat(some(6, late), some(5, a))...)
	r := c.reader(t)
	refresh(t, r)
	first := pages(t, r, Query{Units: []string{"u"}, Service: "a"})[0].Items[0]
	if err := r.Change(t.Context(), Change{Place: Place{"p", "u"}, Key: first.Key, State: Read}); err != nil {
		t.Fatal(err)
	}
	room := r.classifier.Index("ruang")
	got := pages(t, r, Query{Units: []string{"u", "v", "w"}})[0].Counts
	if got.All != 50 || got.States[Unread] != 49 || got.States[Read] != 1 || got.Topics[room] != 37 || got.New[room] != 36 {
		t.Errorf("counts are %+v", got)
	}
	if want := map[string]int{"a": 23, "b": 13}; !maps.Equal(got.Services, want) {
		t.Errorf("of services %v, want %v", got.Services, want)
	}
	if want := map[survey.Date]int{monday: 39}; !maps.Equal(got.Weeks, want) { // those of v may be of two
		t.Errorf("of weeks %v, want %v", got.Weeks, want)
	}
	for _, x := range []struct {
		q Query
		n int
	}{
		{Query{}, 50},
		{Query{Service: "b"}, 13},
		{Query{Topic: "ruang"}, 37},
		{Query{Topic: "none"}, 0},
		{Query{State: Read}, 1},
		{Query{State: Unread}, 49},
		{Query{Week: monday - 7}, 0},
		{Query{Week: monday}, 50},
		{Query{Week: monday + 7}, 11},
		{Query{Week: monday + 14}, 0},
		{Query{Service: "a", Week: monday + 7}, 11},
		{Query{Service: "a", State: Read, Topic: "ruang", Week: monday}, 1},
		{Query{Service: "b", Topic: "ruang"}, 0},
	} {
		x.q.Units = []string{"u", "v", "w"}
		n := 0
		for _, k := range shown(t, r, x.q) {
			n += k
		}
		if n != x.n {
			t.Errorf("%+v selects %d, want %d", x.q, n, x.n)
		}
	}
	if n := r.UnreadOf("p"); n["u"] != 38 || n["v"] != 11 || len(r.UnreadOf("q")) > 0 {
		t.Errorf("unread are %v", n)
	}
}

// Several units and releases are one list, newest first, of which no page repeats or loses one.
func TestUnitsAreOneListInTheOrderOfReleases(t *testing.T) {
	t.Parallel()
	c := newCity()
	like := survey.Response{Service: "a", Day: monday, Mode: survey.ModeQR, Comment: "Ramah"}
	units := []string{"a", "b", "c", "d"}
	for day := range 3 {
		for i, unit := range units {
			if day != i { // not each on each day
				c.release(unit, some(11+3*i, like)...)
			}
		}
		c.now = c.now.Add(24 * time.Hour)
	}
	c.release("b", some(10, like)[:9]...) // without a comment that may be shown
	r := c.reader(t)
	refresh(t, r)
	var all []Item
	list := pages(t, r, Query{Units: []string{"c", "a", "d", "b"}})
	for i, p := range list {
		if all = append(all, p.Items...); i < len(list)-1 && len(p.Items) != pageSize {
			t.Errorf("page %d has %d comments", i, len(p.Items))
		}
	}
	if len(all) != 11*2+14*2+17*2+20*3 {
		t.Errorf("%d comments are listed", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b Item) int {
		if d := b.Released.Compare(a.Released); d != 0 {
			return d
		}
		if d := strings.Compare(a.Unit, b.Unit); d != 0 {
			return d
		}
		return a.Key.Place - b.Key.Place
	}) {
		t.Error("the list is in another order")
	}
	// Who asks for what follows a comment of a unit that they may not see learns nothing.
	for _, q := range []Query{{AfterUnit: "a", After: all[0].Key}, {AfterUnit: "b", After: Key{Serial: 99}}} {
		q.Period, q.Units = "p", []string{"b"}
		if _, err := r.List(t.Context(), q); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("after %s of %s: err = %v", q.After, q.AfterUnit, err)
		}
	}
	c.fails["Comments"] = errors.New("away")
	if _, err := r.List(t.Context(), Query{Period: "p", Units: units}); !errors.Is(err, c.fails["Comments"]) {
		t.Errorf("err = %v", err)
	}
}

// asked counts the texts that are read.
type asked struct{ searched, pages, most int }

func searches(t *testing.T, r *Reader, q Query) (out asked, items int) {
	t.Helper()
	for _, p := range pages(t, r, q) {
		out.pages++
		out.searched += p.Searched
		out.most, items = max(out.most, p.Searched), items+len(p.Items)
	}
	return out, items
}

func TestASearchIsDividedAndFindsAll(t *testing.T) {
	t.Parallel()
	c := newCity()
	short := survey.Response{Service: "a", Day: monday, Mode: survey.ModeQR, Comment: "Ramah"}
	rare, long := short, short
	rare.Comment, long.Comment = "Toilet", strings.Repeat("ramah ", 2_000)
	c.release("u", slices.Concat(some(2*mostSearched+150, short), some(15, rare))...)
	c.release("v", slices.Concat(some(30, long), some(12, rare))...)
	r := c.reader(t)
	refresh(t, r)
	got, n := searches(t, r, Query{Units: []string{"u"}, Search: "toilet"})
	if n != 15 || got != (asked{2*mostSearched + 165, 3, mostSearched}) {
		t.Errorf("%d are found, %+v", n, got)
	}
	// Long texts are masked no more of than a page may take: eight or nine of them.
	got, n = searches(t, r, Query{Units: []string{"v"}, Search: "toilet"})
	if n != 12 || got.searched != 42 || got.pages < 4 || got.most > 21 {
		t.Errorf("of long ones %d are found, %+v", n, got)
	}
	if got, n = searches(t, r, Query{Units: []string{"v"}}); n != 42 || got.searched != 0 || got.pages != 3 {
		t.Errorf("without a search %d, %+v", n, got)
	}
	// A page that is full before enough was read ends with what it shows.
	long.Comment = strings.Repeat("ramah ", 750)
	c.release("w", some(40, long)...)
	refresh(t, r)
	if _, n = searches(t, r, Query{Units: []string{"w"}, Search: "ramah"}); n != 40 {
		t.Errorf("%d of 40 are found", n)
	}
	c.texts = 0
	if got := pages(t, r, Query{Units: []string{"w"}}); len(got) != 2 || c.texts != pageSize+1+pageSize {
		t.Errorf("%d pages, %d texts are read", len(got), c.texts)
	}
	// What went a moment ago is not shown, and the list goes on.
	for _, i := range pages(t, r, Query{Units: []string{"v"}, Search: "toilet"})[0].Items {
		_, e, _ := r.find(Place{"p", "v"}, i.Key)
		c.gone[e.id] = true
	}
	if _, n = searches(t, r, Query{Units: []string{"v"}, Search: "toilet"}); n != 12-len(c.gone) {
		t.Errorf("%d are found of which %d went", n, len(c.gone))
	}
	if _, n = searches(t, r, Query{Units: []string{"v"}}); n != 42-len(c.gone) {
		t.Errorf("%d are listed of which %d went", n, len(c.gone))
	}
}

func TestWhatIsSearchedForIsBounded(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("b", longestTerm)
	for text, n := range map[string]int{"a": 0, "ab": 1, word: 1, word + "b": 0, "aa bb cc dd ee": 5, "aa bb cc dd ee ff": 5, "": 0} {
		if got := searched(text); len(got) != n {
			t.Errorf("%q searches for %d words, want %d", text, len(got), n)
		}
	}
	for _, x := range []struct {
		a, b []string
		want bool
	}{
		{[]string{"ini", "x"}, []string{"ini", "y"}, true},                 // the same word
		{[]string{"kerin", "rin"}, []string{"berin", "rin"}, false},        // what is left of them says too little
		{[]string{"dikerja", "kerja"}, []string{"pekerja", "kerja"}, true}, // enough
		{[]string{"rin"}, []string{"berin", "rin"}, false}, {[]string{"berin", "rin"}, []string{"rin"}, false},
	} {
		if got := shares(x.a, x.b); got != x.want {
			t.Errorf("%v and %v: %v", x.a, x.b, got)
		}
	}
}

// A city's work is left when the server ends, without a fault.
func TestARefreshThatIsCutOffIsNoFault(t *testing.T) {
	t.Parallel()
	c := newCity()
	ctx, end := context.WithCancel(t.Context())
	c.release("u", some(12, survey.Response{Day: monday, Comment: "Ramah"})...)
	c.before = func(Step) { end() }
	c.fails["PutCommentStep"] = context.Canceled
	r := c.reader(t)
	if err := r.Refresh(ctx); err != nil {
		t.Errorf("err = %v", err)
	}
	delete(c.fails, "PutCommentStep")
	c.before = nil
	c.now = c.now.Add(tryAgain)
	if refresh(t, r); r.UnreadOf("p")["u"] != 12 {
		t.Error("what was cut off is not done later")
	}
}

func TestAListPassesOverSoManyAtOnceAndGoesOn(t *testing.T) {
	t.Parallel()
	c := newCity()
	r := c.reader(t)
	many := &index{unit: "u", labels: []Label{{}}, counts: newCounts(0), steps: []indexedStep{{serial: 1, n: mostWalked + 5}}, entries: make([]entry, mostWalked+5)}
	for i := range many.entries {
		many.entries[i].place = int32(i)
	}
	r.publish(Place{"p", "u"}, func(*index) *index { return many })
	got := pages(t, r, Query{Units: []string{"u"}, State: Read})
	if len(got) != 2 || got[0].LastKey.Place != mostWalked-1 || got[0].LastUnit != "u" {
		t.Errorf("%d pages, the first to %v", len(got), got[0].LastKey)
	}
	many.entries, many.steps[0].n = many.entries[:2*pageSize], 2*pageSize
	id := c.release("u", survey.Response{Comment: "Ramah"})[0]
	for i := range many.entries {
		many.entries[i].id = id
	}
	if got := pages(t, r, Query{Units: []string{"u"}}); len(got) != 2 || len(got[1].Items) != pageSize {
		t.Errorf("%d pages of twice as many as one has", len(got))
	}
}

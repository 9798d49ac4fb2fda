package evidence

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/audit"
	"persepsi/survey"
)

func TestAnEntryThatBreaksARuleIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	file := func(name, data string) func(*Draft) {
		return func(d *Draft) { d.Link, d.File = "", &Sent{name, []byte(data)} }
	}
	link := func(to string) func(*Draft) { return func(d *Draft) { d.Link = to } }
	published := func(way, day, where string) func(*Draft) {
		return func(d *Draft) { d.Row, d.Way, d.Day, d.Where = Publication, way, day, where }
	}
	for _, tc := range []struct {
		name   string
		change func(*Draft)
		want   string
	}{
		{"a link", nil, ""},
		{"a link without encryption", link("http://kota.example/a?b=c#d"), ""},
		{"a file", file("a.pdf", pdfText), ""},
		{"the largest file", file("a.pdf", pdfText[:9]+strings.Repeat("x", MostFile-15)+"%%EOF\n"), ""},
		{"a file that is one byte larger", file("a.pdf", pdfText[:9]+strings.Repeat("x", MostFile-14)+"%%EOF\n"), "file too_large"},
		{"an empty file", file("a.pdf", ""), "file empty"},
		{"a file of another kind", file("a.pdf", "<html>"), "file differs"},
		{"a file with another ending", file("a.exe", "MZ"), "file type"},
		{"neither a link nor a file", link(""), "file neither"},
		{"both", func(d *Draft) { d.File = &Sent{"a.pdf", []byte(pdfText)} }, "link both"},
		{"a program as a link", link("javascript:alert(1)"), "link not_a_link"},
		{"a file of the reader", link("file:///etc/passwd"), "link not_a_link"},
		{"a link without a place", link("https:///x"), "link not_a_link"},
		{"a link with a password", link("https://a:b@kota.example"), "link not_a_link"},
		{"a link with a space", link("https://kota.example/a b"), "link not_a_link"},
		{"a link that turns its direction", link("https://kota.example/\u202egpj"), "link not_a_link"},
		{"no link at all", link("kota.example"), "link not_a_link"},
		{"the longest link", link("https://kota.example/" + strings.Repeat("x", MostLink-21)), ""},
		{"a link that is too long", link("https://kota.example/" + strings.Repeat("x", MostLink-20)), "link too_long"},
		{"no row", func(d *Draft) { d.Row = "" }, "row required"},
		{"a row that there is not", func(d *Draft) { d.Row = "II" }, "row required"},
		{"no title", func(d *Draft) { d.Title = " a " }, "title required"},
		{"a title that is too long", func(d *Draft) { d.Title = strings.Repeat("é", MostTitle+1) }, "title too_long"},
		{"a title of two lines", func(d *Draft) { d.Title = "abc\ndef" }, "title not_text"},
		{"a title that turns its direction", func(d *Draft) { d.Title = "abc\u202edef" }, "title not_text"},
		{"a note of two lines", func(d *Draft) { d.Note = "abc\r\ndef" }, ""},
		{"a note that is too long", func(d *Draft) { d.Note = strings.Repeat("x", MostNote+1) }, "note too_long"},
		{"a publication", published(Offline, "2026-07-02", "Papan pengumuman"), ""},
		{"a publication to come", published(Online, "2026-07-03", "Situs kota"), "day later"},
		{"a publication of no way, day and place", published("", "kemarin", ""), "way required, where required, day not_a_day"},
		{"several faults at once", func(d *Draft) { d.Title, d.Link = "", "x" }, "title required, link not_a_link"},
	} {
		kept, store := newEntries()
		e, err := kept.Add(t.Context(), draft(tc.change))
		if got := strings.Join(fieldsOf(err), ", "); got != tc.want || (err == nil) != (tc.want == "") {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
		if stored := len(store.steps); stored != map[bool]int{true: 1}[tc.want == ""] || len(store.ends) > 0 || stored == 0 && len(store.pieces) > 0 || err == nil && e.N != 1 {
			t.Errorf("%s: %d entries, %d files", tc.name, stored, len(store.pieces))
		}
	}
}

func TestAUnitHasNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	file := func(n int64, withdrawn time.Duration) Step {
		s := Step{Added: &Entry{Row: FollowUp, File: &File{ID: "x", Bytes: n, SHA256: "y"}}}
		if withdrawn > 0 {
			s.Added.Withdrawn = &Withdrawal{At: noon.Add(-withdrawn)}
		}
		return s
	}
	old, new := KeptWithdrawn, KeptWithdrawn-time.Millisecond
	for _, tc := range []struct {
		name string
		have []Step
		link bool
		want string
	}{
		{"the last file", slices.Repeat([]Step{file(1, 0)}, MostFiles-1), false, ""},
		{"a file too many", slices.Repeat([]Step{file(1, 0)}, MostFiles), false, "file many_files"},
		{"a link beside them", slices.Repeat([]Step{file(1, 0)}, MostFiles), true, ""},
		{"files of withdrawn entries are there for a while", slices.Repeat([]Step{file(1, new)}, MostFiles), false, "file many_files"},
		{"and then no longer", slices.Repeat([]Step{file(1, old)}, MostFiles), false, ""},
		{"the last bytes", []Step{file(MostBytes-int64(len(pdfText)), 0)}, false, ""},
		{"a byte too many", []Step{file(MostBytes-int64(len(pdfText))+1, 0)}, false, "file many_bytes"},
		{"bytes of withdrawn entries are there for a while", []Step{file(MostBytes, new)}, false, "file many_bytes"},
		{"the last entry", slices.Repeat([]Step{file(0, old)}, MostEntries-1), true, ""},
		{"an entry too many", slices.Repeat([]Step{file(0, old)}, MostEntries), true, "title many_entries"},
	} {
		kept, store := newEntries()
		for i, s := range tc.have {
			s.Serial = i + 1
			store.steps = append(store.steps, s)
		}
		_, err := kept.Add(t.Context(), draft(func(d *Draft) {
			if !tc.link {
				d.Link, d.File = "", &Sent{"a.pdf", []byte(pdfText)}
			}
		}))
		if got := strings.Join(fieldsOf(err), ", "); got != tc.want || len(store.ends) > 0 || err != nil && len(store.pieces) > 0 {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

func TestTheFilesOfACityLeaveRoomForAnswers(t *testing.T) {
	t.Parallel()
	const most = MostCity / MostPiece
	two := "%PDF-1.7\n" + strings.Repeat("x", MostPiece) + "%%EOF\n"
	for _, tc := range []struct {
		name, data string
		room       Room
		want       string
	}{
		{"the last piece", pdfText, Room{most - 1, -1}, ""},
		{"a piece too many", pdfText, Room{most, -1}, "file city_full"},
		{"a file of two pieces where one is free", two, Room{most - 1, -1}, "file city_full"},
		{"the last bytes of the disk", pdfText, Room{0, LeastFree + int64(len(pdfText))}, ""},
		{"a byte too many", pdfText, Room{0, LeastFree + int64(len(pdfText)) - 1}, "file disk_full"},
		{"a full disk", pdfText, Room{0, 0}, "file disk_full"},
		{"a link", "", Room{most, 0}, ""},
	} {
		kept, store := newEntries()
		store.room = tc.room
		_, err := kept.Add(t.Context(), draft(func(d *Draft) {
			if tc.data != "" {
				d.Link, d.File = "", &Sent{"a.pdf", []byte(tc.data)}
			}
		}))
		if got := strings.Join(fieldsOf(err), ", "); got != tc.want || len(store.ends) > 0 || err != nil && len(store.pieces) > 0 {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
	kept, store := newEntries()
	store.broken = errors.New("the store is away")
	if _, err := kept.Add(t.Context(), draft(func(d *Draft) { d.Link, d.File = "", &Sent{"a.pdf", []byte(pdfText)} })); !errors.Is(err, store.broken) || len(store.pieces) > 0 {
		t.Errorf("where it is not known how much there is: %v", err)
	}
}

func TestWhereLinksAloneAreTakenAFileIsNotLookedAt(t *testing.T) {
	t.Parallel()
	kept, store := newEntries()
	for name, data := range map[string]string{"a.pdf": pdfText, "a.exe": "MZ", "b.pdf": ""} {
		if _, err := kept.Add(t.Context(), draft(func(d *Draft) { d.Link, d.LinksOnly, d.File = "", true, &Sent{name, []byte(data)} })); strings.Join(fieldsOf(err), ", ") != "file demo" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := kept.Add(t.Context(), draft(func(d *Draft) { d.LinksOnly = true })); err != nil || len(store.steps) != 1 || len(store.pieces) != 0 {
		t.Errorf("a link: %v, %d entries", err, len(store.steps))
	}
}

func TestTheSameIsNotAddedTwice(t *testing.T) {
	t.Parallel()
	file := func(row, form, by string) func(*Draft) {
		return func(d *Draft) {
			d.Link, d.Row, d.Form, d.By, d.File = "", row, form, by, &Sent{"a.pdf", []byte(pdfText)}
		}
	}
	kept, store := newEntries()
	for i, step := range []struct {
		change func(*Draft)
		n      int
		fault  string
	}{
		{nil, 1, ""},
		{nil, 1, ""}, // the form once more
		{func(d *Draft) { d.Form = "f2" }, 0, "link twice"},
		{func(d *Draft) { d.Form, d.Row = "f2", FollowUp }, 2, ""},
		{func(d *Draft) { d.Row, d.By = "I.b", "Budi" }, 0, "link twice"}, // somebody else's form of the same name
		{file("I.b", "f3", "Siti"), 3, ""},
		{file("I.b", "f3", "Siti"), 3, ""},
		{file("I.b", "f4", "Siti"), 0, "file twice"},
		{file(FollowUp, "f4", "Siti"), 4, ""},
	} {
		e, err := kept.Add(t.Context(), draft(step.change))
		if got := strings.Join(fieldsOf(err), ", "); got != step.fault || err == nil && e.N != step.n {
			t.Errorf("%d: entry %d, %v, want %d, %q", i, e.N, err, step.n, step.fault)
		}
	}
	if len(store.steps) != 4 || len(store.pieces) != 2 || len(store.ends) != 0 {
		t.Errorf("%d steps, %d files, %d expiries", len(store.steps), len(store.pieces), len(store.ends))
	}
	if err := kept.Withdraw(t.Context(), Place{"p", "u"}, Withdrawal{N: 1, By: "Siti", Reason: "salah alamat"}); err != nil {
		t.Fatal(err)
	}
	if e, err := kept.Add(t.Context(), draft(func(d *Draft) { d.Form = "f5" })); err != nil || e.N != 6 {
		t.Errorf("what was withdrawn can't be added again: %d, %v", e.N, err)
	}
}

// A form that comes again under its id is what it became, if it says the same; what it says
// otherwise is not lost in silence.
func TestAFormThatComesAgainWithSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	shown := func(d *Draft) { d.Row, d.Way, d.Day, d.Where = Publication, Offline, "2026-07-01", "Papan pengumuman" }
	file := func(name, data string) func(*Draft) {
		return func(d *Draft) { d.Link, d.File = "", &Sent{name, []byte(data)} }
	}
	for _, tc := range []struct {
		name         string
		first, again func(*Draft)
		fault        string
	}{
		{"the same link", nil, nil, ""},
		{"the same, with spaces around it", nil, func(d *Draft) { d.Title = " " + d.Title + " " }, ""},
		{"the same publication", shown, shown, ""},
		{"the same file by another name", file("a.pdf", pdfText), file("b.pdf", pdfText), ""},
		{"another row", nil, func(d *Draft) { d.Row = FollowUp }, "form sent"},
		{"another title", nil, func(d *Draft) { d.Title = "Laporan lain" }, "form sent"},
		{"another note", nil, func(d *Draft) { d.Note = "Catatan" }, "form sent"},
		{"another link", nil, func(d *Draft) { d.Link = "https://kota.example/lain.pdf" }, "form sent"},
		{"a file instead of a link", nil, file("a.pdf", pdfText), "form sent"},
		{"another file", file("a.pdf", pdfText), file("a.pdf", pdfText+"%%EOF\n"), "form sent"},
		{"another place", shown, func(d *Draft) { shown(d); d.Where = "Situs kota" }, "form sent"},
		{"another day", shown, func(d *Draft) { shown(d); d.Day = "2026-07-02" }, "form sent"},
		{"no publication any more", shown, nil, "form sent"},
	} {
		kept, store := newEntries()
		first, err := kept.Add(t.Context(), draft(tc.first))
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		e, err := kept.Add(t.Context(), draft(tc.again))
		if got := strings.Join(fieldsOf(err), ", "); got != tc.fault || err == nil && e.N != first.N {
			t.Errorf("%s: entry %d, %v, want %q", tc.name, e.N, err, tc.fault)
		}
		if len(store.steps) != 1 || len(store.ends) != 0 {
			t.Errorf("%s: %d steps, %d expiries", tc.name, len(store.steps), len(store.ends))
		}
	}
	kept, _ := newEntries()
	if _, err := kept.Add(t.Context(), draft(nil)); err != nil {
		t.Fatal(err)
	}
	if err := kept.Withdraw(t.Context(), Place{"p", "u"}, Withdrawal{N: 1, By: "Siti", Reason: "salah alamat"}); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Add(t.Context(), draft(nil)); strings.Join(fieldsOf(err), ", ") != "form sent" {
		t.Errorf("a form whose entry was withdrawn meanwhile: %v", err)
	}
}

// The file of an entry has its time from the entry on, so that a sweep of that moment looks
// again; a sweep leaves what an entry names, whatever was left behind.
func TestASweepLeavesTheFileThatAnEntryNames(t *testing.T) {
	t.Parallel()
	kept, store := newEntries()
	at := noon
	kept.Now = func() time.Time {
		at = at.Add(time.Minute)
		return at
	}
	e, err := kept.Add(t.Context(), draft(func(d *Draft) { d.Link, d.File = "", &Sent{"a.pdf", []byte(pdfText)} }))
	if err != nil || !store.last.Due.Equal(e.At.Add(addWithin)) {
		t.Fatalf("an entry of %s has an expiry of %s, %v", e.At, store.last.Due, err)
	}
	store.ends[e.File.ID] = Expiry{Place: e.Place, File: e.File.ID, Due: noon}
	if err := kept.Sweep(t.Context()); err != nil || len(store.pieces[e.File.ID]) != 1 || len(store.ends) != 0 {
		t.Errorf("after a sweep there are %d pieces, %d expiries, %v", len(store.pieces[e.File.ID]), len(store.ends), err)
	}
	for _, x := range []struct {
		by   string
		want survey.Code
	}{{"Siti", ""}, {"Siti", ""}, {"Budi", survey.Conflict}} {
		err := kept.Withdraw(t.Context(), e.Place, Withdrawal{N: 1, By: x.by, Reason: "salah unit"})
		if x.want == "" && err != nil || x.want != "" && survey.CodeOf(err) != x.want {
			t.Errorf("withdrawn by %s: %v, want %q", x.by, err, x.want)
		}
	}
}

func TestWhoIsOvertakenLooksAgain(t *testing.T) {
	t.Parallel()
	kept, store := newEntries()
	store.raced = 3
	e, err := kept.Add(t.Context(), draft(nil))
	if err != nil || e.N != 4 || store.steps[3].Added.Title != "Laporan kinerja" {
		t.Errorf("entry %d, %v", e.N, err)
	}
	store.raced = mostTries + 1
	if _, err := kept.Add(t.Context(), draft(func(d *Draft) { d.Form, d.Link, d.File = "f2", "", &Sent{"a.pdf", []byte(pdfText)} })); survey.CodeOf(err) != survey.Conflict || len(store.pieces) > 0 {
		t.Errorf("who is overtaken again and again: %v, %d files are left", err, len(store.pieces))
	}
}

func TestTheAuditTellsOfAnEntryWithoutWhatItSays(t *testing.T) {
	t.Parallel()
	kept, store := newEntries()
	for _, change := range []func(*Draft){nil, func(d *Draft) { d.Form, d.Link, d.File = "f2", "", &Sent{"Foto Bu Rina.pdf", []byte(pdfText)} }} {
		if _, err := kept.Add(t.Context(), draft(change)); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.Withdraw(t.Context(), Place{"p", "u"}, Withdrawal{N: 2, By: "Budi", Reason: "wajah terlihat"}); err != nil {
		t.Fatal(err)
	}
	sha := "sha256:" + store.steps[1].Added.File.SHA256
	of := func(action, actor, detail, reason, what, before, after string) audit.Entry {
		return audit.Entry{
			At: noon, Actor: actor, Action: action, Subject: "p/u", Detail: detail, Reason: reason, Periods: []string{"p"}, Units: []string{"u"},
			Changes: []audit.Change{{What: what, Before: before, After: after}},
		}
	}
	const siti = "Siti (siti@kota.example)"
	want := []audit.Entry{
		of("add_evidence", siti, "evidence 1 for I.b", "", "evidence.1", "", "link to kota.example"),
		of("add_evidence", siti, "evidence 2 for I.b, pdf of 23 bytes", "", "evidence.2", "", sha),
		of("withdraw_evidence", "Budi", "evidence 2 for I.b, pdf of 23 bytes", "wajah terlihat", "evidence.2", sha, ""),
	}
	if diff := cmp.Diff(want, store.said); diff != "" || len(sha) != len("sha256:")+64 {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

func TestAFileThatIsNotWhatItsChecksumTellsIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	whole := []byte("%PDF-1.7\n" + strings.Repeat("x", MostPiece) + "%%EOF\n")
	for name, spoil := range map[string]func([][]byte) [][]byte{
		"as it was":             func(p [][]byte) [][]byte { return p },
		"another byte":          func(p [][]byte) [][]byte { p[1][2] ^= 1; return p },
		"another byte early":    func(p [][]byte) [][]byte { p[0][2] ^= 1; return p },
		"a piece less":          func(p [][]byte) [][]byte { return p[:1] },
		"a piece that is short": func(p [][]byte) [][]byte { p[1] = p[1][:3]; return p },
		"an empty piece":        func(p [][]byte) [][]byte { p[1] = []byte{}; return p },
		"a piece that is long":  func(p [][]byte) [][]byte { p[1] = append(p[1], 1); return p },
		"nothing":               func([][]byte) [][]byte { return nil },
	} {
		kept, store := newEntries()
		e, err := kept.Add(t.Context(), draft(func(d *Draft) { d.Link, d.File = "", &Sent{"a.pdf", whole} }))
		if err != nil {
			t.Fatal(err)
		}
		store.pieces[e.File.ID] = spoil(store.pieces[e.File.ID])
		var got []byte
		in, err := Open(t.Context(), store, &e)
		if err == nil {
			got, err = io.ReadAll(in)
		}
		if good := name == "as it was"; (err == nil) != good || good != (string(got) == string(whole)) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

package desk

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

func TestUnitsAreFoundByEveryWordOfTheirNamesAndTheirAgencys(t *testing.T) {
	t.Parallel()
	agency, unit := &desk.Agency{Name: "Dinas Kesehatan"}, &desk.Unit{Code: "pkm-1", Name: "Puskesmas Kota"}
	for text, want := range map[string]bool{
		"pus": true, "KESEHATAN": true, "kota dinas": true, "PKM-1": true, " pkm  dinas ": true, "puskesmas desa": false, "desa puskesmas": false, "dinaskesehatan": false,
	} {
		if got := searched(text)(agency, unit); got != want {
			t.Errorf("%q finds it: %v", text, got)
		}
	}
	if searched("") != nil || searched("  ") != nil {
		t.Error("nothing is searched for, and units are left out by it")
	}
}

func TestSharesAreOfTheLargestCount(t *testing.T) {
	t.Parallel()
	for want, counts := range map[string][]int{"[33 100 67]": {1, 3, 2}, "[0 0]": {0, 0}, "[100 1 0]": {200, 1, 0}, "[]": {}, "[100]": {1}} {
		var list []view.Choice
		for _, n := range counts {
			list = append(list, view.Choice{Count: n})
		}
		shares(list)
		got := []int{}
		for _, one := range list {
			got = append(got, one.Share)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%v has the shares %v, want %s", counts, got, want)
		}
	}
}

// Whose desk it is, and where its bar leads beside its pages.
func TestADeskIsNamedAfterWhatSomebodySees(t *testing.T) {
	t.Parallel()
	unit, whole := &desk.Unit{Name: "Puskesmas"}, []*desk.Group{{}}
	one := &desk.Agency{Code: "dinkes", Name: "Dinas Kesehatan", Units: []*desk.Unit{unit}}
	two := &desk.Agency{Code: "dukcapil", Name: "Dinas Dukcapil", Units: []*desk.Unit{unit, unit}, Groups: whole}
	of := func(on access.Scope) access.Actor {
		return access.Actor{Name: "siti", Grants: []access.Grant{{Role: access.Viewer, Scope: on}}}
	}
	for name, tc := range map[string]struct {
		desk *desk.Desk
		who  access.Actor
		want string
		to   string
	}{
		"of a unit":          {&desk.Desk{City: "Kota", Agencies: []*desk.Agency{one}}, of(access.Unit("dinkes", "pkm")), "Puskesmas", ""},
		"of an agency":       {&desk.Desk{City: "Kota", Agencies: []*desk.Agency{two}}, of(access.Agency("dukcapil")), "Dinas Dukcapil", agencyPath + "dukcapil"},
		"of both":            {&desk.Desk{City: "Kota", Agencies: []*desk.Agency{one, two}}, of(access.Agency("dukcapil")), "Kota", agencyPath + "dukcapil"},
		"of two agencies":    {&desk.Desk{City: "Kota", Agencies: []*desk.Agency{two, two}}, of(access.Agency("dukcapil")), "Kota", ""},
		"of nothing":         {&desk.Desk{City: "Kota"}, of(access.Agency("lama")), "Kota", ""},
		"of a city of a one": {&desk.Desk{City: "Kota", Agencies: []*desk.Agency{two}, Whole: whole}, of(access.City()), "Kota", cityPath},
	} {
		to := ""
		for _, link := range groupLinks(tc.desk) {
			to += link.path
		}
		if got := whose(tc.desk, tc.who); got != tc.want || to != tc.to {
			t.Errorf("%s: %q, and the bar leads to %q", name, got, to)
		}
	}
	if plain, in := liveAddress(""), liveAddress("2026 s1"); plain != livePath || in != livePath+"?period=2026+s1" {
		t.Errorf("streams are at %s and %s", plain, in)
	}
}

// A list is led back to with all that it was asked for, and another list begins anew.
func TestAListsAddressHoldsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	whole := commentQuery{
		Period: "2026-s1", Lang: "en", Agency: "dinkes", Mark: "dibaca", Topic: "antrean", Service: "umum", Week: survey.NewDate(2026, 3, 2), Search: "kursi & meja",
		After: "1-2-9f0a11c2", From: "pkm", Marked: "1-3-9f0a11c2", Where: "pkm", key: "1-4-9f0a11c2", whole: true,
	}
	for name, tc := range map[string]struct {
		of   commentQuery
		want url.Values
	}{
		"all of it": {whole, url.Values{
			"period": {"2026-s1"}, "lang": {"en"}, "opd": {"dinkes"}, "tanda": {"dibaca"}, "topik": {"antrean"}, "layanan": {"umum"}, "minggu": {"2026-03-02"}, "cari": {"kursi & meja"},
			"setelah": {"1-2-9f0a11c2"}, "dari": {"pkm"}, "baru": {"1-3-9f0a11c2"}, "di": {"pkm"}, "kunci": {"1-4-9f0a11c2"}, "meja": {"1"},
		}},
		"another list": {commentQuery.anew(whole), url.Values{
			"period": {"2026-s1"}, "lang": {"en"}, "opd": {"dinkes"}, "tanda": {"dibaca"}, "topik": {"antrean"}, "layanan": {"umum"}, "minggu": {"2026-03-02"}, "cari": {"kursi & meja"}, "meja": {"1"},
		}},
		"nothing": {commentQuery{}, url.Values{}},
	} {
		want := commentsPath
		if q := tc.want.Encode(); q != "" {
			want += "?" + q
		}
		if got := tc.of.address(commentsPath); got != want {
			t.Errorf("%s is at %s, want %s", name, got, want)
		}
	}
	for mark, want := range map[string][2]comment.State{ // without a search, and with one
		"": {comment.Unread, ""}, "belum": {comment.Unread, comment.Unread}, "dibaca": {comment.Read, comment.Read}, allMarks: {"", ""}, "lain": {comment.Unread, ""},
	} {
		none, some := commentQuery{Mark: mark}, commentQuery{Mark: mark, Search: "kursi"}
		if none.state() != want[0] || some.state() != want[1] {
			t.Errorf("%q shows %q, and %q of a search", mark, none.state(), some.state())
		}
	}
}

func TestAReportIsOfTheKindThatIsAskedForAndElseTheFirst(t *testing.T) {
	t.Parallel()
	both := []reporting.Kind{reporting.Kinds()[0], reporting.Kinds()[1]}
	for _, tc := range []struct {
		kinds []reporting.Kind
		asked string
		want  reporting.Kind
		there bool
	}{{both, "", both[0], true}, {both, string(both[1]), both[1], true}, {both, "lain", "", false}, {both[:1], string(both[1]), "", false}, {nil, "", "", true}, {nil, string(both[0]), "", false}} {
		o := &openReport{kinds: tc.kinds}
		if err := o.choose(tc.asked); o.kind != tc.want || (err == nil) != tc.there || err != nil && survey.CodeOf(err) != survey.NotFound {
			t.Errorf("%q of %v: %q, %v", tc.asked, tc.kinds, o.kind, err)
		}
	}
}

// No line joins over a change of the form or the method: what came before it is not drawn.
func TestASeriesBeginsWhereFiguresAreComparedFrom(t *testing.T) {
	t.Parallel()
	point := func(code string, state analytics.ChangeState) *desk.Index {
		x := &desk.Index{Code: code}
		if state != "" {
			x.Change = &desk.Change{Change: analytics.Change{State: state}}
		}
		return x
	}
	const real, apart = analytics.ChangeReal, analytics.ChangeNotCompared
	for want, points := range map[string][]*desk.Index{
		"a b c ": {point("c", real), point("b", real), point("a", "")},
		"- b c ": {point("c", real), point("b", apart), point("a", real)},
		"- - c ": {point("c", apart), point("b", apart), point("a", real)},
		"a - c ": {point("c", real), nil, point("a", apart)},
		"":       {},
	} {
		page := &view.DeskGroup{}
		addSeries(page, view.GroupSeries{Name: "Puskesmas", Points: slices.Clone(points)})
		got := ""
		for _, x := range page.Series[0].Points {
			if x == nil {
				got += "- "
			} else {
				got += x.Code + " "
			}
		}
		if got != want || page.Series[0].Name != "Puskesmas" {
			t.Errorf("it is drawn as %q, want %q", got, want)
		}
	}
}

func TestFiguresOfAPeriodAreThoseOfItsRollUp(t *testing.T) {
	t.Parallel()
	old, now, next := &desk.Period{Code: "lama", From: 10}, &desk.Period{Code: "kini", From: 20}, &desk.Period{Code: "nanti", From: 30}
	groups := []*desk.Group{{Period: next}, {Period: now, Indexes: []desk.Index{{Code: "ikm"}, {Code: "ipak"}}}, {Period: old, Indexes: []desk.Index{{Code: "ikm"}}}}
	for _, tc := range []struct {
		period *desk.Period
		code   string
		want   *desk.Index
	}{{now, "ipak", &groups[1].Indexes[1]}, {old, "ikm", &groups[2].Indexes[0]}, {old, "ipak", nil}, {next, "ikm", nil}, {&desk.Period{Code: "lain"}, "ikm", nil}} {
		if got := indexIn(groups, tc.period, tc.code); got != tc.want {
			t.Errorf("%s of %s is %v", tc.code, tc.period.Code, got)
		}
	}
	for today, want := range map[survey.Date]*desk.Period{5: old, 10: old, 19: old, 20: now, 30: next, 40: next} {
		if got := groupAt(groups, &desk.Desk{Today: today}); got.Period != want {
			t.Errorf("on day %d it is %s", today, got.Period.Code)
		}
	}
}

func TestWhatWouldBeGoneAlreadyIsToldApart(t *testing.T) {
	t.Parallel()
	late, many := survey.Fault{Code: "late"}, survey.Fault{Code: "many"}
	for name, tc := range map[string]struct {
		err  error
		want bool
	}{
		"late":          {fmt.Errorf("ask: %w", &survey.Error{Code: survey.Conflict, Faults: []survey.Fault{late}}), true},
		"too many":      {&survey.Error{Code: survey.Conflict, Faults: []survey.Fault{many}}, false},
		"both":          {&survey.Error{Code: survey.Conflict, Faults: []survey.Fault{late, many}}, false},
		"neither":       {survey.Errorf(survey.Conflict, "no"), false},
		"another error": {errors.New("late"), false},
	} {
		if got := tooLate(tc.err); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOnlyTheFirstTwoThatAreNamedAreComparedAndNoEmptyOne(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{"": "[]", "unit=a": "[a]", "unit=&unit=a": "[a]", "unit=a&unit=b": "[a b]", "unit=a&unit=&unit=b&unit=c": "[a b]", "opd=a&unit=b": "[b]"} {
		ctx := &fasthttp.RequestCtx{}
		ctx.Request.SetRequestURI("/?" + query)
		app := fiber.New()
		c := app.AcquireCtx(ctx)
		if got := fmt.Sprint(typedTwice(c, "unit")); got != want {
			t.Errorf("%s: %s", query, got)
		}
		app.ReleaseCtx(c)
	}
	found := []comparisonSide{{code: "a"}, {code: "b"}}
	for code, want := range map[string][2]bool{"a": {true, false}, "b": {false, true}, "c": {}} {
		if got := option(code, "Nama", found, true); got.First != want[0] || got.Second != want[1] || got.Name != "Nama" || got.Code != code {
			t.Errorf("%s: %+v", code, got)
		}
		if got := option(code, "Nama", found, false); got.First || got.Second {
			t.Errorf("%s, among what is not asked for: %+v", code, got)
		}
	}
	if twice := option("a", "", []comparisonSide{{code: "a"}, {code: "a"}}, true); !twice.First || !twice.Second {
		t.Errorf("one that is named twice: %+v", twice)
	}
}

package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// outlierCity erases a city of one unit with n answers, of which all but one gave the best
// score to each question about corruption. exchanged, the one and another person told of
// themselves what the other did: all else is the same.
func outlierCity(t *testing.T, e Engine, n int, exchanged bool) *expiredCity {
	t.Helper()
	open := e.New(t)
	x := &expiredCity{releasedCity: newReleasedCity(t, open, 24*time.Hour), open: open}
	x.directory.City().Notice.RetentionMonths = 1
	form := x.directory.Form("2026-s1")
	x.now = x.directory.Catalogue().Periods[0].From.In(x.directory.Zone()).Add(12 * time.Hour)
	list := NewMaker(t, 73).Batch(n)
	const one, other = 7, 2 // who reported bribery, and somebody else
	for i, a := range list {
		values, told := make([]int, len(form.Questions)), make([]int, len(form.Fields))
		for q := range values {
			values[q] = min(3, len(form.Questions[q].Options))
		}
		for _, q := range slices.Concat(form.Index("ipak").Positions...) {
			if values[q] = 4; i == one {
				values[q] = 1
			}
		}
		for f := range told {
			if told[f] = 1; i >= n-5 { // the smallest group whose scores were ever shown
				told[f] = 2
			}
		}
		a.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i)})
		a.Unit, a.Mode, a.Comment = "unit-0", survey.ModeQR, ""
		a.ReceivedAt = x.now.Add(time.Duration(i-n) * time.Second).Truncate(time.Millisecond).UTC()
		a.Day = survey.DateOf(a.ReceivedAt, x.directory.Zone())
		a.Answers, a.Respondent = survey.MakeMarks(values), survey.MakeMarks(told)
	}
	list[one].Respondent, list[n-1].Respondent = list[n-1].Respondent, list[one].Respondent
	if exchanged {
		list[one].Respondent, list[other].Respondent = list[other].Respondent, list[one].Respondent
	}
	for day := 0; len(list) > 0; day++ {
		some := min(len(list), 12)
		mustAppend(t, x, list[:some])
		list = list[some:]
		x.now = x.now.Add(24 * time.Hour)
		x.release(t)
	}
	x.now = x.directory.Catalogue().Periods[0].End(x.directory.Zone()).Add(survey.Grace)
	if got := x.release(t); got == "" {
		t.Fatal("nothing is released")
	}
	x.now = survey.NewDate(2026, time.July, 31).In(x.directory.Zone())
	x.erase(t)
	return x
}

// readable returns what whoever has the database reads of it: each text and each run of
// bytes, as often as it is there. Of the audit, whose entries have ids that are drawn, it
// is what they say.
func (x *expiredCity) readable(t *testing.T, e Engine) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, h := range e.Dump(t, x.Store) {
		if !strings.HasPrefix(h.In, "audit") {
			out[h.In+": "+strconv.Quote(string(h.Value))]++
		}
	}
	if err := x.AuditLog(t.Context(), func(e audit.Entry) error {
		out[fmt.Sprint(e.Action, e.Subject, e.Detail, e.Reason, e.Changes)]++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// erasedOutlier has somebody who holds the database look for what the one person told of
// themselves who reported bribery: two cities in which they told different things, and of
// which all that stays is the same, must not differ.
func erasedOutlier(t *testing.T, e Engine) {
	for _, n := range []int{60, 120, 12} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			a, b := outlierCity(t, e, n, false), outlierCity(t, e, n, true)
			bodies := func(x *expiredCity) (out [][]byte) {
				if err := x.Releases(t.Context(), "2026-s1", "unit-0", 1, func(s projection.StoredRelease) error {
					out = append(out, bytes.Clone(s.Body))
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				return out
			}
			one, two := bodies(a), bodies(b)
			if len(one) == 0 || !slices.EqualFunc(one, two, bytes.Equal) {
				t.Errorf("%d releases tell what the outlier told:\n%s\n%s", len(one), one[len(one)-1], two[len(two)-1])
			}
			first, second := a.readable(t, e), b.readable(t, e)
			for what, n := range first {
				if second[what] != n {
					t.Errorf("only where the outlier told this there is %.300s", what)
				}
			}
			if len(first) < 30 {
				t.Errorf("the attacker reads %d values: the test tests nothing", len(first))
			}
		})
	}
}

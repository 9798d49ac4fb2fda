package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// Whoever writes a report chooses from all comments that somebody marked, sixty at most, and is
// told where there are more.
func TestAReportMayQuoteEachOfManyComments(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	wrote(t, k, "dukcapil-loket", "ktp", 30, numbered(85, "Antre lama sekali")...)
	k.Refresh()
	manager := k.SignIn(access.Manager, "dukcapil")
	marked := 0
	for _, one := range []struct {
		marked, offered int
		more            bool
	}{{25, 25, false}, {61, 60, true}} {
		for ; marked < one.marked; marked++ {
			page := visit(k, http.MethodGet, loketComments, manager)
			if r := mark(t, k, page, manager, "form.marks", url.Values{"tanda": {"dibaca"}}); r.StatusCode != http.StatusSeeOther {
				t.Fatalf("marking: %d: %s", r.StatusCode, r.Text)
			}
		}
		page := visit(k, http.MethodGet, "/meja/unit/dukcapil-loket/laporan?period=2026-s1", manager)
		offered := page.HTML().Find("input[name=comments]").Length()
		if more := strings.Contains(page.Text, "Ditawarkan 60 saja"); page.StatusCode != http.StatusOK || offered != one.offered || more != one.more {
			t.Errorf("of %d marked comments %d are offered (more: %t), want %d (%t): %d", one.marked, offered, more, one.offered, one.more, page.StatusCode)
		}
	}
}

package main

import (
	"fmt"
	"io"
	"strings"

	"persepsi/survey"
)

// noticeNotes returns what somebody should know who changes what citizens are told of
// their data, and what a city's notice lacks.
func noticeNotes(before, after *survey.Catalogue, today survey.Date, answered func(period string) (bool, error)) ([]string, error) {
	var out []string
	was, is := &before.City.Notice, &after.City.Notice
	if !is.Reachable() {
		out = append(out, "city.notice.contact: there is none, so citizens are told to ask at the office; name an e-mail address or a telephone number")
	}
	if is.RetentionMonths == 0 {
		out = append(out, "city.notice.retention_months: there is none, so citizens are told that what they write is kept without limit; say how many months it is kept")
	}
	if is.RestsOnConsent() && !was.RestsOnConsent() {
		out = append(out, "city.notice.basis: consent can be withdrawn, but single answers can't be taken out yet; the notice says so")
	}
	has := false
	var over []string // periods with answers whose comments go now
	for i := range after.Periods {
		p := &after.Periods[i]
		any, err := answered(p.Code)
		if err != nil {
			return nil, fmt.Errorf("look for answers of period %s: %w", p.Code, err)
		}
		has = has || any
		until, limited := is.KeptUntil(p)
		if any && limited && until < today {
			over = append(over, p.Code)
		}
	}
	if !has {
		return out, nil
	}
	if a, b := was.BasisOrDefault(), is.BasisOrDefault(); a != b {
		out = append(out, fmt.Sprintf("city.notice.basis: what is stored rests on %s and what comes on %s; the audit tells from when on", a, b))
	}
	if was.RetentionMonths != is.RetentionMonths {
		if len(over) > 0 {
			out = append(out, "city.notice.retention_months: it is over for "+strings.Join(over, ", ")+": what citizens wrote and told of themselves there goes, and nothing brings it back")
		}
		if was.RetentionMonths > 0 && (is.RetentionMonths == 0 || is.RetentionMonths > was.RetentionMonths) {
			out = append(out, fmt.Sprintf("city.notice.retention_months: citizens who answered until now were told %d months", was.RetentionMonths))
		}
	}
	return out, nil
}

// tellNotice prints them.
func tellNotice(w io.Writer, notes []string) {
	for _, n := range notes {
		fmt.Fprintf(w, "hint: %s\n", n)
	}
}

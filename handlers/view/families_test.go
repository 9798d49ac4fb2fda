package view

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/evidence"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/internal/sheet"
	"persepsi/internal/testtools"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// family is the messages whose keys are built from a prefix, what the survey
// or the page hands in, and one of the endings.
type family struct {
	prefix  string
	middles []string
	endings []string
}

func (f family) keys() (out []string) {
	for _, m := range f.middles {
		for _, e := range f.endings {
			out = append(out, f.prefix+m+e)
		}
	}
	return out
}

// families are all of them, with the real values that complete them.
func families(t *testing.T, rules, pages *source) []family {
	t.Helper()
	plain, count := []string{""}, []string{".one", ".many"}
	var months, modes, indexes []string
	for m := range 12 {
		months = append(months, strconv.Itoa(m+1))
	}
	for m := range survey.ModeCount {
		modes = append(modes, m.String())
	}
	onScreen := slices.DeleteFunc(slices.Clone(modes), func(m string) bool { return m == survey.ModePaper.String() })
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := lib.Resolve("terpadu-16")
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.Form(whole)
	if err != nil {
		t.Fatal(err)
	}
	for i := range form.Indexes {
		indexes = append(indexes, form.Indexes[i].Code)
	}
	groups := []string{"signals"} // of an instrument that a city declares
	for _, g := range (&Form{Survey: form}).Groups() {
		groups = append(groups, g.Key)
	}
	var roles []string
	for _, r := range access.Roles() {
		roles = append(roles, string(r))
	}
	var rights []string // beyond those of the public
	for _, a := range testtools.Constants(t, "../../internal/access", "Browse") {
		if !access.Allow(access.Anybody(), access.Action(a), access.City()) {
			rights = append(rights, a)
		}
	}
	topics, kinds := commentWords(t)
	errors := append([]string{"no_right", "key_in_address", "figures", "stale_form", "upload", "evidence", "sent", "shut"}, rules.codes...)
	return []family{
		{"month.", months, plain},
		{"amended.", []string{"from", "to", "units", "added", "changed", "removed"}, plain},
		{"result.history.not.", []string{"form", "method", "unknown"}, plain},
		{"mode.", modes, plain},
		{"form.notice.", onScreen, plain},
		{"form.group.", groups, plain},
		{"form.group.honesty.note.", onScreen, plain},
		{"form.unanswered", []string{""}, count},
		{"form.faults", []string{""}, count},
		{"kinerja.", grades(t), plain},
		{"rated.", grades(t), plain},
		{"result.index.", indexes, plain},
		{"result.title.", analytics.Regulated(), plain},
		{"publication.age.", []string{string(sheet.Newest), string(sheet.Outdone)}, plain},
		{"result.hero.", analytics.Regulated(), plain},
		{"result.finding.", analytics.Regulated(), plain},
		{"result.weakest.", []string{"2", strconv.Itoa(wording.MostNamed)}, plain},
		{"aspect.", plainKeys(), plain},
		{"result.by.", methods(t), plain},
		{"lke.sort.", (*LKE)(nil).Sorts(), plain},
		{"lke.row.", rows(t), plain},
		{"ready.state.", readyStates(), plain},
		{"lke.about.", slices.DeleteFunc(rows(t), func(row string) bool { return !strings.HasPrefix(row, "pengungkit.") }), plain},
		{"sample.fault.", []string{analytics.PopulationUnknown, analytics.PopulationZero, analytics.PopulationBelowN}, plain},
		{"role.", roles, plain},
		{"right.", rights, plain},
		{"start.", []string{string(access.Invitation), string(access.Reset), string(access.FirstAdmin)}, []string{".title", ".text"}},
		{"own.done.", []string{"sandi", "sesi"}, plain},
		{"account.fault.", testtools.Constants(t, "../../internal/account", "FaultShort"), plain},
		{"desk.part.", []string{DeskMorning, DeskCity, DeskAgencyPart, DeskComments, DeskSheet, DeskWork}, plain},
		{"comment.topic.", topics, plain},
		{"comment.most.", topics, plain},
		{"comment.masked.", kinds, plain},
		{"comment.mark.", append(MarkWords(), "semua"), plain},
		{"comment.done.", MarkWords(), plain},
		{"group.card.", []string{"citizen", "answer", "unit"}, []string{"", ".is"}},
		{"group.change.", []string{"fell", string(analytics.ChangeReal), string(analytics.ChangeUsual), string(analytics.ChangeNotCompared)}, plain},
		{"desk.index.", analytics.Regulated(), plain},
		{"desk.item.", deskKinds(desk.PopulationMissing), plain},
		{"desk.alike.", deskKinds(desk.PopulationMissing), plain},
		{"desk.act.", deskKinds(desk.PopulationMissing)[desk.Burst:], plain},
		{"desk.number.", numbers(1, mostSpelled), plain},
		{"desk.weekday.", numbers(0, 6), plain},
		{"desk.day.", numbers(-1, 1), plain},
		{"desk.state.", []string{"closing", "final"}, plain},
		{"posters.in.", plain, Posters{}.Languages()},
		{"posters.size.", plain, Posters{}.Sizes()},
		{"desk.unit.part.", UnitParts(), plain},
		{"desk.report.kind.", []string{string(reporting.SKM), string(reporting.ZI)}, plain},
		{"desk.report.fault.", []string{"too_long", "too_many", "not_text", "required"}, plain},
		{"desk.report.field.", []string{"texts", "town", "day", "signers", "follow_ups", "comments"}, plain},
		{"desk.work.fault.", []string{"broken", "full", "gone", "large", "late", "right"}, plain},
		{"desk.work.refused.", []string{"asked", "late", "many", "period"}, plain},
		{"desk.work.format.", []string{"pdf", "docx"}, plain},
		{"report.all.none.", []string{"apart", "broken"}, plain},
		{"desk.trend.", []string{"now", "was", "within", "early"}, plain},
		{"desk.split.", []string{desk.ByService, desk.ByPoint, desk.ByMode}, plain},
		{"desk.weekday.short.", numbers(0, 6), plain},
		{"month.short.", months, plain},
		{"desk.apart.", []string{analytics.ApartForm, analytics.ApartMethod, analytics.ApartAspects, analytics.ApartUnknown}, plain},
		{"lke.sees.", roles, plain},
		{"lke.upload.fault.", UploadFaults(), plain},
		{"lke.row.", []string{evidence.Publication, evidence.FollowUp, lke.RowResult, lke.RowIPKP}, plain},
		{"proof.fault.", EvidenceFaults(), plain},
		{"proof.field.", []string{"row", "title", "note", "link", "file", "way", "day", "where", "reason", "form"}, plain},
		{"proof.way.", []string{evidence.Online, evidence.Offline}, plain},
		{"lkebook.row.", []string{lke.Total, lke.RowResult, lke.RowClean, lke.RowIPAK, lke.RowLevel, lke.RowService, lke.RowIPKP, lke.RowTotal}, plain},
		{"lkebook.criteria.", []string{lke.Total, "area", lke.RowIPAK, lke.RowLevel, lke.RowIPKP}, plain},
		{"sheet.state.", []string{"live", "released"}, []string{"", ".is"}},
		{"sheet.withheld.", []string{"not_yet", "closing", "brought_again", "damaged"}, plain},
		{"sheet.leftout.", report.LeftOut(), plain},
		{"sheet.about.", []string{"rounding", "grade", "interval", "adequate", "pooled", "stratified", "unitmean", "verdict", "formulas"}, []string{"", ".is"}},
		{"report.title.", reportKinds(), plain},
		{"report.head.", reportKinds(), plain},
		{"report.introduction.", reportKinds(), plain},
		{"report.purpose.", reportKinds(), plain},
		{"report.section.", testtools.Constants(t, "../../internal/reporting", "Introduction"), plain},
		{"report.apart.", []string{analytics.ApartForm, analytics.ApartMethod, analytics.ApartAspects, analytics.ApartUnknown}, plain},
		{"report.total.", []string{"hundred", "four"}, plain},
		{"report.annex.section.", []string{reporting.Questionnaire, reporting.Codes, reporting.Calculation}, plain},
		{"evidence.why.", []string{"no_question", "no_figure", "no_address", "no_people", "nothing", "no_evidence", "no_proof", "for_evaluators", "erased", "other_form", "broken"}, plain},
		{"evidence.state.", []string{"final", "released", "live"}, plain},
		{"evidence.records.", []string{"amendments", "imports", "releases"}, []string{"", ".lead", ".none"}},
		{"evidence.records.state.", []string{"counts", "undone", "broken_off"}, plain},
		{"evidence.records.column.", []string{"at", "what", "reason", "by", "import", "rows", "state", "index", "release", "asof", "value", "mutu", "n"}, plain},
		{"error.", errors, []string{".title", ".text"}},
		{"fault.", faults(t, rules, pages), plain},
	}
}

func reportKinds() (out []string) {
	for _, k := range reporting.Kinds() {
		out = append(out, string(k))
	}
	return out
}

// deskKinds are the names of the kinds of items up to one.
func deskKinds(last desk.Kind) (out []string) {
	for k := range last + 1 {
		out = append(out, k.String())
	}
	return out
}

func numbers(from, to int) (out []string) {
	for n := from; n <= to; n++ {
		out = append(out, strconv.Itoa(n))
	}
	return out
}

// commentWords are the topics of comments and the kinds of what is masked in them.
func commentWords(t *testing.T) (topics, kinds []string) {
	t.Helper()
	c, err := comment.NewClassifier()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range c.Topics() {
		topics = append(topics, string(code))
	}
	return topics, testtools.Constants(t, "../../internal/comment", "Name")
}

func readyStates() (out []string) {
	for _, state := range analytics.ReadyStates() {
		out = append(out, string(state))
	}
	return out
}

// plainKeys are those of the plainer names of aspects.
func plainKeys() (out []string) {
	for index, aspects := range wording.PlainAspects() {
		for _, a := range aspects {
			out = append(out, index+"."+a)
		}
	}
	return out
}

// grades are the words of every shipped grade table.
func grades(t *testing.T) (out []string) {
	t.Helper()
	all, err := analytics.LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []survey.Date{0, math.MaxInt32} { // the oldest and the newest
		for _, g := range all.At(day).Grades {
			out = append(out, g.Kinerja)
		}
	}
	return out
}

// rows are those that the sheet tests, and the one that stands for all areas.
func rows(t *testing.T) []string {
	t.Helper()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := table.Score(analytics.LKEInput{})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{"areas"}
	for _, x := range append(sheet.WBK.Tests, sheet.WBBM.Tests...) {
		out = append(out, x.Row)
	}
	return out
}

// faults are the codes that a form can come back with. Those of fields whose
// message differs are FIELD.CODE.
func faults(t *testing.T, rules, pages *source) []string {
	t.Helper()
	out := []string{"id.required", "service.required"}
	found := 0
	for _, s := range []*source{rules, pages} {
		for code := range messages(t, "id") {
			code, ok := strings.CutPrefix(code, "fault.")
			if ok && !strings.Contains(code, ".") && s.texts[code] {
				out = append(out, code)
				found++
			}
		}
	}
	if found == 0 {
		t.Fatal("no code of a fault was found")
	}
	return append(out, "other")
}

// methods are all that an index of nine or 14 aspects may be reconciled with.
func methods(t *testing.T) []string {
	t.Helper()
	table, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, scale := range []int{4, 6} {
		for _, k := range []int{9, 14} {
			for _, m := range table.Alternatives(&survey.Index{Scale: scale, Aspects: make([]survey.Aspect, k)}, k, nil) {
				out = append(out, m.Ref())
			}
		}
	}
	return out
}

package handlers_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// openForm opens a point's form in a new tab of a phone without JavaScript.
func openForm(t *testing.T, k *testkit.Kit) *tab {
	t.Helper()
	p := newBrowser(t).open(t, phone(), serve(t, k)).withoutScripts()
	if status := p.visit("/s/KUPARI47"); status != http.StatusOK {
		t.Fatalf("the form: %d", status)
	}
	return p
}

// choose answers every question but those named by pressing its last label.
func (p *tab) choose(but ...string) {
	p.t.Helper()
	skip := " " + strings.Join(but, " ") + " "
	for _, id := range ask[[]string](p, `Array.from(document.querySelectorAll("fieldset.q:has([required])"), q => q.id)`) {
		if !strings.Contains(skip, " "+id+" ") {
			p.do(p.on("#" + id + " label:nth-last-child(1 of :not(.apart))"))
		}
	}
}

// write types into a field.
func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.do(p.on(selector), chromedp.KeyEvent(text))
}

const sendButton = "form[method=post] button"

func TestACitizenAnswersOnAPhoneWithoutJavaScript(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p := openForm(t, k)
	p.choose()
	p.write("#comment", "Petugas ramah")
	if status := p.loads(p.on(sendButton)); status != http.StatusOK {
		t.Fatalf("the thank-you page: %d", status)
	}
	stored := k.Stored()
	if len(stored) != 1 || stored[0].Answers != "4444444444444444-" || stored[0].Service != "akta" || stored[0].Comment != "Petugas ramah" {
		t.Fatalf("stored = %+v", stored)
	}
	if got, want := p.text("h1")+" "+p.text(".receipt .code"), "Terima kasih "+stored[0].Receipt(); got != want {
		t.Errorf("the page says %q, want %q", got, want)
	}

	for range 19 { // ten are shown when there are twenty
		if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	k.Refresh()
	if status := p.loads(p.on("main nav a[href^='/hasil/']")); status != http.StatusOK {
		t.Fatalf("the result page: %d", status)
	}
	for selector, want := range map[string]string{".first": "Nilai IKM\n100,00\ndari 100", ".grade": "Mutu\nA\nSangat baik", ".lead": "Unit Pelayanan"} {
		if got := strings.ReplaceAll(p.text(selector), "\n\n", "\n"); !strings.HasPrefix(got, want) {
			t.Errorf("%s shows %q, want %q", selector, got, want)
		}
	}
}

func TestACitizenSeesEachFaultAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p := openForm(t, k)
	p.choose("prosedur", "percaloan")
	p.write("#comment", "jangan hilang")
	ask[string](p, `document.querySelector("#f-sex").value = "P"`)
	if status := p.loads(p.on(sendButton)); status != http.StatusUnprocessableEntity || len(k.Stored()) != 0 {
		t.Fatalf("%d, %d stored", status, len(k.Stored()))
	}
	p.until("the summary with the focus", `document.activeElement.id == "alert"`)
	if !p.sees(".alert") || p.text(".alert h2") != "2 pertanyaan belum dijawab" {
		t.Errorf("the first thing to see is not what is wrong: the summary says %q", p.text(".alert"))
	}
	if got := ask[string](p, `[document.querySelectorAll(".q input:checked").length, document.querySelector("#comment").value, document.querySelector("#f-sex").value].join(" ")`); got != "15 jangan hilang P" {
		t.Errorf("kept: %s, want 15 answers, the comment and the sex", got)
	}
	for _, id := range []string{"prosedur", "percaloan"} {
		p.do(p.on(".alert a[href='#" + id + "']"))
		p.until("the question that a line leads to", `document.activeElement.id == `+quoted(id))
		if !p.sees("#"+id+" .fault") || p.text("#"+id+" .fault") != "Belum dijawab" {
			t.Errorf("the summary does not lead to the fault at %s: %q", id, p.text("#"+id+" .fault"))
		}
		p.do(p.on("#" + id + " label"))
	}
	p.do(p.on(sendButton))
	p.until("the thank-you page", `location.pathname.endsWith("/terima-kasih")`)
	if stored := k.Stored(); p.text("h1") != "Terima kasih" || len(stored) != 1 || stored[0].Comment != "jangan hilang" {
		t.Errorf("after correcting: %q, stored %+v", p.text("h1"), stored)
	}
}

// sees reports whether what is under a selector is on the screen now.
func (p *tab) sees(selector string) bool {
	p.t.Helper()
	return ask[bool](p, `(() => {
		const e = document.querySelector(`+quoted(selector)+`), r = e && e.getBoundingClientRect()
		return !!e && r.height > 0 && r.top >= 0 && r.top < innerHeight && r.left >= 0 && r.right <= innerWidth
	})()`)
}

// A browser's own bubbles speak its language, not the page's, and name one
// question at a time.
func TestTheBrowserHoldsNothingBackAndSpeaksNoLanguageOfItsOwn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p := openForm(t, k)
	p.choose("prosedur", "percaloan")
	if status := p.loads(p.on(sendButton)); status != http.StatusUnprocessableEntity || len(k.Stored()) != 0 {
		t.Fatalf("%d, %d stored", status, len(k.Stored()))
	}
	for _, id := range []string{"prosedur", "percaloan"} {
		if p.text("#"+id+" .fault") == "" {
			t.Errorf("%s is not named with the other", id)
		}
	}
}

func TestASwitchOfTheLanguageKeepsEveryAnswerWithoutJavaScript(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p := openForm(t, k)
	p.choose("prosedur")
	p.write("#comment", "jangan hilang")
	const kept = `[document.documentElement.lang, document.querySelectorAll(".q input:checked").length, document.querySelector("#comment").value, document.querySelector("[name=id]").value].join(" ")`
	want := ask[string](p, kept)
	for _, lang := range []string{"en", "id"} {
		if status := p.loads(p.on(".lang")); status != http.StatusOK {
			t.Fatalf("the form in %s: %d", lang, status)
		}
		if got := ask[string](p, kept); got != lang+strings.TrimPrefix(want, "id") || p.text(".alert") != "" {
			t.Errorf("in %s: %q, want what was there: %q; alert %q", lang, got, want, p.text(".alert"))
		}
	}
	p.do(p.on("#prosedur label"))
	p.loads(p.on(sendButton))
	if stored := k.Stored(); len(stored) != 1 || stored[0].Comment != "jangan hilang" {
		t.Errorf("sent after switching: %+v", stored)
	}
}

func TestEnterAtAnAnswerSendsAndDoesNotSwitchTheLanguage(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, phone(), serve(t, testkit.New(t, testkit.City)))
	p.visit("/s/KUPARI47")
	ask[int](p, `(document.addEventListener("submit", e => { window.sent = e.submitter.className || "send"; e.preventDefault() }), window.sent = 0)`)
	p.do(p.on("#prosedur label"), chromedp.KeyEvent("\r"))
	if got := ask[string](p, `document.activeElement.name + " " + window.sent`); got != "answers.prosedur send" {
		t.Errorf("after Enter: %q", got)
	}
	p.do(p.on(".lang"))
	if got := ask[string](p, `window.sent + ""`); got != "lang" {
		t.Errorf("after pressing the switch: %q, so the test sees nothing", got)
	}
}

func TestACitizenWithoutASymbolFindsTheFormInThreeSteps(t *testing.T) {
	t.Parallel()
	b, k := newBrowser(t), newDemo(t)
	p := b.open(t, phone(), serve(t, k)).withoutScripts()
	p.visit("/")
	p.do(p.on("details.agency:nth-of-type(3) summary"))
	if !p.sees("details.agency:nth-of-type(3) li") {
		t.Fatal("pressing an agency does not show its units")
	}
	p.loads(p.on("details.agency:nth-of-type(3) li:nth-of-type(2) a.go"))
	if got := p.text("h1"); got != "Bagaimana pelayanan Puskesmas Kenanga?" {
		t.Errorf("the form of %q", got)
	}
	p.visit("/")
	p.write("#q", "gigi")
	p.loads(p.on("form[role=search] button"))
	if n, open := ask[int](p, `document.querySelectorAll(".units li").length`), ask[int](p, `document.querySelectorAll("details:not([open])").length`); n == 0 || n > 5 || open != 0 {
		t.Errorf("a search for a service shows %d units, %d agencies are folded", n, open)
	}
}

func TestTheKeyboardAloneReachesEveryControl(t *testing.T) {
	t.Parallel()
	b, k := newBrowser(t), newDemo(t)
	p := b.open(t, desk(), serve(t, k))
	for _, path := range []string{"/", "/s/NUKINO66", "/hasil/dukcapil-loket", "/lke", "/lke?sort=total"} {
		p.visit(path)
		if strings.Contains(path, "sort") {
			p.enter("admin")
		}
		const most = 60 // the rest of a long table is more of the same
		want := min(most, ask[int](p, `(() => {
			const radios = new Set()
			return Array.from(document.querySelectorAll("a[href], button, select, textarea, summary, [tabindex='0'], input:not([type=hidden])"))
				.filter(e => e.checkVisibility() && !(e.type == "radio" && (radios.has(e.name) || !radios.add(e.name)))).length
		})()`))
		seen := map[string]bool{}
		for range want {
			p.do(chromedp.KeyEvent("\t"))
			at := ask[struct{ What, Trouble string }](p, focusTrouble)
			if seen[at.What] = true; at.Trouble != "" {
				t.Errorf("%s: %s %s", path, at.What, at.Trouble)
			}
		}
		if len(seen) != want {
			t.Errorf("%s: %d of %d controls are reached", path, len(seen), want)
		}
	}
}

// focusTrouble tells what has the focus, and what is wrong with how it shows.
const focusTrouble = `(() => {
	const e = document.activeElement, s = getComputedStyle(e.type == "radio" ? e.nextElementSibling : e), r = e.getBoundingClientRect()
	const all = Array.from(document.querySelectorAll("*"))
	let Trouble = ""
	if (e == document.body) Trouble = "has the focus, which is nothing"
	else if (s.outlineStyle == "none" || parseFloat(s.outlineWidth) < 2) Trouble = "does not show its focus"
	else if (r.bottom < 0 || r.top > innerHeight) Trouble = "has the focus off the screen"
	return {What: e.tagName + " " + all.indexOf(e) + " " + (e.innerText || e.name || e.id || "").slice(0, 40), Trouble}
})()`

// From a link in a message to the sheet, on a phone without scripts.
func TestAnInvitedEvaluatorChoosesAPasswordAndSeesTheSheet(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	_, token, err := testkit.Accounts(k.Store, testkit.Noon).Invite(t.Context(), "command line", "siti@kota.example", "Siti Rahma", []access.Grant{{Role: access.Evaluator, Scope: access.City()}})
	if err != nil {
		t.Fatal(err)
	}
	audit, err := os.ReadFile("testdata/audit.js")
	if err != nil {
		t.Fatal(err)
	}
	p := newBrowser(t).open(t, phone(), serve(t, k)).withoutScripts()
	check := func(what string, screens ...screen) {
		t.Helper()
		for _, s := range append(screens, phone()) {
			p.show(s)
			for _, fault := range ask[[]string](p, fmt.Sprintf("%s(%d, %v)", audit, s.width, s.touch)) {
				t.Errorf("%s on a %s: %s", what, s.name(), fault)
			}
		}
	}
	p.visit("/mulai/" + token)
	p.write("#password", "pendek")
	p.write("#password2", "pendek")
	if status := p.loads(p.on("form.account button")); status != http.StatusUnprocessableEntity || !p.sees("#e-password") {
		t.Errorf("a short password: %d", status)
	}
	check("the link's form", desk().inDark())
	p.write("#password", sandi)
	p.write("#password2", sandi)
	rows := func() int { return ask[int](p, `document.querySelectorAll("table.lke tbody tr").length`) }
	if status := p.loads(p.on("form.account button")); status != http.StatusOK || ask[string](p, "location.pathname") != "/meja" {
		t.Errorf("a good one: %d at %s", status, ask[string](p, "location.pathname"))
	}
	check("the desk", desk().inDark())
	if status := p.loads(p.on("nav a[href^='/lke']")); status != http.StatusOK || rows() == 0 {
		t.Errorf("from the desk to the sheet: %d", status)
	}
	check("the sheet", desk().inDark())
	// The links of the sheet work without asking again.
	for _, link := range []string{`a[href*="sort=ipak"]`, `a[href*="period=2026-s1"]`, ".lang"} {
		if status := p.loads(p.on(link)); status != http.StatusOK || rows() == 0 {
			t.Errorf("%s: %d, %d rows", link, status, rows())
		}
	}
	if got := ask[string](p, `document.cookie + JSON.stringify(Object.entries(localStorage)) + location`); !strings.HasPrefix(got, "[]http") || strings.Contains(got, token) {
		t.Errorf("something is left behind: %s", got)
	}
	p.loads(p.on(".me a[href^='/akun']"))
	check("the account", desk().inDark())
	if status := p.loads(p.on("form[action^='/keluar'] button")); status != http.StatusOK || !p.sees("#email") {
		t.Errorf("leaving: %d", status)
	}
	check("the door")
	p.visit("/lke?period=2026-s1")
	p.write("#email", "siti@kota.example")
	p.write("#password", "salah semua")
	if status := p.loads(p.on("form.account button")); status != http.StatusUnauthorized || !p.sees(".alert") {
		t.Errorf("a wrong password: %d", status)
	}
	p.write("#password", sandi)
	if status := p.loads(p.on("form.account button")); status != http.StatusOK || rows() == 0 {
		t.Errorf("the right one: %d", status)
	}
}

// From the first page to every role's sheet by clicks alone, and out again,
// without a script.
func TestANewcomerEntersTheDemonstrationAsEachRole(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, phone(), serve(t, newDemo(t))).withoutScripts()
	p.visit("/")
	if status := p.loads(p.on(".steps a[href^='/lke']")); status != http.StatusOK || !p.sees("button[value=manager]") {
		t.Fatalf("the door: %d", status)
	}
	rows := func() int { return ask[int](p, `document.querySelectorAll("table.lke tbody tr").length`) }
	for _, step := range []struct {
		role, says string
		rows       int
	}{{"manager", "pengelola", 3}, {"evaluator", "penilai", 30}, {"admin", "administrator", 30}} {
		if p.sees(".me") {
			p.loads(p.on(".me a[href^='/masuk']"))
		}
		p.enter(step.role)
		if ask[string](p, "location.pathname") != "/lke" {
			p.loads(p.on("nav a[href^='/lke']"))
		}
		if got := p.text(".reader b"); got != step.says || rows() != step.rows {
			t.Errorf("as %s: %q, %d rows", step.role, got, rows())
		}
	}
	if status := p.loads(p.on("form[action^='/keluar'] button")); status != http.StatusOK || rows() != 0 || !p.sees("button[value=manager]") {
		t.Errorf("leaving: %d, %d rows", status, rows())
	}
}

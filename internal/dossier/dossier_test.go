package dossier_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/dossier"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

var _ dossier.Facts = (*testkit.ProjectedStore)(nil)

func TestAManagersPackageIsTheSameWhateverUnreleasedAnswersSay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes the packages of several cities")
	}
	good, bad := months(t, always(4)), months(t, always(1))
	for _, role := range []access.Role{access.Manager, access.Admin} {
		one, other := good.made(good.maker(), ask(role)), bad.made(bad.maker(), ask(role))
		for _, name := range one.names {
			if !bytes.Equal(one.files[name], other.files[name]) {
				t.Errorf("%s: %s tells of answers that are not released", role, name)
			}
		}
		if !bytes.Equal(one.data, other.data) {
			t.Errorf("%s: the packages differ", role)
		}
		if m := one.manifest(t); m.State != "released" || m.Release == nil || m.Release.Final || m.Audience != dossier.Managers {
			t.Errorf("the manifest says %+v", m)
		}
	}
	one, other := good.made(good.maker(), ask(access.Evaluator)), bad.made(bad.maker(), ask(access.Evaluator))
	if bytes.Equal(one.files["09-hasil.json"], other.files["09-hasil.json"]) || bytes.Equal(one.files["13-jawaban.csv"], other.files["13-jawaban.csv"]) {
		t.Error("an evaluator's package tells nothing of unreleased answers: the test proves nothing")
	}
	if m := one.manifest(t); m.State != "live" || m.Release == nil {
		t.Errorf("the manifest says %+v", m)
	}
}

func TestRowsSumsAndQuestionsWithoutAScoreAreForEvaluators(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	w.close()
	manager, evaluator := w.made(w.maker(), ask(access.Manager)), w.made(w.maker(), ask(access.Evaluator))
	for name, text := range manager.files {
		for _, never := range []string{"arahan", `"sum":`, `"signals":`, "Rahasia", "0812345678"} {
			if strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".json") {
				if bytes.Contains(text, []byte(never)) {
					t.Errorf("%s of a manager holds %q", name, never)
				}
			}
		}
	}
	if manager.files["13-jawaban.csv"] != nil {
		t.Error("a manager gets rows of answers")
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(evaluator.files["13-jawaban.csv"], []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 35 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		if row[len(row)-1] != "" {
			t.Errorf("a row has a comment: %q", row)
		}
	}
	text := string(evaluator.files["13-jawaban.csv"])
	for _, r := range w.Stored() {
		for _, never := range []string{r.ID.String(), r.Receipt(), "Rahasia"} {
			if strings.Contains(text, never) {
				t.Errorf("the rows hold %q", never)
			}
		}
	}
	m := evaluator.manifest(t)
	at := slices.IndexFunc(m.Files, func(f dossier.File) bool { return f.Name == "13-jawaban.csv" })
	if at < 0 || m.Files[at].Rows == nil || *m.Files[at].Rows != 34 || !bytes.Contains(evaluator.files["09-hasil.json"], []byte(`"sum":`)) || m.State != "final" {
		t.Errorf("an evaluator's package: %+v", m)
	}
	left := manager.manifest(t).LeftOut
	if !slices.ContainsFunc(left, func(l dossier.LeftOut) bool {
		return l.Name == "13-jawaban.csv" && l.Why == "for_evaluators" && l.Text != ""
	}) {
		t.Errorf("nothing says why there are no rows: %+v", left)
	}
}

func TestTheManifestListsEveryFileAndOtherProgramsCheckThem(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	w.close()
	for _, asked := range []dossier.Request{ask(access.Evaluator), {Period: "2026-s1", Agency: "dukcapil", Who: as(access.Evaluator, access.Agency("dukcapil"))}} {
		p := w.made(w.maker(), asked)
		m := p.manifest(t)
		listed := []string{"manifest.json"}
		for _, f := range m.Files {
			sum := sha256.Sum256(p.files[f.Name])
			if hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(p.files[f.Name])) != f.Size || f.What == "" || strings.Contains(f.What, "evidence.") {
				t.Errorf("the manifest tells of %s: %+v", f.Name, f)
			}
			listed = append(listed, f.Name)
		}
		slices.Sort(listed)
		if names := slices.Sorted(slices.Values(p.names)); !slices.Equal(listed, names) || !slices.Equal(names, p.names) {
			t.Errorf("listed are %q, there are %q", listed, p.names)
		}
		sum := sha256.Sum256(p.files["manifest.json"])
		if hex.EncodeToString(sum[:]) != p.Sum {
			t.Error("the checksum of the manifest is another")
		}
		made := w.maker().Reports.Figures.Figures().Released("2026-s1", "dukcapil-loket").At
		safe := regexp.MustCompile(`^([0-9A-Za-z][0-9A-Za-z._-]*/)?[0-9A-Za-z][0-9A-Za-z._-]*$`)
		for _, name := range p.names {
			if !safe.MatchString(name) || strings.Contains(name, "..") {
				t.Errorf("a file is called %q", name)
			}
			if got := p.times[name]; !got.Equal(made.Truncate(time.Second)) {
				t.Errorf("%s is of %s, not of the release, %s", name, got, made)
			}
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "bukti.zip")
		w.check(os.WriteFile(file, p.data, 0o600))
		if out, err := exec.CommandContext(t.Context(), testtools.Program(t, "unzip"), "-q", file, "-d", dir).CombinedOutput(); err != nil {
			t.Fatalf("unzip: %v %s", err, out)
		}
		check := exec.CommandContext(t.Context(), testtools.Program(t, "sha256sum"), "-c", "--strict", "SHA256SUMS")
		check.Dir = dir
		out, err := check.CombinedOutput()
		if n := strings.Count(string(out), ": OK\n"); err != nil || n != len(m.Files)-1 {
			t.Errorf("sha256sum: %v, %d OK of %d\n%s", err, n, len(m.Files)-1, out)
		}
	}
}

func TestTheSameFiguresGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	w.close()
	roles := []access.Role{access.Evaluator, access.Manager}
	if testing.Short() {
		roles = roles[:1] // whose package holds more
	}
	for _, role := range roles {
		before := w.made(w.maker(), ask(role))
		w.wait(26 * time.Hour)
		after := w.made(w.maker(), ask(role)) // another office, another day, an audit that grew
		for _, name := range before.names {
			if !bytes.Equal(before.files[name], after.files[name]) {
				t.Errorf("%s: %s is another", role, name)
			}
		}
		if !bytes.Equal(before.data, after.data) {
			t.Errorf("%s: the bytes are others", role)
		}
	}
}

func TestAPackageWithoutFiguresIsWholeAndSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	none := w.made(w.maker(), ask(access.Manager))
	w.give(7, always(4))
	w.Refresh()
	few := w.made(w.maker(), ask(access.Manager))
	live := w.made(w.maker(), ask(access.Evaluator))
	w.wait(180 * 24 * time.Hour)
	w.Refresh()
	closed := w.made(w.maker(), ask(access.Manager))
	for name, p := range map[string]*readBack{"none": none, "few": few, "closed": closed} {
		m := p.manifest(t)
		if m.State != "none" || m.Release != nil || m.AsOf != nil || m.Withheld != "fewer_than_10" {
			t.Errorf("%s: %+v, %s", name, m.UnitFigures, m.Withheld)
		}
		for _, file := range []string{"01-laporan-skm.pdf", "02-laporan-spkp-spak.docx", "06-kuesioner-id.pdf", "08-tabel-olahan.xlsx", "09-hasil.json", "11-metode.pdf", "12-catatan.pdf", "BACA-DAHULU.html"} {
			if len(p.files[file]) == 0 {
				t.Errorf("%s: %s is not there", name, file)
			}
		}
		for file, why := range map[string]string{"03-lembar-publikasi.pdf": "no_figure", "05-tindak-lanjut.csv": "nothing", "07-profil-responden.csv": "no_people"} {
			if !slices.ContainsFunc(m.LeftOut, func(l dossier.LeftOut) bool { return l.Name == file && l.Why == why }) || p.files[file] != nil {
				t.Errorf("%s: nothing says why there is no %s: %+v", name, file, m.LeftOut)
			}
		}
		if page := string(p.files["BACA-DAHULU.html"]); !strings.Contains(page, "10 jawaban") && !strings.Contains(page, "Belum ada jawaban") || strings.Contains(page, "<th scope=\"row\">IKM") {
			t.Errorf("%s: the page does not say why there are no figures", name)
		}
	}
	if m := live.manifest(t); m.State != "live" || m.Release != nil {
		t.Errorf("evaluators get %+v", m.UnitFigures)
	}
	if _, err := w.maker().Open(dossier.Request{Period: "2026-s2", Unit: "dukcapil-loket", Who: as(access.Evaluator, access.City())}); err != nil {
		t.Errorf("a period that began: %v", err)
	}
	early := newWorld(t)
	if _, err := early.maker().Open(dossier.Request{Period: "2026-s2", Unit: "dukcapil-loket", Who: as(access.Evaluator, access.City())}); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a period that has not begun: %v", err)
	}
}

// Whoever takes a print out of the package of a demonstration sees that nothing in it is real.
func TestEveryPrintOfADemonstrationsPackageSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes the packages of several cities")
	}
	w := months(t, always(3))
	for _, demo := range []bool{false, true} {
		w.Register.Directory().City().Demo = demo
		p := w.made(w.maker(), ask(access.Evaluator))
		prints := 0
		for _, name := range p.names {
			if !strings.HasSuffix(name, ".pdf") {
				continue
			}
			prints++
			for i, page := range testtools.PDFText(t, p.files[name]) {
				if (strings.Contains(page, "Kota peragaan: semua angka dibuat-buat") || strings.Contains(page, "A demonstration: all figures are made up")) != demo {
					t.Errorf("a demonstration: %t; page %d of %s says %s", demo, i+1, name, page)
				}
			}
		}
		if page := string(p.files["BACA-DAHULU.html"]); prints != 7 || p.manifest(t).Demo != demo || strings.Contains(page, "Ini kota peragaan") != demo {
			t.Errorf("a demonstration: %t; %d prints, the manifest says %t", demo, prints, p.manifest(t).Demo)
		}
	}
}

// otherFacts has an answer to another form beside those of a city, and a period that was erased.
type otherFacts struct{ dossier.Facts }

func (f otherFacts) Responses(ctx context.Context, of survey.Filter, fn func(*survey.Response) error) error {
	first := true
	return f.Facts.Responses(ctx, of, func(r *survey.Response) error {
		if first {
			first = false
			other := *r
			other.Form = "lain@1"
			if err := fn(&other); err != nil {
				return err
			}
		}
		return fn(r)
	})
}

func (otherFacts) Erasure(context.Context, string) (*survey.Erasure, error) {
	return &survey.Erasure{Period: "2026-s1", Day: survey.NewDate(2028, 7, 1)}, nil
}

// What is not among the rows, or empty in them, is told: answers to another form, which would
// stand under questions that were not asked, and what was erased.
func TestAPackageTellsWhatItsRowsLeaveOut(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	whole := w.made(w.maker(), ask(access.Evaluator))
	p := w.made(w.maker(func(o *dossier.Maker) { o.Facts = otherFacts{o.Facts} }), ask(access.Evaluator))
	if !bytes.Equal(whole.files["13-jawaban.csv"], p.files["13-jawaban.csv"]) {
		t.Error("an answer to another form is among the rows")
	}
	told := map[string]string{}
	for _, l := range p.manifest(t).LeftOut {
		if l.Name == "13-jawaban.csv" {
			told[l.Why] = l.Text
		}
	}
	if len(told) != 2 || !strings.Contains(told["erased"], "1 Juli 2028") || !strings.Contains(told["other_form"], "1 jawaban atas kuesioner lain") {
		t.Errorf("left out: %q", told)
	}
}

// A unit that takes no part in a period has no package, and is none of its agency's.
func TestAUnitThatTakesNoPartHasNoPackage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.maker()
	if _, err := o.Open(dossier.Request{Period: "2026-s1", Unit: "pkm-tutup", Who: as(access.Evaluator, access.City())}); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of the unit: %v", err)
	}
	p := w.made(o, dossier.Request{Period: "2026-s1", Agency: "dinkes", Who: as(access.Manager, access.City())})
	if units := p.manifest(t).Units; len(units) != 1 || units[0].Unit != "pkm" {
		t.Errorf("its agency's package is of %+v", units)
	}
}

func TestAPackageIsForWhoMayTakeItAndTheAuditTellsOfIt(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	o := w.maker()
	own, other := access.Agency("dukcapil"), access.Agency("dinkes")
	for _, who := range []access.Actor{
		{}, as(access.Viewer, access.City()), as(access.Officer, own), as(access.Manager, other), as(access.Evaluator, other), as(access.Manager, access.Unit("dinkes", "pkm")),
	} {
		for _, asked := range []dossier.Request{{Unit: "dukcapil-loket"}, {Agency: "dukcapil"}, {}} {
			asked.Period, asked.Who = "2026-s1", who
			if _, err := o.Open(asked); survey.CodeOf(err) != survey.NotFound {
				t.Errorf("%+v takes %+v: %v", who.Grants, asked, err)
			}
		}
	}
	if _, err := o.Open(dossier.Request{Period: "2026-s1", Agency: "dukcapil", Who: as(access.Manager, access.Unit("dukcapil", "dukcapil-loket"))}); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("who has one unit takes the agency: %v", err)
	}
	agency := w.made(o, dossier.Request{Period: "2026-s1", Agency: "dukcapil", Who: as(access.Manager, own)})
	if m := agency.manifest(t); len(m.Units) != 1 || m.Units[0].Unit != "dukcapil-loket" || m.Units[0].State != "released" || m.UnitFigures != nil {
		t.Errorf("the agency's package is of %+v", m.Units)
	}
	for name, text := range agency.files {
		if (strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".json")) && bytes.Contains(text, []byte("pkm")) {
			t.Errorf("%s tells of another agency's unit", name)
		}
	}
	w.made(o, ask(access.Evaluator))
	var told []audit.Entry
	w.check(w.Store.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.Dossier {
			told = append(told, e)
		}
		return nil
	}))
	if len(told) != 2 || told[0].Actor != "Siti" || told[0].Subject != "2026-s1/dukcapil" || !strings.Contains(told[0].Detail, "manager, without rows") || !strings.Contains(told[0].Detail, agency.Sum) ||
		!strings.Contains(told[1].Detail, "evaluator, with rows") || told[1].Subject != "2026-s1/dukcapil-loket" || !slices.Equal(told[1].Units, []string{"dukcapil-loket"}) {
		t.Errorf("the audit tells %+v", told)
	}
}

func TestThePageThatExplainsAPackageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	w.close()
	for _, lang := range []string{"id", "en"} {
		asked := ask(access.Evaluator)
		asked.Lang = lang
		p := w.made(w.maker(), asked)
		page := string(p.files["BACA-DAHULU.html"])
		if m := regexp.MustCompile(`(?i)https?:|//|src=|@import|url\(|<script|<link|evidence\.`).FindString(page); m != "" {
			t.Errorf("the page holds %q", m)
		}
		for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if p.files[m[1]] == nil {
				t.Errorf("the page leads to %q", m[1])
			}
		}
		for _, name := range p.names[:len(p.names)-3] {
			if !strings.Contains(page, `href="`+name+`"`) {
				t.Errorf("the page does not name %s", name)
			}
		}
		if !strings.Contains(page, "sha256sum -c SHA256SUMS") || !strings.Contains(page, `lang="`+lang+`"`) {
			t.Error("the page does not say how to check the package")
		}
	}
}

package dossier_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image/color"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/internal/evidence"
	"persepsi/internal/jobs"
	"persepsi/internal/reporting"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// agencies is the room that makes packages of agencies as long work.
func (w *world) agencies(o *dossier.Maker) *dossier.Agencies {
	return &dossier.Agencies{Maker: o, All: &reporting.AllReports{Reports: o.Reports, Desks: o.Desks, People: w.Store, Audit: w.Store, Erased: w.Store, Now: w.now}}
}

// want asks for the package of an agency in somebody's name.
func (w *world) want(g *dossier.Agencies, role access.Role, agency, period string) jobs.Job {
	w.t.Helper()
	person, _ := w.Granted(access.Grant{Role: role, Scope: access.Agency(agency)})
	j, err := g.Job(w.t.Context(), person.Actor(w.now(), nil), dossier.AgencyRequest{Agency: agency, Period: period, Lang: "id"})
	w.check(err)
	j, err = (&jobs.Queue{Store: w.Store, Now: w.now}).Ask(w.t.Context(), j)
	w.check(err)
	return j
}

// worked does all work that waits, and returns the package of one job of it.
func (w *world) worked(g *dossier.Agencies, j jobs.Job) *readBack {
	w.t.Helper()
	w.check(jobs.NewWorker(w.Store, func() bool { return false }, slog.New(slog.DiscardHandler), w.now, g.Kind()).Work(w.t.Context()))
	var out bytes.Buffer
	written, err := g.Join(w.t.Context(), w.Store, j, &out)
	w.check(err)
	return readDossier(w.t, out.Bytes(), written)
}

// The package that a click makes is the command's, byte for byte: so a manager's tells nothing
// of answers that are not released, and holds no rows.
func TestWorkMakesThePackageOfAnAgencyThatTheCommandMakes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes the packages of several cities")
	}
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	made := map[access.Role][]*readBack{}
	for _, newest := range []int{4, 1} {
		w := months(t, always(newest))
		picture := testtools.PNG(t, 20, 20, color.Black)
		_, err := (&evidence.Entries{Store: w.Store, Rows: evidence.Rows(table), Most: evidence.MostCity, Now: w.now}).Add(t.Context(), &evidence.Draft{
			Place: evidence.Place{Period: "2026-s1", Unit: "dukcapil-loket"}, By: "Siti", Today: w.Register.Directory().Today(w.now()),
			Row: evidence.Publication, Title: "Papan pengumuman", Way: evidence.Offline, Day: "2026-03-01", Where: "Ruang tunggu", File: &evidence.Sent{Name: "papan.png", Data: picture},
		})
		w.check(err)
		o := w.maker()
		g := w.agencies(o)
		for _, role := range []access.Role{access.Manager, access.Evaluator} {
			j := w.want(g, role, "dukcapil", "2026-s1")
			got := w.worked(g, j)
			parts, err := w.Store.Parts(t.Context(), j.ID)
			w.check(err)
			for _, part := range parts {
				data, err := w.Store.PartData(t.Context(), j.ID, part.Key)
				w.check(err)
				if bytes.Contains(data, picture) {
					t.Errorf("%s: the part %q holds a file that the store has already", role, part.Key)
				}
			}
			want := w.made(o, dossier.Request{Period: "2026-s1", Agency: "dukcapil", Lang: "id", Who: as(role, access.Agency("dukcapil"))})
			if !slices.Equal(got.names, want.names) || got.Sum != want.Sum {
				t.Errorf("%s: it has %q, the command's %q", role, got.names, want.names)
			}
			for _, name := range want.names {
				if !bytes.Equal(got.files[name], want.files[name]) {
					t.Errorf("%s: %s is another", role, name)
				}
			}
			if !bytes.Equal(got.data, want.data) {
				t.Errorf("%s: the bytes are others", role)
			}
			if _, rows := got.files["01-dukcapil-loket/13-jawaban.csv"]; rows != (role == access.Evaluator) {
				t.Errorf("%s: rows of answers: %t", role, rows)
			}
			if !slices.ContainsFunc(got.names, func(name string) bool { return strings.HasPrefix(name, "01-dukcapil-loket/04-bukti-001-") }) {
				t.Errorf("%s: the photo is not among %q", role, got.names)
			}
			made[role] = append(made[role], got)
		}
	}
	for role, of := range made {
		if same := bytes.Equal(of[0].data, of[1].data); same != (role == access.Manager) {
			t.Errorf("%s: the same whatever unreleased answers say: %t", role, same)
		}
	}
}

// torn is a source of evidence that cannot be read for one unit.
type torn struct {
	evidence.Source
	unit string
}

func (s *torn) EvidenceSteps(ctx context.Context, of evidence.Place) ([]evidence.Step, error) {
	if of.Unit == s.unit {
		return nil, errors.New("a drawer that does not open")
	}
	return s.Source.EvidenceSteps(ctx, of)
}

func TestAUnitWhosePartFailsIsNamedInThePackageAndTheOthersAreMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wait(180 * 24 * time.Hour)
	w.Refresh()
	g := w.agencies(w.maker(func(o *dossier.Maker) { o.Evidence = &torn{o.Evidence, "pkm"} }))
	j := w.want(g, access.Manager, "dinkes", "2026-s2")
	if j.Total != 2 {
		t.Errorf("it is of %d units", j.Total)
	}
	p := w.worked(g, j)
	m := p.manifest(t)
	if len(m.Units) != 1 || m.Units[0].Unit != "pkm-tutup" || !slices.ContainsFunc(m.LeftOut, func(l dossier.LeftOut) bool { return l.Name == "01-pkm/" && l.Why == "broken" && l.Text != "" }) {
		t.Errorf("the manifest tells of %+v, left out is %+v", m.Units, m.LeftOut)
	}
	if page := string(p.files["BACA-DAHULU.html"]); !strings.Contains(page, "<code>01-pkm/</code>") || !strings.Contains(page, "Puskesmas Tutup") {
		t.Error("the page that explains it does not name the unit")
	}
	listed := []string{"manifest.json"}
	for _, f := range m.Files {
		if sum := sha256.Sum256(p.files[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s has another checksum", f.Name)
		}
		listed = append(listed, f.Name)
	}
	slices.Sort(listed)
	if !slices.Equal(listed, p.names) || !slices.ContainsFunc(listed, func(name string) bool { return strings.HasPrefix(name, "02-pkm-tutup/") }) || slices.ContainsFunc(listed, func(name string) bool { return strings.HasPrefix(name, "01-") }) {
		t.Errorf("listed are %q, there are %q", listed, p.names)
	}
	all, err := w.Store.Jobs(t.Context())
	if err != nil || len(all) != 1 || all[0].State != jobs.Ready || all[0].Lacking != 1 {
		t.Errorf("the job is %+v, %v", all, err)
	}
}

// A job that is taken up again goes on with the parts that it has, but not with those of an
// older release: all of a package are of the same.
func TestAPartIsMadeAnewAfterAReleaseAndOnlyThen(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	before := w.agencies(w.maker())
	j := w.want(before, access.Manager, "dukcapil", "2026-s1")
	steps := func(g *dossier.Agencies) []jobs.Step {
		t.Helper()
		list, err := g.Kind().Steps(t.Context(), j)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d steps, %v", len(list), err)
		}
		return list
	}
	first := steps(before)
	part, err := first[0].Make(t.Context(), func() {})
	w.check(err)
	part.Key = first[0].Key
	j.Version++
	w.check(w.Store.PutJob(t.Context(), j, &part)) // and there the server died
	if again := steps(w.agencies(w.maker())); again[0].Key != part.Key {
		t.Errorf("nothing changed, and the part %q is made again as %q", part.Key, again[0].Key)
	}
	w.close()
	after := w.agencies(w.maker())
	if again := steps(after); again[0].Key == part.Key {
		t.Error("the part of an older release is used")
	}
	if _, err := after.Kind().Last(t.Context(), j, []jobs.Part{part}); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("a package of two releases: %v", err)
	}
	p := w.worked(after, j)
	m := p.manifest(t)
	if len(m.Units) != 1 || m.Units[0].State != "final" {
		t.Errorf("the manifest tells of %+v", m.Units)
	}
	for _, f := range m.Files { // those of the older part are stored still
		if sum := sha256.Sum256(p.files[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s has another checksum: it is of the older release", f.Name)
		}
	}
}

func TestThePackageOfAnAgencyHasABound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.agencies(w.maker())
	j := w.want(g, access.Manager, "dukcapil", "2026-s1")
	list, err := g.Kind().Steps(t.Context(), j)
	w.check(err)
	for size, want := range map[string]error{"268435456": nil, "268435457": jobs.ErrTooLarge} {
		note := `{"standing": {"unit": "dukcapil-loket", "state": "none"}, "files": [{"name": "01-dukcapil-loket/04-bukti-001-a.pdf", "size": ` + size + `}], "kept": {"01-dukcapil-loket/04-bukti-001-a.pdf": 1}}`
		if _, err := g.Kind().Last(t.Context(), j, []jobs.Part{{Key: list[0].Key, File: "01-dukcapil-loket", Note: note}}); !errors.Is(err, want) {
			t.Errorf("files of evidence of %s bytes: %v", size, err)
		}
	}
}

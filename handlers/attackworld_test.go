package handlers_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/projection"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// attackCity is a city of two agencies and three units, which ask a form of the city's own:
// aspects of one and of two questions, that may be declined or left out.
const attackCity = `
city: {name: Kota Contoh}
instruments:
  - code: taman
    version: 1
    title: Survei taman
    questions:
      - {code: aa, text: "Tanya?", options: [A, B, C, D], declinable: true}
      - {code: bb, text: "Tanya?", options: [A, B, C, D], declinable: true}
      - {code: cc, text: "Tanya?", options: [A, B, C, D], required: false}
      - {code: dd, text: "Tanya?", options: [A, B, C, D], required: false}
    respondent: [sex]
    indexes:
      - code: ipak
        aspects:
          - {code: aa, name: A, questions: [aa]}
          - {code: bb, name: B, questions: [bb, cc]}
          - {code: dd, name: D, questions: [dd]}
      - {code: teduh, name: Teduh, aspects: [{code: cc, name: C, questions: [cc]}]}
agencies:
  - code: taman
    name: Dinas Pertamanan
    units:
      - {code: timur, name: Timur, services: [{code: masuk, name: Masuk}, {code: sewa, name: Sewa}], points: [{code: TIMURA47, name: Satu}, {code: TIMURB92, name: Dua}]}
      - {code: barat, name: Barat, services: [{code: masuk, name: Masuk}, {code: sewa, name: Sewa}], points: [{code: BARATA38, name: Satu}, {code: BARATB22, name: Dua}]}
  - code: pasar
    name: Dinas Pasar
    units: [{code: baru, name: Baru, services: [{code: masuk, name: Masuk}, {code: sewa, name: Sewa}], points: [{code: BARUKA47, name: Satu}, {code: BARUKB92, name: Dua}]}]
periods: [{code: p, name: P, from: 2026-01-01, to: 2026-06-30, instrument: taman}]
`

// attackUnits are the units of attackCity with the points of each.
var attackUnits = map[string][]string{"timur": {"TIMURA47", "TIMURB92"}, "barat": {"BARATA38", "BARATB22"}, "baru": {"BARUKA47", "BARUKB92"}}

const (
	attackQuestions = 4
	attackLeast     = 10
	attackCell      = 5 // people in a closed period's cell
)

// attackWorld is the city, those who answered, and a clock.
type attackWorld struct {
	*testkit.Kit
	t      *testing.T
	dir    string
	rng    *rand.Rand
	passed *atomic.Int64
	asked  [attackQuestions]int // of ten people, who answer a question; changes over time
}

func newAttackWorld(t *testing.T, seed uint64) *attackWorld {
	g := &attackWorld{t: t, dir: t.TempDir(), rng: rand.New(rand.NewPCG(seed, 11)), passed: new(atomic.Int64)}
	g.open(attackCity)
	g.mood()
	return g
}

func (g *attackWorld) open(city string) {
	g.Kit = testkit.Open(g.t, g.dir, city, func(d *testkit.Deps) {
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(g.passed.Load())) }
	})
	if city == "" {
		g.Refresh()
	}
}

// restart ends the service and starts another one on the same data.
func (g *attackWorld) restart() {
	g.Stop()
	g.open("")
}

func (g *attackWorld) wait(d time.Duration) { g.passed.Add(int64(d)) }

// mood draws how many leave each question out from now on: some are asked of nobody.
func (g *attackWorld) mood() {
	for q := range g.asked {
		g.asked[q] = []int{0, 1, 5, 9, 10}[g.rng.IntN(5)]
	}
}

// answer stores one person's answer in a unit, by the form or from paper.
func (g *attackWorld) answer(unit string) {
	g.wait(time.Duration(1+g.rng.IntN(600)) * time.Second)
	mode := []string{"qr", "qr", "kiosk", "assisted", "paper"}[g.rng.IntN(5)]
	service, sex := []string{"masuk", "sewa"}[g.rng.IntN(2)], g.rng.IntN(3)
	values := make([]int, attackQuestions)
	for q := range values {
		if g.rng.IntN(10) < g.asked[q] {
			values[q] = 1 + g.rng.IntN(4)
		}
	}
	if mode == "paper" {
		g.store(g.paper(unit, service, sex, values))
		return
	}
	answers := map[string]any{}
	for q, code := range []string{"aa", "bb", "cc", "dd"} {
		switch {
		case values[q] > 0:
			answers[code] = values[q]
		case q < 2:
			answers[code] = nil // declined
		}
	}
	body := map[string]any{"id": uuid.NewString(), "service": service, "mode": mode, "lang": "id", "consent": true, "answers": answers}
	if sex > 0 {
		body["respondent"] = map[string]string{"sex": []string{"L", "P"}[sex-1]}
	}
	text, err := json.Marshal(body)
	if err != nil {
		g.t.Fatal(err)
	}
	if r := g.PostJSON("/api/v1/points/"+attackUnits[unit][g.rng.IntN(2)]+"/responses", string(text)); r.StatusCode != http.StatusCreated {
		g.t.Fatalf("%s: %d %s", text, r.StatusCode, r.Text)
	}
}

// paper makes an answer from paper.
func (g *attackWorld) paper(unit, service string, sex int, values []int) *survey.Response {
	if values[0]+values[1]+values[2]+values[3] == 0 {
		values[0] = 1 // a sheet that says nothing is none
	}
	d := g.Register.Directory()
	at := testkit.Noon().Add(time.Duration(g.passed.Load())).UTC()
	return &survey.Response{
		ID: uuid.New(), Period: "p", Unit: unit, Service: service, Form: d.Form("p").ID, Mode: survey.ModePaper, Lang: "id", Day: min(survey.DateOf(at, d.Zone()), d.Catalogue().Periods[0].To), ReceivedAt: at,
		Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks([]int{sex}),
	}
}

// store imports answers of one unit, and returns the import's serial.
func (g *attackWorld) store(list ...*survey.Response) int {
	of := &survey.Import{At: list[0].ReceivedAt, By: "command line", Period: "p", Units: []survey.ImportedUnit{{Unit: list[0].Unit, Rows: len(list)}}}
	done, err := g.Store.Import(g.t.Context(), of, list)
	if err != nil {
		g.t.Fatal(err)
	}
	return done.Serial
}

// file imports some answers at once, of whom few may leave a question out.
func (g *attackWorld) file(unit string, n int) int {
	var list []*survey.Response
	for range n {
		g.wait(time.Second)
		values := make([]int, attackQuestions)
		for q := range values {
			if g.rng.IntN(10) > 1 {
				values[q] = 1 + g.rng.IntN(4)
			}
		}
		list = append(list, g.paper(unit, []string{"masuk", "sewa"}[g.rng.IntN(2)], g.rng.IntN(3), values))
	}
	return g.store(list...)
}

// undo takes an import out of the figures.
func (g *attackWorld) undo(serial int) {
	at := testkit.Noon().Add(time.Duration(g.passed.Load())).UTC()
	if err := g.Store.UndoImport(g.t.Context(), serial, survey.Undo{At: at, By: "command line", Reason: "keliru"}); err != nil {
		g.t.Fatal(err)
	}
}

// fact is a release as it is stored, read without the code that makes it.
type fact struct {
	Serial int
	Final  bool
	Added  []struct {
		Day survey.Date
		IDs []byte
	}
	Removed []struct {
		Serial int
		IDs    []byte
	}
	Through, Without [survey.KindCount][]int
}

// person is somebody who answered.
type person struct {
	survey.Response
	serial, removed int // of the releases that added and removed them; 0: none
}

// people returns who answered, and the releases of each unit.
func (g *attackWorld) people() ([]person, map[string][]fact) {
	added, removed := map[uuid.UUID]int{}, map[uuid.UUID]int{}
	facts := map[string][]fact{}
	for unit := range attackUnits {
		if err := g.Store.Releases(g.t.Context(), "p", unit, 1, func(s projection.StoredRelease) error {
			var f fact
			if err := json.Unmarshal(s.Body, &f); err != nil {
				return err
			}
			for _, a := range f.Added {
				for id := range slices.Chunk(a.IDs, 16) {
					added[uuid.UUID(id)] = f.Serial
				}
			}
			for _, r := range f.Removed {
				for id := range slices.Chunk(r.IDs, 16) {
					removed[uuid.UUID(id)] = f.Serial
				}
			}
			facts[unit] = append(facts[unit], f)
			return nil
		}); err != nil {
			g.t.Fatal(err)
		}
	}
	stored := g.Stored()
	if err := g.Store.TakenOut(g.t.Context(), "p", func(_ int, r *survey.Response) error {
		stored = append(stored, *r)
		return nil
	}); err != nil {
		g.t.Fatal(err)
	}
	out := make([]person, len(stored))
	for i := range stored {
		out[i] = person{stored[i], added[stored[i].ID], removed[stored[i].ID]}
	}
	slices.SortFunc(out, func(a, b person) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out, facts
}

// in reports whether the i-th of a unit's releases counts somebody's answer to a question.
func in(list []fact, i int, p *person, q int) bool {
	kind, f := p.Mode.Kind(), &list[i]
	switch {
	case p.serial == 0 || p.Answers.At(q) <= 0 || p.serial > f.Through[kind][q]:
		return false
	case p.removed == 0 || p.removed > f.Serial:
		return true
	default: // what was never counted before it was removed never is
		return p.serial <= list[p.removed-2].Through[kind][q] && len(f.Without[kind]) > 0 && p.removed > f.Without[kind][q]
	}
}

// sights lists what a role may read.
func (g *attackWorld) sights(role string) (out []string) {
	const results = "/api/v1/results?period=p"
	out = append(out, results+"&explain=true", "/api/v1/zi/indicators?period=p", "/")
	for _, agency := range []string{"taman", "pasar"} {
		out = append(out, results+"&agency="+agency)
	}
	for unit := range attackUnits {
		out = append(out, "/hasil/"+unit, "/api/v1/results/history?unit="+unit)
		if role == "public" {
			continue
		}
		for _, by := range attackTables {
			out = append(out, fmt.Sprintf("/api/v1/results/breakdown?period=p&unit=%s&by=%s", unit, by))
		}
	}
	slices.Sort(out)
	return out
}

var attackTables = []string{"service", "point", "mode", "hour", "sex"}

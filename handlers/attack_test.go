package handlers_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/survey"
)

// A reader of one role looks at all that it may see after each step of a few answers of
// both kinds, with questions declined, left out and asked of nobody for a while, before
// and after a restart, the close and late answers. What is shown is what the releases say and no more,
// and no four of the numbers that the reader ever saw, added and subtracted, tell of
// fewer than ten people of a kind; with those of the closed period's tables of fewer than
// five.
func TestNobodyIsToldOfByWhatAReaderKeeps(t *testing.T) {
	t.Parallel()
	roles := []string{"public", "manager", "admin"}
	worlds := 4
	if testing.Short() {
		worlds = 1
	}
	for seed := range worlds {
		role := roles[(seed+1)%len(roles)]
		t.Run(fmt.Sprint(role, " ", seed), func(t *testing.T) {
			t.Parallel()
			g := newAttackWorld(t, uint64(seed))
			a := &attacker{attackWorld: g, role: role, before: map[string]string{}, seen: map[string]map[string]bool{}, numbers: map[string]number{}}
			if role != "public" {
				a.key = g.Key(access.Role(role), map[string]string{"manager": "taman"}[role])
			}
			a.undoes = seed == 3
			steps, files := 0, []int{}
			for step := range 13 {
				for range 1 + g.rng.IntN(22) {
					g.answer([]string{"timur", "timur", "timur", "barat", "baru"}[g.rng.IntN(5)])
				}
				if step%4 == 3 {
					g.mood()
				}
				if a.undoes && step%3 == 1 {
					files = append(files, g.file("timur", 4), g.file("timur", 10+g.rng.IntN(20)))
				}
				if a.undoes && step%3 == 0 && len(files) > 0 {
					g.undo(files[0])
					files = files[1:]
				}
				g.Refresh()
				steps += a.look()
				if step == 8 {
					g.restart()
					if a.look() > 0 {
						t.Error("a restart releases something")
					}
				}
			}
			if steps < 3 {
				t.Errorf("there were %d steps", steps)
			}
			a.noneIsTold(attackLeast)
			g.wait(200 * 24 * time.Hour)
			g.Refresh()
			a.look()
			a.noneIsTold(attackLeast)
			a.noneIsToldByTables()
			for _, late := range []int{4, 5, 12} { // nine are too few for another final
				g.file("timur", late)
				g.Refresh()
				if made := a.look(); made > 0 != (late == 12) {
					t.Errorf("%d late answers make %d releases", late, made)
				}
			}
			a.noneIsTold(attackLeast)
			a.noneIsToldByTables()
		})
	}
}

// attacker keeps what a role could read.
type attacker struct {
	*attackWorld
	role, key string
	undoes    bool // imports are undone in the city
	serials   int
	before    map[string]string          // the last text, by address
	seen      map[string]map[string]bool // the crowds of the numbers that were shown, by question
	numbers   map[string]number          // n and answered of the units' indexes
	all       []person
	facts     map[string][]fact
}

// number is what stands beside an index.
type number struct{ n, answered, aspects int }

// figures are those of a unit, an agency or the city.
type figures struct {
	Unit, Agency string
	Indexes      map[string]*struct {
		N, Answered     int
		AspectsAnswered int `json:"aspects_answered"`
		Mean            float64
		Aspects         []struct {
			Code string
			N    int
			Mean float64
		}
	}
}

// unscored is what is told beside no score: at a page's top of a unit without figures,
// where it tells whether anybody answered, and how many answers were taken back.
var unscored = regexp.MustCompile(`"undone":\d+,?|<p class="released">[^<]*</p>|<p class="finding">(Belum ada warga|Nilai \w+ belum)[^<]*</p>`)

// look reads all and holds it against the releases. It returns how many are new.
func (a *attacker) look() int {
	a.t.Helper()
	a.all, a.facts = a.people()
	serials := 0
	for _, list := range a.facts {
		serials += len(list)
	}
	made := serials - a.serials
	a.serials = serials
	for _, path := range a.sights(a.role) {
		r := a.Get(path)
		if a.key != "" {
			r = a.GetAs(a.key, path)
		}
		live := strings.Contains(path, "by=") && strings.Contains(r.Text, `"state":"counts"`)
		for _, word := range []string{`"sum"`, `"alpha"`, `"item_total"`, `"signals"`, `"declined"`} {
			if strings.Contains(r.Text, word) {
				a.t.Errorf("%s has %s", path, word)
			}
		}
		if live && strings.Contains(r.Text, `"means":{`) {
			a.t.Errorf("%s has scores before the close", path)
		}
		if text := strings.Join(strings.Fields(unscored.ReplaceAllString(seen(r.Text), "")), " "); !live {
			if old, ok := a.before[path]; ok && old != text && made == 0 {
				at := 0
				for at < min(len(old), len(text)) && old[at] == text[at] {
					at++
				}
				a.t.Errorf("%s is another one without a release: …%.200s, before …%.200s", path, text[max(0, at-60):], old[max(0, at-60):])
			}
			a.before[path] = text
		}
	}
	var got struct {
		Units, Agencies []figures
		City            figures
	}
	r := a.Get("/api/v1/results?period=p")
	if a.key != "" {
		r = a.GetAs(a.key, "/api/v1/results?period=p")
	}
	r.JSON(&got)
	for _, of := range got.Units {
		a.explained(of, []string{of.Unit})
		if !a.undoes { // else as many may come as leave
			a.moved(of)
		}
	}
	for _, of := range got.Agencies {
		a.explained(of, map[string][]string{"taman": {"timur", "barat"}, "pasar": {"baru"}}[of.Agency])
	}
	if got.City.Indexes != nil {
		a.explained(got.City, []string{"timur", "barat", "baru"})
	}
	return made
}

// explained checks that figures are those of the newest releases of some units, and keeps
// whom they are of.
func (a *attacker) explained(of figures, units []string) {
	for code, positions := range map[string][][]int{"ipak": {{0}, {1, 2}, {3}}, "teduh": {{2}}} {
		x := of.Indexes[code]
		mean, aspects := 0.0, 0
		for at, group := range positions {
			n, sum, answered := 0, 0.0, 0
			for _, q := range group {
				crowd, total := a.crowd(units, q)
				if size := strings.Count(crowd, "1"); size > 0 {
					n += size
					answered++
					sum += float64(total) / float64(size)
					if a.seen[fmt.Sprint(q)] == nil {
						a.seen[fmt.Sprint(q)] = map[string]bool{}
					}
					a.seen[fmt.Sprint(q)][crowd] = true
				}
			}
			if answered > 0 {
				aspects++
				mean += sum / float64(answered)
			}
			if x == nil {
				if n > 0 {
					a.t.Errorf("%s of %v is not shown", code, units)
				}
				continue
			}
			if got := x.Aspects[at]; got.N != n || n > 0 && math.Abs(got.Mean-sum/float64(answered)) > 1e-9 {
				a.t.Errorf("%s.%s of %v: %v of %d people, want %v of %d", code, got.Code, units, got.Mean, got.N, sum/float64(answered), n)
			}
		}
		if x != nil && aspects > 0 && math.Abs(x.Mean-mean/float64(aspects)) > 1e-9 {
			a.t.Errorf("%s of %v is %v, want %v", code, units, x.Mean, mean/float64(aspects))
		}
	}
}

// crowd returns whose answers to a question the newest releases of some units count, as a
// text of a sign for each person, and the sum of their scores.
func (a *attacker) crowd(units []string, q int) (string, int) {
	b, sum := make([]byte, len(a.all)), 0
	for i := range a.all {
		p := &a.all[i]
		b[i] = '0'
		if list := a.facts[p.Unit]; slices.Contains(units, p.Unit) && len(list) > 0 && in(list, len(list)-1, p, q) {
			b[i] = '1'
			sum += p.Answers.At(q)
		}
	}
	return string(b), sum
}

// moved checks that the numbers of people beside a unit's index move by nobody or by ten.
func (a *attacker) moved(of figures) {
	for code, x := range of.Indexes {
		if x == nil {
			continue
		}
		now := number{x.N, x.Answered, x.AspectsAnswered}
		old, key := a.numbers[of.Unit+code], of.Unit+code
		if d := now.answered - old.answered; d != 0 && d < attackLeast {
			a.t.Errorf("%s: answered moves from %d to %d", key, old.answered, now.answered)
		}
		if d := now.n - old.n; d != 0 && d < attackLeast && now.aspects == old.aspects {
			a.t.Errorf("%s: n moves from %d to %d", key, old.n, now.n)
		}
		if now.n > 0 && now.n < attackLeast {
			a.t.Errorf("%s: n is %d", key, now.n)
		}
		a.numbers[key] = now
	}
}

// attackViews are the people whom somebody cannot tell of who knows all answers that staff
// entered, of one way or of all.
var attackViews = map[string]func(survey.Mode) bool{
	"everybody":     func(survey.Mode) bool { return true },
	"no paper":      func(m survey.Mode) bool { return m != survey.ModePaper },
	"none assisted": func(m survey.Mode) bool { return m != survey.ModeAssisted },
	"citizens":      func(m survey.Mode) bool { return m.Kind() == survey.KindCitizen },
}

package demo_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/demo"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

func peopleOf(t *testing.T, k *testkit.Kit) []access.Person {
	t.Helper()
	people, err := k.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return people
}

func TestADemonstrationGetsItsPeopleOnceAndLosesOlderKeys(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, "")
	d := k.Register.Directory()
	fill := func(at time.Time) {
		t.Helper()
		if err := demo.Fill(t.Context(), k.Store, d.Library(), d.Methods(), at); err != nil {
			t.Fatal(err)
		}
	}
	older := access.Key{ID: "demo-admin", Name: "Peragaan: administrator", Grants: []access.Grant{{Role: access.Admin, Scope: access.City()}}, Hash: access.HashSecret("demo-admin"), At: testkit.Noon()}
	own, _, err := access.NewKey("kunci sendiri", older.Grants, testkit.Noon())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []access.Key{older, own} {
		if err := k.Store.RecordKey(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	fill(testkit.Noon())
	keys, err := k.Store.Keys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Fatal(keys, err)
	}
	for i := range keys {
		if revoked := !keys[i].Revoked.IsZero(); revoked != (keys[i].ID == "demo-admin") {
			t.Errorf("%s is revoked: %v", keys[i].Name, revoked)
		}
	}
	first := peopleOf(t, k)
	var got []string
	for i := range first {
		got = append(got, fmt.Sprint(first[i].ID, ", ", first[i].Name, ", ", first[i].Grants[0]))
	}
	want := []string{
		"demo-manager, Peragaan: pengelola, manager agency:dukcapil", "demo-evaluator, Peragaan: penilai, evaluator city", "demo-admin, Peragaan: administrator, admin city",
		"demo-officer, Peragaan: petugas, officer agency:dukcapil", "demo-viewer, Peragaan: pembaca, viewer city",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if err := k.Register.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if agency, ok := k.Register.Directory().Agency("dukcapil"); !ok || len(agency.Units) < 2 {
		t.Error("the manager's agency has not several units")
	}
	if city := k.Register.Directory().City(); !city.Notice.Reachable() || city.Controller("id") == city.Name || city.Notice.RetentionMonths == 0 {
		t.Errorf("the demonstration does not show what a notice tells: %+v", city.Notice)
	}
	checkAudited(t, k)
	// Later starts add none, and one whose account was closed stays out.
	first[2].Disabled, first[2].Version = testkit.Noon(), 2
	if err := k.Store.RecordPerson(t.Context(), first[2]); err != nil {
		t.Fatal(err)
	}
	fill(testkit.Noon().Add(time.Hour))
	if diff := cmp.Diff(first, peopleOf(t, k), cmp.Comparer(func(a, b access.Scope) bool { return a == b })); diff != "" {
		t.Errorf("people after another start (-want +got):\n%s", diff)
	}
}

// checkAudited looks for the one entry that tells where the city is from, and one for
// each person.
func checkAudited(t *testing.T, k *testkit.Kit) {
	t.Helper()
	var told []audit.Entry
	added := 0
	if err := k.Store.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.AddPerson && e.Actor == "serve --demo" {
			added++
			return nil
		}
		told = append(told, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	d := k.Register.Directory()
	if len(told) != 1 || added != 5 || told[0].Actor != "serve --demo" || told[0].Subject != "catalogue 1" || len(told[0].Periods) != 3 || len(told[0].Units) < len(d.Catalogue().Agencies) {
		t.Errorf("the audit tells of %d people and %d others", added, len(told))
	}
}

func TestARealCityGetsNoPeopleOfADemonstration(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	d := k.Register.Directory()
	if err := demo.Fill(t.Context(), k.Store, d.Library(), d.Methods(), testkit.Noon()); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("err = %v, want Conflict", err)
	}
	if people := peopleOf(t, k); len(people) != 0 {
		t.Errorf("a real city has people: %v", people)
	}
}

// failing is a store that cannot keep the city.
type failing struct{ *testkit.ProjectedStore }

func (failing) RecordCatalogue(context.Context, *survey.Catalogue, ...audit.Entry) error {
	return survey.Errorf(survey.Unavailable, "not now")
}

// A store whose city was not declared yet may become a real city's.
func TestThePeopleComeAfterTheCityThatTheyBelongTo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, "")
	d := k.Register.Directory()
	if err := demo.Fill(t.Context(), failing{k.Store}, d.Library(), d.Methods(), testkit.Noon()); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("err = %v, want Unavailable", err)
	}
	if people := peopleOf(t, k); len(people) != 0 {
		t.Errorf("a store without a city has people: %v", people)
	}
}

// What is told as done is done by the day of the demonstration, and comes when it is.
func TestADemonstrationTellsWhatItsUnitsDid(t *testing.T) {
	t.Parallel()
	fill := func(k *testkit.Kit, at time.Time) (list []survey.Improvement, all int) {
		t.Helper()
		d := k.Register.Directory()
		if err := demo.Fill(t.Context(), k.Store, d.Library(), d.Methods(), at); err != nil {
			t.Fatal(err)
		}
		c, err := k.Store.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Periods {
			for _, list := range c.Periods[i].Improved {
				all += len(list)
				for _, l := range list {
					if l.Done <= c.Periods[i].To || l.Done > survey.DateOf(at, time.UTC)+1 || l.Text["id"] == "" || l.Text["en"] == "" {
						t.Errorf("%+v of period %s", l, c.Periods[i].Code)
					}
				}
			}
		}
		for i := range c.Periods {
			if c.Periods[i].Code == "2025-s2" {
				list = c.Periods[i].Improved["dukcapil-loket"]
			}
		}
		return list, all
	}
	k := testkit.New(t, "")
	early := time.Date(2026, 1, 22, 4, 0, 0, 0, time.UTC)
	list, some := fill(k, early)
	if len(list) != 1 || list[0].Aspect != "waktu" || list[0].Done != survey.NewDate(2026, 1, 20) {
		t.Errorf("three weeks after the close: %+v", list)
	}
	if list, all := fill(k, early.AddDate(0, 2, 0)); len(list) != 2 || all <= some {
		t.Errorf("two months later: %+v, %d in all after %d", list, all, some)
	}
}

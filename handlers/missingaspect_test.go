package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// Three of 80 tell of bribes, the others decline: what is released leaves the question
// out. However many answered the rest, the index is not sure then, and no verdict on it.
func TestAnIndexOfWhichAnAspectIsMissingIsNeverSure(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.Apply(strings.Replace(asking, "instrument: tanya,", "instrument: tanya, population: {tanya: 80},", 1))
	for i := range 80 {
		answers := `{"pungli": null, "ramah": 4}`
		if i < 3 {
			answers = `{"pungli": 1, "ramah": 4}`
		}
		if r := k.PostJSON(askingPath, askingBody(t, answers)); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	k.Refresh()
	manager := k.Key(access.Manager, "tanya")
	var rows []struct {
		Indexes map[string]struct {
			N        int64
			Needed   int
			Adequate bool
			Answered int `json:"aspects_answered"`
			Of       int `json:"aspects_all"`
		}
		Tests map[string]struct {
			Provisional bool
			Tests       []struct {
				Row                 string
				Passed, Provisional bool
			}
		}
	}
	k.GetAs(manager, "/api/v1/zi/indicators?period=tanya").JSON(&rows)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	x := rows[0].Indexes["ipak"]
	if x.N < 66 || x.Needed != 66 || x.Adequate || x.Answered != 1 || x.Of != 2 {
		t.Errorf("the index is %+v, want respondents who are enough, and not adequate", x)
	}
	found := false
	for _, test := range rows[0].Tests["wbk"].Tests {
		if test.Row == "I.a" {
			found = test.Passed && test.Provisional
		}
	}
	if !found {
		t.Errorf("the tests are %+v, want one of I.a that is passed provisionally", rows[0].Tests["wbk"].Tests)
	}
	if r := k.GetAs(manager, "/api/v1/results?period=tanya&unit=tanya"); strings.Contains(r.Text, `"chances"`) {
		t.Error("chances are told of an index that lacks an aspect")
	}
	page := k.Get("/hasil/tanya?period=tanya").HTML().Find("main").Text()
	for text, want := range map[string]bool{"untuk unsur yang terjawab": true, "Dihitung dari 1 dari 2 unsur": true, "cukup pasti": false, "Seandainya semua warga": false} {
		if strings.Contains(page, text) != want {
			t.Errorf("the page says %q: %v, want %v", text, !want, want)
		}
	}
}

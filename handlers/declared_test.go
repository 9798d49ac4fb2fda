package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// market declares an instrument of the city's own, and units that ask it, SPAK alone
// and SPKP alone.
const market = `
instruments:
  - code: pasar
    version: 1
    title: Survei Pasar
    questions:
      - {code: lantai, text: {id: "Bersihkah lantainya?", en: "Is the floor clean?"}, help: Lantai kios., options: [Kotor, Kurang, Bersih, Sangat bersih]}
      - {code: aman, text: "Amankah?", options: [A, B, C, D, E, F]}
      - {code: jujur, text: "Ada pungutan?", options: [Selalu, Sering, Jarang, Tidak ada], required: false}
      - {code: sering, text: "Sering?", scored: false, options: [Ya, Tidak]}
      - arahan
    indexes:
      - {code: kebersihan, name: {id: Indeks Kebersihan, en: Cleanliness index}, aspects: [{code: lantai, name: Lantai, questions: [lantai]}]}
      - {code: rasa, name: Indeks Rasa Aman, aspects: [{code: aman, name: Aman, questions: [aman]}]}
      - {code: ipak, aspects: [{code: jujur, name: Tanpa pungutan, questions: [jujur]}]}
agencies:
  - code: pasar
    name: Dinas Perdagangan
    units:
      - {code: pasar-baru, name: Pasar Baru, points: [{code: PASARB47, name: Pintu}]}
      - {code: spak, name: Unit SPAK, points: [{code: SPAKUN47, name: Pintu}]}
      - {code: spkp, name: Unit SPKP, points: [{code: SPKPUN47, name: Pintu}]}
periods:
  - {code: pasar, name: Pasar, from: 2026-01-01, to: 2026-06-30, instrument: pasar, units: [pasar-baru]}
  - {code: spak, name: SPAK, from: 2026-01-01, to: 2026-06-30, instrument: spak-5, units: [spak]}
  - {code: spkp, name: SPKP, from: 2026-01-01, to: 2026-06-30, instrument: spkp-8, units: [spkp]}
`

func TestADeclaredInstrumentIsAskedInTheRunningService(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.Apply(market)
	page := k.Get("/s/PASARB47").HTML()
	var headings []string
	for _, h := range page.Find("form h2").EachIter() {
		headings = append(headings, strings.Join(strings.Fields(h.Text()), " "))
	}
	if got, want := strings.Join(headings, " | "), "Tentang perlakuan dan pungutan | Indeks Kebersihan | Indeks Rasa Aman | Beberapa pertanyaan lagi"; got != want {
		t.Errorf("parts of the form: %q, want %q and none about respondents", got, want)
	}
	var numbers []string
	for _, i := range page.Find("legend i").EachIter() {
		numbers = append(numbers, i.Text())
	}
	if got := strings.Join(numbers, ""); got != "12345" {
		t.Errorf("questions are numbered %s in the order of the page", got)
	}
	if n := page.Find("#aman input").Length(); n != 6 || page.Find("#aman input[required]").Length() != 6 || page.Find("#jujur input[required]").Length() != 0 {
		t.Errorf("%d options, or marks of what is required are wrong", n)
	}
	if page.Find("#h-lantai").Text() != "Lantai kios." || page.Find("#h-aman").Length() != 0 {
		t.Error("help is shown where there is none, or missing where there is")
	}
	if by, described := page.Find("#aman").Attr("aria-describedby"); described {
		t.Errorf("a question without help is described by %q", by)
	}
	english := k.Get("/s/PASARB47?lang=en").HTML().Find("form").Text()
	for _, want := range []string{"Is the floor clean?", "Amankah?", "Cleanliness index", "Indeks Rasa Aman"} {
		if !strings.Contains(english, want) {
			t.Errorf("the English page lacks %q", want)
		}
	}

	sent := k.PostForm("/s/PASARB47", url.Values{"id": {uuid.NewString()}, "lang": {"id"}, "consent": {"1"}, "answers.lantai": {"3"}})
	if text := sent.HTML().Find("#alert").Text(); sent.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "Aman") {
		t.Errorf("without an answer to what is required: %d %q", sent.StatusCode, text)
	}
	for range 25 {
		body, err := json.Marshal(map[string]any{"id": uuid.NewString(), "lang": "id", "consent": true, "answers": map[string]int{"lantai": 2, "aman": 6}})
		if err != nil {
			t.Fatal(err)
		}
		if r := k.PostJSON("/api/v1/points/PASARB47/responses", string(body)); r.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", r.StatusCode, r.Text)
		}
	}
	k.Refresh()
	result := k.Get("/hasil/pasar-baru").HTML()
	if h1, hero := result.Find("h1").Text(), strings.Join(strings.Fields(result.Find(".hero .first").Text()), " "); h1 != "Indeks Kebersihan" || hero != "Nilai indeks 2,00 dari 4" {
		t.Errorf("headed by %q, %q", h1, hero)
	}
	if others := result.Find(".cards h3").First().Text(); others != "Indeks Rasa Aman" {
		t.Errorf("beside it stands %q", others)
	}
	if en := k.Get("/hasil/pasar-baru?lang=en").HTML(); en.Find("h1").Text() != "Cleanliness index" || !strings.HasPrefix(en.Find("title").Text(), "Cleanliness index – Pasar Baru") {
		t.Errorf("in English headed by %q, %q", en.Find("h1").Text(), en.Find("title").Text())
	}
	var out struct {
		Units []struct {
			Indexes map[string]*struct {
				Name  map[string]string `json:"name"`
				Value float64           `json:"value"`
			} `json:"indexes"`
		} `json:"units"`
	}
	k.GetAs(k.Key(access.Evaluator, ""), "/api/v1/results?period=pasar&unit=pasar-baru").JSON(&out)
	if x := out.Units[0].Indexes; x["kebersihan"].Value != 2 || x["kebersihan"].Name["en"] != "Cleanliness index" || x["rasa"].Value != 4 || x["ipak"] != nil {
		t.Errorf("results %+v", x)
	}
}

func TestAResultIsHeadedByTheIndexWhoseSurveyItIs(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.Apply(market)
	for unit, of := range map[string]struct{ period, point, heading, short string }{
		"spak": {"spak", "SPAKUN47", "Indeks Persepsi Anti Korupsi (IPAK)", "IPAK"},
		"spkp": {"spkp", "SPKPUN47", "Indeks Persepsi Kualitas Pelayanan (IPKP)", "IPKP"},
	} {
		if h1 := k.Get("/hasil/" + unit).HTML().Find("h1").Text(); h1 != of.heading {
			t.Errorf("without answers %s is headed by %q", unit, h1)
		}
		answers := testkit.Answers(k.Register.Directory().Form(of.period), 3)
		for range 25 {
			body, err := json.Marshal(map[string]any{"id": uuid.NewString(), "lang": "id", "consent": true, "answers": answers})
			if err != nil {
				t.Fatal(err)
			}
			if r := k.PostJSON(fmt.Sprintf("/api/v1/points/%s/responses", of.point), string(body)); r.StatusCode != http.StatusCreated {
				t.Fatalf("%d %s", r.StatusCode, r.Text)
			}
		}
		k.Refresh()
		page := k.Get("/hasil/" + unit).HTML()
		if h1, hero := page.Find("h1").Text(), strings.Join(strings.Fields(page.Find(".hero .first").Text()), " "); h1 != of.heading || hero != "Nilai "+of.short+" 3,00 dari 4" {
			t.Errorf("%s is headed by %q, %q", unit, h1, hero)
		}
		if page.Find("table.aspects").Length() != 1 || strings.Contains(page.Find("main").Text(), "IKM") {
			t.Errorf("%s shows its aspects %d times, or an IKM", unit, page.Find("table.aspects").Length())
		}
	}
	if h1 := k.Get("/hasil/dukcapil-loket").HTML().Find("h1").Text(); h1 != "Indeks Kepuasan Masyarakat (IKM)" {
		t.Errorf("a unit with an IKM is headed by %q", h1)
	}
}

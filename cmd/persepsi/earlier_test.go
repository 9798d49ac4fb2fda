package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// earlierForms are the instruments of the version that testdata/earlier is of.
func earlierForms() []string {
	return []string{"ipk-10", "skm-9", "spak-5", "spak-5-s6", "spkp-8", "spkp-8-s6", "terpadu-16"}
}

// TestFiguresAreThoseOfTheVersionThatCountedInFractions imports what version 2d99f18 was given
// once, 2,373 answers of which a third have no gaps, a third 5 % and a third 30 %, and wants the
// figures that it told: it counted each store by rules of the store's own, and in fractions of
// any size. One line is period, unit (or agency or city), index, value, mean, as it is shown,
// grade, and each aspect's sum by number of answers.
func TestFiguresAreThoseOfTheVersionThatCountedInFractions(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: seven forms are imported and printed by a process each")
	}
	want, err := os.ReadFile("testdata/earlier/figures.tsv")
	if err != nil {
		t.Fatal(err)
	}
	file := earlierCity(t)
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			must(t, append([]string{"apply", file}, flags...)...)
			var got strings.Builder
			for _, form := range earlierForms() {
				must(t, append([]string{"import", "testdata/earlier/" + form + ".csv", "--period", form}, flags...)...)
				out, _ := must(t, append([]string{"results", "--period", form}, flags...)...)
				figureLines(t, &got, form, out)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// earlierCity declares three agencies of six units, and a period for each form.
func earlierCity(t *testing.T) string {
	t.Helper()
	var agencies, periods []map[string]any
	for a := range 3 {
		var units []map[string]any
		for u := range 6 {
			units = append(units, map[string]any{"code": fmt.Sprintf("a%d-u%d", a, u), "name": fmt.Sprintf("Unit %d %d", a, u)})
		}
		agencies = append(agencies, map[string]any{"code": fmt.Sprintf("a%d", a), "name": fmt.Sprintf("Dinas %d", a), "units": units})
	}
	for _, form := range earlierForms() {
		var others []string
		for _, other := range earlierForms() {
			if other != form {
				others = append(others, other)
			}
		}
		periods = append(periods, map[string]any{"code": form, "from": "${FROM}", "to": "${TO}", "instrument": form + "@1", "overlaps": others})
	}
	text, err := yaml.Marshal(map[string]any{"city": map[string]string{"name": "Kota Contoh"}, "agencies": agencies, "periods": periods})
	if err != nil {
		t.Fatal(err)
	}
	return declared(t, string(text))
}

// figureLines writes what results tell of each index, a line each.
func figureLines(t *testing.T, out *strings.Builder, period, text string) {
	t.Helper()
	type index struct {
		Value   json.Number `json:"value"`
		Mean    json.Number `json:"mean"`
		Shown   string      `json:"shown"`
		Mutu    string      `json:"mutu"`
		Aspects []struct {
			Code string `json:"code"`
			Sum  int64  `json:"sum"`
			N    int64  `json:"n"`
		} `json:"aspects"`
	}
	type group struct {
		Unit    string            `json:"unit"`
		Code    string            `json:"agency"`
		Indexes map[string]*index `json:"indexes"`
	}
	var results struct {
		Units    []group `json:"units"`
		Agencies []group `json:"agencies"`
		City     group   `json:"city"`
	}
	if err := json.Unmarshal([]byte(text), &results); err != nil {
		t.Fatal(err)
	}
	write := func(name string, g group) {
		for _, code := range []string{"ikm", "ipak", "ipkp"} {
			x := g.Indexes[code]
			if x == nil {
				continue
			}
			var aspects []string
			for _, a := range x.Aspects {
				if a.N > 0 {
					aspects = append(aspects, fmt.Sprintf("%s=%d/%d", a.Code, a.Sum, a.N))
				}
			}
			fmt.Fprintln(out, strings.Join([]string{period, name, code, x.Value.String(), x.Mean.String(), x.Shown, x.Mutu, strings.Join(aspects, " ")}, "\t"))
		}
	}
	for _, u := range results.Units {
		write(u.Unit, u)
	}
	for _, a := range results.Agencies {
		write("agency "+a.Code, a)
	}
	write("city", results.City)
}

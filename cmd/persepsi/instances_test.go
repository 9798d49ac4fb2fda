package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

const twoOffices = `
city: {name: Kota Contoh, least: 5}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan
    units:
      - {code: loket, name: Loket, services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta}], points: [{code: KUPARI47, name: Loket 1}]}
      - {code: gerai, name: Gerai, services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta}]}
  - code: dinkes
    name: Dinas Kesehatan
    units: [{code: pkm, name: Puskesmas, services: [{code: umum, name: Poli umum}]}]
periods:
  - {code: lalu, name: Periode lalu, from: 2024-01-01, to: 2024-06-30, instrument: skm-9, population: {loket: 400}}
  - {code: berjalan, name: Periode berjalan, from: ${FROM}, to: ${TO}, instrument: skm-9@2, population: {loket: 703}}
earlier:
  - {unit: loket, index: ikm, period: Tahun 2022, from: 2022-01-01, to: 2022-12-31, value: 81.20, mutu: B, n: 240, source: Laporan SKM 2022}
`

// paperOf writes a file of answers on paper that differ, with gaps.
func paperOf(t *testing.T, n int, day string) string {
	t.Helper()
	b := strings.Builder{}
	b.WriteString("layanan,persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana,jk,tanggal\n")
	for i := range n {
		service := []string{"ktp", "ktp", "akta"}[i%3]
		fmt.Fprint(&b, service)
		for q := range 9 {
			if v := (i*7 + q*5) % 23; v == 0 {
				b.WriteString(",")
			} else {
				fmt.Fprint(&b, ",", 1+v%4)
			}
		}
		fmt.Fprint(&b, ",", []string{"L", "P"}[i%2], ",", day, "\n")
	}
	name := filepath.Join(t.TempDir(), "kertas.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// sights lists all addresses at which somebody may read figures.
func sights() []string {
	var out []string
	for _, period := range []string{"lalu", "berjalan"} {
		results := "/api/v1/results?period=" + period
		out = append(out, results, results+"&explain=true", results+"&agency=dukcapil", results+"&unit=pkm", "/api/v1/zi/indicators?period="+period)
		for _, unit := range []string{"loket", "gerai", "pkm"} {
			out = append(
				out, results+"&explain=true&unit="+unit, "/api/v1/results/history?unit="+unit+"&period="+period,
				"/hasil/"+unit+"?period="+period, "/hasil/"+unit+"?lang=en&period="+period,
			)
			for _, by := range []string{"service", "point", "mode", "hour", "sex", "age"} {
				out = append(out, "/api/v1/results/breakdown?period="+period+"&unit="+unit+"&by="+by)
			}
		}
	}
	return append(out, "/", "/?lang=en", "/hasil/loket", "/api/v1/periods", "/api/v1/units", "/api/v1/results/history?unit=loket")
}

// moment is when an instance made its figures: all that may differ between two. The
// as_of of live figures is the same moment; that of released ones is the release's.
var (
	moment     = regexp.MustCompile(`"generated_at":"[^"]*",?`)
	liveMoment = regexp.MustCompile(`("state":"live","as_of":)"[^"]*"`)
)

// seenBy returns what an instance shows at an address, and how.
func (s *service) seenBy(key, path string) string {
	r := s.send(http.MethodGet, path, "", "", key)
	text := liveMoment.ReplaceAllString(moment.ReplaceAllString(r.text, ""), "$1")
	head := r.Header.Clone()
	head.Del("Date")
	head.Del("Content-Length") // of the moments too
	return fmt.Sprint(r.StatusCode, " ", head, "\n", text)
}

// Whoever reads figures sees the same at each instance of a service and after a restart,
// to the byte: a release that one of them showed otherwise would be two numbers of the
// same people.
func TestInstancesShowTheSameFigures(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			with := func(args ...string) []string { return append(args, flags...) }
			must(t, with("apply", declared(t, twoOffices))...)
			keys := map[string]string{"public": ""}
			for role, scope := range map[string][]string{"manager": {"--agency", "dukcapil"}, "evaluator": nil, "admin": nil} {
				key, _ := must(t, with(append([]string{"apikey", "add", "--role", role}, scope...)...)...)
				keys[role] = strings.TrimSpace(key)
			}
			must(t, with("import", paperOf(t, 60, "2024-03-05"), "--period", "lalu", "--unit", "loket", "--reason", "lembar lama")...)
			must(t, with("import", paperOf(t, 12, "2024-03-06"), "--period", "lalu", "--unit", "gerai", "--reason", "lembar lama")...)
			must(t, with("import", paperOf(t, 45, time.Now().AddDate(0, 0, -3).Format(time.DateOnly)), "--period", "berjalan", "--unit", "loket")...)
			flags = append(flags, "--release-every", "0")
			first := serve(t, flags...)
			other := func() *service { return first }
			if slices.Contains(flags, "--mongodb") {
				second := serve(t, append(slices.Clone(flags[2:]), "--data", t.TempDir())...)
				other = func() *service { return second }
			}
			for i := range 17 {
				s := []*service{first, other()}[i%2]
				if r := s.send(http.MethodPost, "/api/v1/points/KUPARI47/responses", "application/json", answerOfNine(i), ""); r.StatusCode != http.StatusCreated {
					t.Fatalf("answer %d: %d %s", i, r.StatusCode, r.text)
				}
			}
			counts := func(s *service) string {
				var out []string
				for _, period := range []string{"lalu", "berjalan"} {
					var got struct {
						Units []struct {
							Unit      string
							Responses struct{ Valid, Counted int }
						}
					}
					_ = json.Unmarshal([]byte(s.get("/api/v1/results?period="+period).text), &got) // the counts tell
					for _, u := range got.Units {
						out = append(out, fmt.Sprint(u.Unit, " ", u.Responses.Valid, " ", u.Responses.Counted))
					}
				}
				return strings.Join(out, ", ")
			}
			settled := regexp.MustCompile(`loket 60 60, gerai 12 12.*loket 62 5[0-7]`)
			shown := map[string]string{}
			eventually(t, "the same releases at both", func() bool {
				now := counts(first)
				return settled.MatchString(now) && now == counts(other())
			})
			for who, key := range keys {
				for _, path := range sights() {
					shown[who+" "+path] = first.seenBy(key, path)
				}
			}
			for what, want := range map[string]string{
				"public /api/v1/results?period=berjalan&explain=true&unit=loket": `"ikm":{`, "evaluator /api/v1/results?period=berjalan": `"state":"live"`,
				"manager /api/v1/results/breakdown?period=lalu&unit=loket&by=sex": `"means":{"ikm"`, "public /hasil/loket?period=lalu": "Angka akhir",
				"public /api/v1/results/history?unit=loket": `"source":"Laporan SKM 2022"`,
			} {
				if !strings.Contains(shown[what], want) {
					t.Errorf("%s has no %s: %.300s", what, want, shown[what])
				}
			}
			same := func(what string, s *service) {
				t.Helper()
				for who, key := range keys {
					for _, path := range sights() {
						if got, want := s.seenBy(key, path), shown[who+" "+path]; got != want {
							at := 0
							for at < min(len(got), len(want)) && got[at] == want[at] {
								at++
							}
							from := max(0, at-80)
							t.Errorf("%s, %s shows %s otherwise:\n…%.200s\nnot\n…%.200s", what, path, who, got[from:], want[from:])
						}
					}
				}
			}
			same("another instance", other())
			first.stop()
			again := serve(t, flags...)
			eventually(t, "the same answers after a restart", func() bool { return settled.MatchString(counts(again)) })
			same("after a restart", again)
		})
	}
}

// answerOfNine is a citizen's answer to skm-9 as JSON, with gaps.
func answerOfNine(i int) string {
	answers := map[string]any{}
	for q, code := range []string{"persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "pengaduan", "sarana"} {
		answers[code] = 1 + (i*3+q)%4
	}
	text, _ := json.Marshal(map[string]any{"id": uuid.NewString(), "service": "ktp", "lang": "id", "consent": true, "answers": answers}) // plain data
	return string(text)
}

package chart_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/chart"
	"persepsi/internal/testtools"
)

// words are some for every chart; each differs from all others, so that a table that
// takes the wrong one is seen.
func words() chart.Words {
	return chart.Words{
		Name: "Nama", Value: "Nilai", Low: "Bawah", High: "Atas", Before: "Periode sebelumnya", N: "Jawaban", Ranks: "Peringkat",
		Change: "Perubahan", Note: "Catatan", Link: "Kaitan", Share: "Persen", SoFar: "Sampai sekarang", Pace: "Saat ditutup", Needed: "Diperlukan",
		Control: "batas kendali", Lower: "Kendali bawah", Upper: "Kendali atas", Outside: "di luar batas", Of: "dari", Together: "tidak dibedakan",
		Closed: "tutup", GradeFrom: func(g string) string { return "Mutu " + g + " mulai" },
	}
}

func head() chart.Head {
	return chart.Head{Title: "Judul", Words: words(), Numbers: number}
}

func number(digits int, x float64) string {
	return strings.Replace(fmt.Sprintf("%.*f", digits, x), ".", ",", 1)
}

func value(x float64) chart.Value { return chart.Value{At: x, Text: number(2, x)} }

// near draws a value of a span; the edges are as likely as all else.
func near(r *rapid.T, from, to float64) float64 {
	switch rapid.IntRange(0, 9).Draw(r, "edge") {
	case 0:
		return from
	case 1:
		return to
	}
	return math.Round(rapid.Float64Range(from, to).Draw(r, "value")*100) / 100
}

// estimate draws a value with its interval, nil once in a while.
func estimate(r *rapid.T, from, to float64) *chart.Estimate {
	if rapid.IntRange(0, 5).Draw(r, "withheld") == 0 {
		return nil
	}
	three := []float64{near(r, from, to), near(r, from, to), near(r, from, to)}
	slices.Sort(three)
	return &chart.Estimate{Low: value(three[0]), Mean: value(three[1]), High: value(three[2])}
}

// name draws one of 25 letters at most, of one word or several.
func name(r *rapid.T) string {
	return rapid.StringMatching(`[A-Z][a-z]{0,11}( [a-z]{1,6}){0,2}`).Draw(r, "name")
}

func grades() []chart.Limit {
	var out []chart.Limit
	for _, g := range []struct {
		at   float64
		name string
	}{{65, "C"}, {76.61, "B"}, {88.31, "A"}} {
		out = append(out, chart.Limit{Value: value(g.at), Name: g.name, Brief: number(2, g.at)})
	}
	return out
}

func maybe(r *rapid.T, v chart.Value) *chart.Value {
	if rapid.Bool().Draw(r, "is there") {
		return &v
	}
	return nil
}

// builders draw a chart of anything that may be handed in, each at widths of its own and
// at those of a style sheet.
func builders() map[string]func(r *rapid.T) *chart.Chart {
	return map[string]func(r *rapid.T) *chart.Chart{
		"strip": func(r *rapid.T) *chart.Chart {
			in := chart.StripInput{Head: head(), From: value(65), To: value(100), Grades: grades(), Index: estimate(r, 20, 100), Grade: rapid.SampledFrom([]string{"A", "B", "C", "D"}).Draw(r, "grade"), Withheld: "ditahan"}
			in.Before = maybe(r, value(near(r, 20, 100)))
			if rapid.Bool().Draw(r, "bare") {
				in.From.Text, in.To.Text = "", ""
				for i := range in.Grades {
					in.Grades[i].Brief = ""
				}
			}
			return chart.Strip(in, some(r)...)
		},
		"meter": func(r *rapid.T) *chart.Chart {
			in := chart.MeterInput{Head: head(), SoFar: value(near(r, 0, 3000)), PaceWords: "perkiraan 181", NeededWords: "perlu 217"}
			in.Pace, in.Needed = maybe(r, value(near(r, 0, 5000))), maybe(r, value(near(r, 1, 500)))
			return chart.Meter(in, some(r)...)
		},
		"trend": func(r *rapid.T) *chart.Chart {
			in := chart.TrendInput{Head: head(), Limits: []chart.Limit{{Value: value(88.31), Name: "batas mutu A", Brief: "A"}, {Value: value(76.61), Name: "batas mutu B", Brief: "B"}}}
			for range rapid.IntRange(0, 3).Draw(r, "spans") {
				s := chart.Span{Name: name(r)}
				for i := range rapid.IntRange(0, 24).Draw(r, "points") {
					p := chart.Release{Label: "Jan", Group: fmt.Sprint(2020 + i/12), Index: estimate(r, 20, 100), Beyond: rapid.IntRange(0, 7).Draw(r, "beyond") == 0}
					if p.Index == nil {
						p.Withheld = "7 jawaban, tidak ditampilkan"
					} else if p.Beyond {
						p.Note = strings.TrimSpace(name(r) + " " + name(r))
					}
					if rapid.IntRange(0, 2).Draw(r, "own limits") == 0 {
						p.Control = &chart.Controls{Lower: value(near(r, 60, 80)), Upper: value(near(r, 80, 100))}
					}
					s.Points = append(s.Points, p)
				}
				if rapid.Bool().Draw(r, "control") {
					s.Control = &chart.Controls{Lower: value(near(r, 60, 80)), Upper: value(near(r, 80, 100))}
				}
				in.Spans = append(in.Spans, s)
			}
			return chart.Trend(in, some(r)...)
		},
		"ranks": func(r *rapid.T) *chart.Chart {
			in := chart.RanksInput{Head: head(), From: value(65), To: value(100), Grades: grades()}
			for range rapid.IntRange(0, 40).Draw(r, "units") {
				in.Units = append(in.Units, chart.RankedUnit{Name: name(r), Index: estimate(r, 20, 100), Places: "mungkin 5–12", N: "328", Withheld: "ditahan"})
			}
			return chart.Ranks(in)
		},
		"aspects": func(r *rapid.T) *chart.Chart {
			in := chart.AspectsInput{Head: head(), From: 1, To: 4, Limits: []chart.Limit{{Value: value(3.06), Name: "batas B"}, {Value: value(3.53), Name: "batas A"}}}
			for range rapid.IntRange(0, 25).Draw(r, "rows") {
				in.Rows = append(in.Rows, aspect(r, 1, 4))
			}
			return chart.Aspects(in, some(r)...)
		},
		"forecast": func(r *rapid.T) *chart.Chart {
			in := chart.ForecastInput{Head: head(), Grades: append([]chart.Limit{{Value: value(25), Name: "D"}}, grades()...), Now: rapid.SampledFrom([]string{"A", "B", "C", "D"}).Draw(r, "now")}
			low := near(r, 25, 100)
			high := near(r, low, 100)
			for range rapid.SampledFrom([]int{0, 1, 25}).Draw(r, "n") {
				in.Values = append(in.Values, near(r, low, high))
			}
			return chart.Forecast(in, some(r)...)
		},
		"distribution": func(r *rapid.T) *chart.Chart {
			in := chart.DistributionInput{Head: head()}
			for range rapid.IntRange(0, 8).Draw(r, "rows") {
				n := value(math.Trunc(near(r, 0, 1e6)))
				n.Text = number(0, n.At)
				in.Rows = append(in.Rows, chart.Share{Name: name(r), N: n, Percent: "100\u00a0%", Silent: rapid.Bool().Draw(r, "silent")})
			}
			return chart.Distribution(in, some(r)...)
		},
		"days": func(r *rapid.T) *chart.Chart {
			in := chart.DaysInput{Head: head()}
			for i := range rapid.SampledFrom([]int{0, 1, 7, 31, 184, 366}).Draw(r, "days") {
				n := value(math.Trunc(near(r, 0, 9000)))
				n.Text = number(0, n.At)
				in.Days = append(in.Days, chart.Day{Label: fmt.Sprint(i%31 + 1), Group: fmt.Sprint("Bulan ", i/31), N: n, Closed: i%7 == 0})
			}
			return chart.Days(in, some(r)...)
		},
		"multiples": func(r *rapid.T) *chart.Chart {
			in := chart.MultiplesInput{Head: head(), Limits: grades()}
			for i := range rapid.IntRange(1, 5).Draw(r, "periods") {
				in.Periods = append(in.Periods, fmt.Sprint("Semester ", i))
			}
			for range rapid.IntRange(0, 12).Draw(r, "series") {
				one := chart.Series{Name: name(r), Withheld: "ditahan", Change: "naik nyata", Real: rapid.Bool().Draw(r, "real"), Fell: rapid.Bool().Draw(r, "fell")}
				for range in.Periods {
					one.Points = append(one.Points, estimate(r, 20, 100))
				}
				in.Series = append(in.Series, one)
			}
			return chart.Multiples(in, some(r)...)
		},
		"importance": func(r *rapid.T) *chart.Chart {
			in := chart.ImportanceInput{
				Head: head(), Across: "nilai makin tinggi →", Up: "↑ makin berkaitan dengan kepuasan", MiddleScore: near(r, 1, 4), MiddleLink: near(r, -1, 1),
				Corners: [4]string{"Dahulukan", "Pertahankan", "Perbaiki kemudian", "Cukup"},
			}
			for range rapid.IntRange(0, 25).Draw(r, "items") {
				score, link := estimate(r, 1, 4), estimate(r, -1, 1)
				if score != nil && link != nil {
					in.Items = append(in.Items, chart.Important{Name: name(r), Score: *score, Link: link.Mean, First: rapid.IntRange(0, 5).Draw(r, "first") == 0})
				}
			}
			return chart.Importance(in, some(r)...)
		},
		"hours": func(r *rapid.T) *chart.Chart {
			in := chart.HoursInput{Head: head(), Hours: []string{"08", "09"}}
			in.Desc = "x"
			for range rapid.IntRange(0, 7).Draw(r, "days") {
				d := chart.HoursDay{Name: "Sen"}
				for range in.Hours {
					n := rapid.IntRange(0, 50).Draw(r, "n")
					d.Counts = append(d.Counts, chart.HoursCount{N: n, Text: fmt.Sprint(n), Closed: rapid.Bool().Draw(r, "closed")})
				}
				in.Days = append(in.Days, d)
			}
			return chart.Hours(in)
		},
	}
}

// aspect draws a row of any name.
func aspect(r *rapid.T, from, to float64) chart.Aspect {
	return chart.Aspect{Name: name(r), Index: estimate(r, from, to), Withheld: "ditampilkan sejak 10 jawaban", Lowest: rapid.Bool().Draw(r, "lowest")}
}

func some(r *rapid.T) []int {
	if rapid.Bool().Draw(r, "usual widths") {
		return nil
	}
	return []int{rapid.SampledFrom([]int{chart.Slim, chart.Card, chart.Part, chart.Slot, chart.Half, chart.Cover, chart.Sheet, chart.Full}).Draw(r, "width")}
}

// frame is what a mark covers, by the estimate that the builders place words by.
func TestEveryMarkIsInsideAndNoTwoTextsOverlap(t *testing.T) {
	t.Parallel()
	roles := testtools.Constants(t, ".", "Axis", "Label")
	for name, build := range builders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				c := build(r)
				drawings := c.Drawings
				if c.Ranking != nil {
					drawings = append(drawings, c.Ranking.Head...)
					for _, row := range c.Ranking.Rows {
						drawings = append(drawings, row.Drawings...)
					}
				}
				for _, d := range drawings {
					for _, fault := range d.Faults(roles) {
						r.Error(fault)
					}
				}
			})
		})
	}
}

func TestEveryChartHasATitleADescriptionAndATableOfEqualRows(t *testing.T) {
	t.Parallel()
	for name, build := range builders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				c := build(r)
				if c.Title == "" || (c.Desc == "" && len(c.Table.Rows) > 0) {
					r.Errorf("it is called %q, %q", c.Title, c.Desc)
				}
				all := c.Drawings
				if c.Ranking != nil {
					all = c.Ranking.Head
				}
				for i := 1; i < len(all); i++ {
					if all[i].Width <= all[i-1].Width {
						r.Errorf("drawing %d is no wider than the one before", i)
					}
				}
				for _, row := range c.Table.Rows {
					want := len(c.Table.Columns)
					if want == 0 {
						want = 2
					}
					if len(row) != want || row[0] == "" {
						r.Errorf("the row %q is not one of %d cells with a name", row, want)
					}
				}
			})
		})
	}
}

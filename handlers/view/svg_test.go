package view

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/chart"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// Whatever a chart shows: its SVG is well formed, has a title, a description and a role,
// no colour, no style, and no id that another chart could have too.
func TestEveryChartIsAPictureWithATitleADescriptionAndNoLooks(t *testing.T) {
	t.Parallel()
	for _, lang := range survey.Languages() {
		for _, s := range Samples(t, lang) {
			html := DrawnChart(t, lang, s.Chart)
			d := xml.NewDecoder(strings.NewReader(html))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", s.Name, err)
				}
			}
			if m := regexp.MustCompile(`(?i:style=|#[0-9a-f]{3}|rgb|fill=|stroke=| id=)|NaN|Inf`).FindString(html); m != "" {
				t.Errorf("%s has %q", s.Name, m)
			}
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
			if err != nil {
				t.Fatal(err)
			}
			doc.Find("figure > svg").Each(func(_ int, svg *goquery.Selection) {
				if svg.AttrOr("role", "") != "img" || svg.ChildrenFiltered("title").Text() == "" || svg.ChildrenFiltered("desc").Text() == "" {
					t.Errorf("%s has no title, description or role", s.Name)
				}
			})
			for i, row := range s.Chart.Table.Rows {
				var got []string
				doc.Find("details tbody tr").Eq(i).Children().Each(func(_ int, cell *goquery.Selection) { got = append(got, cell.Text()) })
				if strings.Join(got, "|") != strings.Join(row, "|") {
					t.Errorf("%s: row %d of its table is %q, want %q", s.Name, i, got, row)
				}
			}
		}
	}
}

func TestWordsOfAChartAreEscaped(t *testing.T) {
	t.Parallel()
	c := &chart.Chart{Title: "<b>&", Desc: "\"x\"", Drawings: []chart.Drawing{{Width: 10, Height: 10, Commands: []chart.Command{chart.Text{Role: chart.Plain, Words: "<script>"}}}}}
	if html := DrawnChart(t, "id", c); strings.Contains(html, "<b>") || strings.Contains(html, "<script>") || !strings.Contains(html, "&lt;script&gt;") {
		t.Error(html)
	}
}

// Each role has its looks and each width its rule, in both style sheets that draw charts
// the same ones.
func TestTheStyleSheetKnowsEveryRoleAndEveryWidth(t *testing.T) {
	t.Parallel()
	sheet := func(name string) map[string]string {
		source, err := os.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, m := range regexp.MustCompile(`(?m)^\.(chart[^{]*)\{([^}]*)\}`).FindAllStringSubmatch(string(source), -1) {
			for selector := range strings.SplitSeq(m[1], ",") {
				out[strings.TrimPrefix(selector, ".")] = m[2]
			}
		}
		return out
	}
	whole, result := sheet("chart.css"), sheet("result.css")
	for _, r := range testtools.Constants(t, "../../internal/chart", "Axis", "Label") {
		// A limit looks as every path does, a label as every text.
		if whole["chart ."+r] == "" && r != string(chart.Limiting) && r != string(chart.Label) {
			t.Errorf("no look for %s", r)
		}
	}
	for _, w := range []int{chart.Slim, chart.Card, chart.Part, chart.Slot, chart.Half, chart.Cover, chart.Sheet, chart.Full} {
		if whole["chart .at"+strconv.Itoa(w)] == "" || whole["chart .to"+strconv.Itoa(w)] == "" {
			t.Errorf("no rule for a width of %d", w)
		}
	}
	n := 0
	for selector, looks := range result {
		if _, ok := whole[selector]; !ok || selector == "chart" || selector == "chart details" {
			continue
		}
		if n++; whole[selector] != looks {
			t.Errorf("%s is {%s} on the result page and {%s} elsewhere", selector, looks, whole[selector])
		}
	}
	if n < 8 {
		t.Errorf("only %d rules were compared", n)
	}
}

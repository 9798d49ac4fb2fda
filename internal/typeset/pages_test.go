package typeset

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/pdf"
)

func newSetter(t testing.TB) *setter {
	t.Helper()
	file, err := pdf.New(pdf.Info{Lang: "id"})
	if err != nil {
		t.Fatal(err)
	}
	return &setter{file: file, doc: &document.Document{}}
}

// drawPieces makes paragraphs of one to nine lines, tables and charts out of heights alone.
func drawPieces(t *rapid.T) []piece {
	var out []piece
	for range rapid.IntRange(1, 40).Draw(t, "blocks") {
		wide := rapid.IntRange(0, 8).Draw(t, "wide") == 0
		n := rapid.IntRange(1, 9).Draw(t, "pieces")
		head := &piece{height: rapid.Float64Range(4, 20).Draw(t, "head")}
		for i := range n {
			p := piece{height: rapid.Float64Range(4, 30).Draw(t, "height"), above: rapid.Float64Range(0, 9).Draw(t, "above"), tied: i < n-1 && (i == 0 || i == n-2), wide: wide}
			if i > 0 && rapid.Bool().Draw(t, "again") {
				p.again = head
			}
			p.apart = i == 0 && rapid.IntRange(0, 9).Draw(t, "apart") == 0
			out = append(out, p)
		}
	}
	return out
}

func TestNoPageIsOverfullAndNoTiedPiecesAreParted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		all := drawPieces(r)
		p := &pager{first: 1}
		p.place(all)
		next := 0
		for i, page := range p.pages {
			end := 0.0
			if len(page.placed) == 0 {
				r.Fatalf("page %d is empty", i+1)
			}
			for k, at := range page.placed {
				if at.y+1e-9 < end {
					r.Fatalf("page %d: a piece at %.2f begins before %.2f", i+1, at.y, end)
				}
				if end = at.y + at.height; end > frameOf(page.wide).height+1e-3 {
					r.Fatalf("page %d is full at %.2f, and has a piece that ends at %.2f", i+1, frameOf(page.wide).height, end)
				}
				if k == 0 && all[next].again != nil {
					if at.height != all[next].again.height {
						r.Fatalf("page %d begins without its heads", i+1)
					}
					continue
				}
				want := all[next]
				if at.height != want.height || page.wide != want.wide {
					r.Fatalf("page %d: piece %d isn't where it belongs", i+1, next)
				}
				if want.apart && k > 0 {
					r.Fatalf("piece %d does not begin a page", next)
				}
				last := k == len(page.placed)-1
				if last && want.tied {
					r.Fatalf("piece %d is parted from the next", next)
				}
				next++
			}
		}
		if next != len(all) {
			r.Fatalf("%d pieces of %d are on a page", next, len(all))
		}
	})
}

func TestWhatNoPageHoldsIsPutOnSeveral(t *testing.T) {
	t.Parallel()
	var all []piece
	for range 40 {
		all = append(all, piece{height: 30, tied: true})
	}
	p := &pager{first: 1}
	p.place(all)
	if len(p.pages) != 5 { // eight of 30 mm in 245
		t.Errorf("%d pages", len(p.pages))
	}
}

func TestNoLineOfAParagraphIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := newSetter(t)
	for n := 2; n < 9; n++ {
		lines := s.lines(document.Plain(strings.Repeat("\n", n-1)+"x"), body(), 0, 3)
		if len(lines) != n {
			t.Fatalf("%d lines of %d", len(lines), n)
		}
		for i, l := range lines {
			if want := i < n-1 && (i == 0 || i == n-2); l.tied != want {
				t.Errorf("line %d of %d is tied to the next: %t", i+1, n, l.tied)
			}
		}
	}
}

func TestAHeadingStaysWithWhatItIsAbout(t *testing.T) {
	t.Parallel()
	s := newSetter(t)
	s.doc.Sections = []document.Section{{Title: "Bab", Level: 1}, {Title: "Bagian", Level: 2, Blocks: []document.Block{document.Paragraph{Runs: document.Plain("Teks.")}}}}
	all := slices.Concat(s.section(0), s.section(1))
	if len(all) != 3 || !all[0].tied || !all[1].tied || all[2].tied {
		t.Errorf("%+v", all)
	}
}

func TestChartsKeepTheSizeOfTheirLetters(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		wide  float64
		drawn float64
	}{{"page", frameOf(false).width, document.ChartWidth}, {"cover", coverWide, document.CoverWidth}} {
		if d, scale, ok := fitting(drawings(tc.drawn, tc.drawn+4), tc.wide); !ok || d.Width != tc.drawn || scale != 1 {
			t.Errorf("%s: a drawing of %.0f pixels is made %.3f times as large", tc.name, tc.drawn, scale)
		}
	}
	if d, scale, _ := fitting(drawings(200, 500, 900), frameOf(false).width); d.Width != 500 || scale != 1 {
		t.Errorf("of 200, 500 and 900 pixels %.0f is taken, %.3f times as large", d.Width, scale)
	}
}

func TestAColumnHasRoomForItsLongestWord(t *testing.T) {
	t.Parallel()
	columns := []document.Column{{Wide: 10}, {Wide: 1}, {Wide: 1}}
	for _, tc := range []struct {
		name        string
		least, need []float64
		want        []float64
	}{
		{"as much as all need", []float64{10, 10, 10}, []float64{50, 10, 10}, []float64{75, 12.5, 12.5}},
		{"a word is wider than its part", []float64{10, 30, 10}, []float64{200, 30, 10}, []float64{60, 30, 10}},
		{"words are wider than the table", []float64{100, 100, 200}, []float64{100, 100, 200}, []float64{25, 25, 50}},
	} {
		got := share(columns, tc.least, tc.need, 100)
		sum := 0.0
		for i := range got {
			sum += got[i]
			if diff := got[i] - tc.want[i]; diff > 0.01 || diff < -0.01 {
				t.Errorf("%s: %.2f, want %.2f", tc.name, got, tc.want)
				break
			}
		}
		if sum < 99.99 || sum > 100.01 {
			t.Errorf("%s: %.2f in all", tc.name, sum)
		}
	}
}

func drawings(widths ...float64) []chart.Drawing {
	var out []chart.Drawing
	for _, w := range widths {
		out = append(out, chart.Drawing{Width: w, Height: 100})
	}
	return out
}

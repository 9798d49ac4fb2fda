package pdf_test

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/math/f64"

	"persepsi/internal/chart"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the drawings that are expected")

// recorder is a painter that writes down what it is told.
type recorder struct{ out strings.Builder }

func (r *recorder) outline(o pdf.Outline) {
	for i := range o {
		fmt.Fprintf(&r.out, " %s", [...]string{"m", "l", "q", "c", "z"}[o[i].Kind])
		for _, p := range o[i].Used() {
			fmt.Fprintf(&r.out, " %.3f,%.3f", p.X, p.Y)
		}
	}
	r.out.WriteByte('\n')
}

func (r *recorder) Fill(o pdf.Outline, c ink.Color) {
	fmt.Fprintf(&r.out, "fill %s", c.Hex())
	r.outline(o)
}

func (r *recorder) Stroke(o pdf.Outline, c ink.Color, width float64, dash []float64) {
	fmt.Fprintf(&r.out, "stroke %s %.3f %.3f", c.Hex(), width, dash)
	r.outline(o)
}

func (r *recorder) Picture(img image.Image, at f64.Aff3) {
	fmt.Fprintf(&r.out, "picture %v %.3f\n", img.Bounds(), at)
}

// shapes has one of each.
func shapes(f *pdf.File) {
	f.Stroke(ink.Warn, 0.5, 2, 1)
	f.Rule(10, 12, 60, 17)
	f.Stroke(ink.Accent, 0.7)
	f.Paint(ink.Amber)
	f.Box(10, 20, 30, 12, 3, pdf.Both)
	f.Box(50, 20, 30, 12, 30, pdf.Edged)
	f.Box(10, 40, 30, 12, 0, pdf.Filled)
	f.Dot(60, 46, 5, pdf.Both)
	f.Mark("SEMENTARA", 10, 60, 80, 9, ink.Warn)
}

// texts are of each face, at each side, with a link and one that is too long.
func texts(f *pdf.File) {
	for i := range 4 {
		f.Text(10, 10+5*float64(i), pdf.Style{Face: pdf.Face(i), Size: 9, Color: ink.Black}, "il")
	}
	line := []pdf.Span{{Style: pdf.Style{Size: 9}, Text: "il "}, {Style: pdf.Style{Face: pdf.Bold, Size: 7, Color: ink.Accent}, Text: "li", Address: "https://a.example/"}}
	for i, side := range []pdf.Align{pdf.Left, pdf.Center, pdf.Right} {
		f.Line(10, 40+6*float64(i), 60, side, line)
	}
	style, words := f.Fit(pdf.Style{Face: pdf.Bold, Size: 9}, "illi illi illi", 10, 7)
	f.Text(10, 60, style, words)
	y := 66.0
	for _, l := range f.Lines([]pdf.Span{{Style: pdf.Style{Size: 9}, Text: "ill illi illilli illillillillillillilli\n\nli"}}, 12) {
		f.Line(10, y, 12, pdf.Left, l)
		y += pdf.Style{Size: 9}.Leading()
	}
}

func drawings(f *pdf.File) {
	f.Chart(&chart.Drawing{Width: 300, Height: 200, Commands: []chart.Command{
		chart.Rect{Role: chart.Band, Width: 100, Height: 50, Round: 8},
		chart.Circle{Role: chart.Hollow, X: 150, Y: 25, Radius: 20},
		chart.Path{Role: chart.Fill, Closed: true, Points: []chart.Point{{X: 200}, {X: 300}, {X: 300, Y: 50}}},
		chart.Path{Role: chart.Paced, Points: []chart.Point{{Y: 100}, {X: 150, Y: 110}, {X: 300, Y: 100}}},
		chart.Text{Role: chart.Plain, X: 10, Y: 150, Words: "il"},
		chart.Text{Role: chart.Strong, X: 150, Y: 150, Anchor: chart.Middle, Words: "il"},
		chart.Text{Role: chart.Amber, X: 300, Y: 150, Anchor: chart.End, Words: "il"},
	}}, 10, 20, 1.1)
}

// A sheet and its mirror change only on purpose: what a line, a letter, a picture becomes, also
// where all is turned or enlarged. -update writes testdata anew, to be looked at.
func TestSheetsAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	arms, logo, small := testtools.PNG(t, 300, 400, color.Black), testtools.PNG(t, 900, 200, color.Black), testtools.PNG(t, 30, 40, color.Black)
	for name, draw := range map[string]func(f *pdf.File){
		"shapes": shapes, "texts": texts, "drawings": drawings,
		"symbol": func(f *pdf.File) {
			width, err := f.SymbolWidth("A", 2, 19)
			if err == nil {
				err = f.Symbol("A", 17.3, 21.7, width)
			}
			if err != nil {
				t.Error(err)
			}
		},
		"emblems": func(f *pdf.File) {
			var all [3]*pdf.Picture
			for i, data := range [][]byte{arms, logo, small} {
				var err error
				if all[i], err = f.Picture(data, "image/png"); err != nil {
					t.Error(err)
					return
				}
			}
			for i, e := range [][2]*pdf.Picture{{}, {all[0]}, {nil, all[1]}, {all[0], all[1]}, {all[2], all[2]}} {
				y := 10 + 25*float64(i)
				left, room := f.Emblems(e[0], e[1], 10, y, 85, 16)
				f.Box(left, y, room, 16, 0, pdf.Edged)
			}
		},
		"turned and enlarged": func(f *pdf.File) {
			p, err := f.Picture(logo, "image/png")
			if err != nil {
				t.Error(err)
				return
			}
			f.Enlarge(1.25, func() {
				f.Turn(40, 50, func() {
					f.Stroke(ink.Warn, 0.4, 1, 2)
					f.Rule(10, 12, 60, 17)
					f.Text(10, 30, pdf.Style{Size: 9}, "i")
					f.Turn(30, 35, func() { f.Rule(10, 12, 60, 17) })
					f.Place(p, 12, 40, 20, 20)
				})
				f.Rule(10, 12, 60, 17)
			})
			f.Rule(10, 12, 60, 17)
		},
	} {
		f := newFile(t)
		f.Page(pdf.A6())
		beside := &recorder{}
		f.Mirror(beside)
		f.Text(5, 5, pdf.Style{Size: 6}, "i") // every sheet has a letter
		draw(f)
		f.Page(pdf.A5())
		f.Text(5, 5, pdf.Style{Size: 6}, "no mirror sees this")
		var got strings.Builder
		for _, operator := range strings.Split(testtools.Drawn(t, written(t, f))[0], "\n") {
			quoted := strconv.Quote(operator)
			got.WriteString(quoted[1:len(quoted)-1] + "\n")
		}
		got.WriteString("mirror\n" + beside.out.String())
		testtools.Golden(t, *update, filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".txt"), got.String())
	}
}

// What stands on a sheet in a link's place leads somewhere, within the file or out of it.
func TestALinkIsAsLargeAsItsPlace(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	target := f.NewTarget()
	f.Page(pdf.A6())
	f.LinkTo(target, 10, 20, 30, 5)
	f.Link("https://a.example/", 10, 40, 30, 5)
	f.Page(pdf.A6())
	f.Here(target, 50)
	data := string(written(t, f))
	// A6 is 419.53 points high; places are lower left and upper right, in points.
	for _, want := range []string{
		"/Rect [28.35 362.83 113.39 348.66]", "/XYZ 0 277.80 null", "/Rect [28.35 306.14 113.39 291.97]",
	} {
		if !strings.Contains(data, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Count(data, "/URI (https://a.example/)") != 1 || strings.Count(data, "/Subtype /Link") != 2 {
		t.Error("a link is lost or leads elsewhere")
	}
}

// A broken picture leaves the file as it was: what is drawn after it is there.
func TestABrokenPictureSpoilsNoFile(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	f.Page(pdf.A6())
	// A JPEG of red, green and blue as they are: Go reads its head, no PDF holds it.
	head := append([]byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 10, 0, 10, 3}, "R\x11\x00G\x11\x00B\x11\x00\xff\xda\x00\x0c"...)
	if _, err := f.Picture(head, "image/jpeg"); err == nil || !strings.Contains(err.Error(), "color") {
		t.Errorf("error %v of colours that no PDF has", err)
	}
	whole := testtools.PNG(t, 300, 400, color.Black)
	if _, err := f.Picture(whole[:len(whole)-20], "image/png"); err == nil || !strings.Contains(err.Error(), "whole") {
		t.Errorf("error %v of half a picture", err)
	}
	widest := testtools.PNG(t, 6000, 1, color.Black)
	if p, err := f.Picture(widest, "image/png"); err != nil || p.Width != 6000 {
		t.Errorf("the widest picture that may be: %v", err)
	}
	f.Text(10, 10, pdf.Style{Size: 9}, "il")
	if f.Err() != nil || len(testtools.Drawn(t, written(t, f))) != 1 {
		t.Errorf("the file is spoilt: %v", f.Err())
	}
}

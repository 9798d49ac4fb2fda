package ink

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/testtools"
)

func TestEveryRoleOfAChartHasALook(t *testing.T) {
	t.Parallel()
	for _, role := range testtools.Constants(t, "../chart", "Axis", "Label") {
		if l := Of(chart.Role(role)); l.Fill == nil && l.Stroke == nil {
			t.Errorf("%s can't be seen", role)
		}
	}
}

func TestAColourIsTakenWhereItCanBeReadOnWhite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Color{
		"#7a1f2b": 0x7a1f2b, "#1D4F7C": 0x1d4f7c, "#767676": 0x767676, "#000000": 0,
		"#777777": Accent, "#ffffff": Accent, "#f5d033": Accent, "": Accent, "7a1f2b": Accent, "#7a1": Accent, "#7a1f2b00": Accent, "maroon!": Accent, "#+a1f2b": Accent,
	} {
		if got := AccentOf(text); got != want {
			t.Errorf("%q: %s, want %s", text, got.Hex(), want.Hex())
		}
	}
	for c, want := range map[Color]float64{0: 21, White: 1, 0x767676: 4.54, 0x777777: 4.48} {
		if got := c.Contrast(); math.Abs(got-want) > 0.005 {
			t.Errorf("%s: %.3f, want %.2f", c.Hex(), got, want)
		}
	}
	if !Accent.Readable() || !Black.Readable() || !Soft.Readable() || !Warn.Readable() {
		t.Error("a colour of ours can't be read")
	}
	for n := range 0x1000 { // every colour of four bits a channel
		c := Color(n>>8&15*0x11)<<16 | Color(n>>4&15*0x11)<<8 | Color(n&15*0x11)
		if against := Black.Contrast() / c.Ground().Contrast(); against < 7 {
			t.Errorf("black on the ground of %s has a contrast of %.1f", c.Hex(), against)
		}
	}
}

// Of paper and of a screen by day the colours are the same.
func TestPrintHasTheColoursOfTheStyleSheet(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("../../handlers/view/assets/chart.css")
	if err != nil {
		t.Fatal(err)
	}
	style, err := os.ReadFile("../../handlers/view/assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	day := regexp.MustCompile(`(?s)@media[^{]*dark[^{]*\{.*?\}\}`).ReplaceAllString(string(style)+string(css), "")
	for name, c := range map[string]Color{
		"ink": Black, "soft": Soft, "accent": Accent, "warn": Warn, "edge": Edge, "band": Band, "band-warn": Amber, "ghost": Ghost, "line": Line,
	} {
		if want := "--" + name + ":" + "#" + c.Hex(); !strings.Contains(day, want) {
			t.Errorf("no style sheet says %s", want)
		}
	}
}

// luminance is that of WCAG 2.2.
func luminance(c Color) float64 {
	channel := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b := c.RGB()
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}

func contrast(a, b Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestLettersCanBeReadOnTheirGround(t *testing.T) {
	t.Parallel()
	ground, letters := Steps()
	for i := range ground {
		if got := contrast(ground[i], letters[i]); got < 4.5 {
			t.Errorf("step %d has a contrast of %.2f, want 4.5 at least", i+1, got)
		}
	}
	for _, c := range []Color{Black, Soft, Accent, Warn} {
		if got := contrast(c, White); got < 4.5 {
			t.Errorf("%s on white has a contrast of %.2f, want 4.5 at least", c.Hex(), got)
		}
	}
}

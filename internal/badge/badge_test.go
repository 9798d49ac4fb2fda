package badge_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/badge"
	"persepsi/internal/chart"
)

// parsed returns the texts of a badge's elements, by their name, and fails where the picture
// is no XML or holds what a site's browser would not draw.
func parsed(t rapid.TB, svg []byte) map[string][]string {
	t.Helper()
	known := map[string]bool{"svg": true, "title": true, "desc": true, "rect": true, "path": true, "text": true}
	out := map[string][]string{}
	name := ""
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%v: %s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if name = e.Name.Local; !known[name] {
				t.Fatalf("a badge holds <%s>: %s", name, svg)
			}
			out[name] = append(out[name], "")
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
					t.Fatalf("a badge has %s: %s", a.Name.Local, svg)
				}
			}
		case xml.CharData:
			if at := out[name]; len(at) > 0 {
				at[len(at)-1] += string(e)
			}
		case xml.EndElement:
			name = ""
		}
	}
}

// Whatever a city calls its units: the picture stays whole, no line leaves it, and who can't
// see it hears all of it.
func TestABadgeHoldsAnyName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&"'A-Za-z ]{0,200}`)).Draw(t, "name")
		b := &badge.Badge{
			Lang: "id", Title: name, Short: "IKM", Value: "95,30", Of: "dari 100", Finding: "Mutu A, sangat baik", Unit: name,
			Notes: []string{"284 responden", name, "Sementara, sampai 30 November 2026"}, Warns: true,
		}
		said := parsed(t, b.SVG())
		for _, line := range said["text"] {
			if (chart.Letters{Size: 13}).Width(line) > badge.Width-108-28 && line != "95,30" {
				t.Fatalf("%q is too wide", line)
			}
		}
		all := strings.Join(said["text"], " ")
		for _, want := range []string{"95,30", "Mutu A, sangat baik", "284 responden", "Sementara, sampai 30 November 2026"} {
			if !strings.Contains(all, want) {
				t.Fatalf("%q is not shown: %q", want, all)
			}
		}
		if !strings.Contains(said["desc"][0], "IKM 95,30 dari 100. Mutu A, sangat baik.") {
			t.Fatalf("described as %q", said["desc"])
		}
	})
}

// A number is never cut, and no longer one leaves its block.
func TestALongNumberStaysInItsBlock(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"3,9", "100,00", "1.234.567,89"} {
		b := &badge.Badge{Lang: "id", Short: "IKM", Value: value, Of: "dari 100", Finding: "Mutu A", Unit: "Loket", Demo: "Kota peragaan"}
		m := regexp.MustCompile(`font-size="([0-9.]+)"[^>]*>` + regexp.QuoteMeta(value) + "<").FindSubmatch(b.SVG())
		if m == nil {
			t.Errorf("%s is cut: %s", value, b.SVG())
			continue
		}
		size, err := strconv.ParseFloat(string(m[1]), 64)
		if wide := (chart.Letters{Size: size, Bold: true}).Width(value); err != nil || wide > 108-7 {
			t.Errorf("%s is %.0f wide, in a block of 108, err = %v", value, wide, err)
		}
		if !strings.HasSuffix(b.Text(), "Kota peragaan.") {
			t.Errorf("who can't see it hears %q", b.Text())
		}
	}
}

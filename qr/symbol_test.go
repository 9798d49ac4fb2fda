package qr_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"persepsi/qr"
)

// address is the usual kind; it has 33 modules, 41 with its quiet zone.
const address = "https://survei.kotacontoh.go.id/s/KUPARI47"

// addresses are realistic ones from short to long.
func addresses() []string {
	return []string{
		"http://127.0.0.1:8080/s/NUKINO66",
		"https://survei.kota.go.id/s/BUMISA48",
		address,
		"https://persepsi.dukcapil.kabupatencontoh.go.id/s/GOTADA44",
		"https://survei.kotacontoh.go.id/kepuasan-masyarakat/s/KUPARI47?lang=en&t=9f2c41",
	}
}

// quiet is the margin that the standard asks for, in modules.
const quiet = 4

func TestEveryFormOfASymbolIsRead(t *testing.T) {
	t.Parallel()
	eachReader(t, func(t *testing.T, r reader) {
		for _, want := range addresses() {
			pictures := map[string]image.Image{"SVG": raster(svgModules(t, want), 4), "terminal": raster(terminalModules(t, want), 4)}
			for _, size := range []int{120, 240, 333, 1024} {
				data, err := qr.PNG(want, size)
				pictures[fmt.Sprintf("PNG of %d pixels", size)] = decodePNG(t, data, err)
			}
			for name, img := range pictures {
				if got := r.read(t, img); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		}
	})
}

// A phone takes many pictures a second, so that one of them may fail: a reader
// finds the symbol at each of the named angles, and at four of five all around.
func TestASymbolIsReadAtAnyAngle(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		address string
		size    int
	}{
		{address, 120},
		{addresses()[3], 120},
		{address, 300},
		{addresses()[4], 300},
	} {
		data, err := qr.PNG(tc.address, tc.size)
		img := grey(decodePNG(t, data, err))
		t.Run(fmt.Sprintf("%d letters at %d pixels", len(tc.address), tc.size), func(t *testing.T) {
			t.Parallel()
			eachReader(t, func(t *testing.T, r reader) {
				for _, degrees := range []float64{7, 33, 90, 180, 270} {
					if got := r.read(t, rotated(img, degrees)); got != tc.address {
						t.Errorf("at %v degrees: %q", degrees, got)
					}
				}
				const every = 15
				lost := 0
				for degrees := every; degrees < 360; degrees += every {
					if r.read(t, rotated(img, float64(degrees))) != tc.address {
						lost++
					}
				}
				if lost > 360/every/5 {
					t.Errorf("not read at %d of %d angles", lost, 360/every-1)
				}
			})
		})
	}
}

// A tenth of the symbol's own area, quiet zone not counted, is painted over by
// one square. It is laid everywhere but on the three corner squares, and on
// the small square near the fourth corner: by these a reader finds the symbol,
// and a symbol without them is no readers' symbol at any level. All the rest,
// the format's second copy and the timing lines among it, may go.
func TestASymbolIsReadWithATenthOfItCovered(t *testing.T) {
	t.Parallel()
	for _, want := range []string{address, addresses()[1], addresses()[3]} {
		modules := svgModules(t, want)
		patches := coverings(len(modules) - 2*quiet)
		for shade, name := range map[uint8]string{0: "black", 255: "white"} {
			t.Run(fmt.Sprintf("%d letters, %s", len(want), name), func(t *testing.T) {
				t.Parallel()
				eachReader(t, func(t *testing.T, r reader) {
					for _, patch := range patches {
						img := raster(modules, pixels)
						paint(img, patch, shade)
						if got := r.read(t, img); got != want {
							t.Errorf("covered %v of %v: %q", patch, img.Rect, got)
						}
					}
				})
			})
		}
	}
}

// Dirt comes in spots, too: a twentieth of the area in eight places.
func TestASymbolIsReadWithSpotsAllOverIt(t *testing.T) {
	t.Parallel()
	modules := svgModules(t, address)
	n := len(modules) - 2*quiet
	rng := rand.New(rand.NewPCG(4, 7))
	img := raster(modules, pixels)
	for spots, side := 0, 13; spots < 8; {
		patch := image.Rect(0, 0, side, side).Add(image.Pt(quiet*pixels+rng.IntN(n*pixels-side), quiet*pixels+rng.IntN(n*pixels-side)))
		if !slices.ContainsFunc(finders(n), patch.Overlaps) {
			paint(img, patch, uint8(255*(spots%2)))
			spots++
		}
	}
	eachReader(t, func(t *testing.T, r reader) {
		if got := r.read(t, img); got != address {
			t.Errorf("read %q", got)
		}
	})
}

// pixels is the width of a module in the pictures that are painted over.
const pixels = 6

func paint(img *image.Gray, patch image.Rectangle, shade uint8) {
	for y := patch.Min.Y; y < patch.Max.Y; y++ {
		for x := patch.Min.X; x < patch.Max.X; x++ {
			img.Pix[y*img.Stride+x] = shade
		}
	}
}

// finders are the places in the picture of a symbol of n modules by which
// readers find it: the corner squares (7 modules) with their white edge, and
// the alignment square (5 modules, its middle 7 from two edges), which
// symbols of 25 to 41 modules have once.
func finders(n int) []image.Rectangle {
	square := func(x, y, side int) image.Rectangle {
		return image.Rect((quiet+x)*pixels, (quiet+y)*pixels, (quiet+x+side)*pixels, (quiet+y+side)*pixels)
	}
	return []image.Rectangle{square(0, 0, 8), square(n-8, 0, 8), square(0, n-8, 8), square(n-9, n-9, 5)}
}

// coverings are squares of a tenth of a symbol of n modules, at twelve places
// drawn with a fixed seed: the middle first.
func coverings(n int) []image.Rectangle {
	side := 1
	for side*side*10 < n*pixels*n*pixels {
		side++
	}
	origin, room := quiet*pixels, n*pixels-side
	rng := rand.New(rand.NewPCG(uint64(n), 47))
	out := []image.Rectangle{image.Rect(0, 0, side, side).Add(image.Pt(origin+room/2, origin+room/2))}
	for len(out) < 12 {
		patch := image.Rect(0, 0, side, side).Add(image.Pt(origin+rng.IntN(room), origin+rng.IntN(room)))
		if !slices.ContainsFunc(finders(n), patch.Overlaps) {
			out = append(out, patch)
		}
	}
	return out
}

func TestAroundASymbolFourModulesAreWhite(t *testing.T) {
	t.Parallel()
	for _, url := range addresses() {
		for name, modules := range map[string][][]bool{"SVG": svgModules(t, url), "terminal": terminalModules(t, url)} {
			if got := darkBox(modules); got != image.Rect(quiet, quiet, len(modules)-quiet, len(modules)-quiet) {
				t.Errorf("%s of %d letters: dark modules fill %v of %d", name, len(url), got, len(modules))
			}
		}
		n := len(svgModules(t, url))
		for _, size := range []int{120, 240, 500, 1024} {
			data, err := qr.PNG(url, size)
			box := darkBox(dark(decodePNG(t, data, err)))
			// The symbol has n-8 of n modules; what a pixel shares is the tolerance.
			if margin := min(box.Min.X, box.Min.Y, size-box.Max.X, size-box.Max.Y); margin+1 < quiet*box.Dx()/(n-2*quiet) {
				t.Errorf("PNG of %d pixels: %d pixels are white, the symbol is %d wide with %d modules", size, margin, box.Dx(), n-2*quiet)
			}
		}
	}
}

func TestAPrintedModuleIsAWholeNumberOfPixels(t *testing.T) {
	t.Parallel()
	modules := svgModules(t, address)
	const size = 1024
	scale := size / len(modules)
	data, err := qr.PNG(address, size)
	img := decodePNG(t, data, err)
	margin := (size - scale*len(modules)) / 2
	for y := range len(modules) * scale {
		for x := range len(modules) * scale {
			shade, _, _, _ := img.At(margin+x, margin+y).RGBA()
			if (shade == 0) != modules[y/scale][x/scale] || (shade != 0 && shade != 0xffff) {
				t.Fatalf("pixel %d,%d has shade %#x", x, y, shade)
			}
		}
	}
}

// Smoothed pictures have shades between black and white; whole pixels have none.
func TestModulesAreSmoothedOnlyWhereWholePixelsWasteAQuarterOfASmallPicture(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		url     string
		modules int // with the quiet zone
		size    int
		smooth  bool
	}{
		{"27 of 109 pixels wasted", address, 41, 109, false},
		{"28 of 110 pixels wasted", address, 41, 110, true},
		{"exactly a quarter wasted", addresses()[3], 45, 120, true},
		{"36 of 159 pixels wasted", address, 41, 159, false},
		{"one pixel a module", address, 41, 64, false},
		{"the last small picture", address + strings.Repeat("x", 50), 57, 159, true},
		{"the first that is not small", address + strings.Repeat("x", 50), 57, 160, false},
		{"a large picture", address, 41, 1024, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			modules := svgModules(t, tc.url)
			if len(modules) != tc.modules {
				t.Fatalf("%d modules, want %d", len(modules), tc.modules)
			}
			data, err := qr.PNG(tc.url, tc.size)
			img := grey(decodePNG(t, data, err))
			between := slices.ContainsFunc(img.Pix, func(shade uint8) bool { return shade > 0 && shade < 255 })
			if between != tc.smooth {
				t.Errorf("shades between black and white: %v, want %v", between, tc.smooth)
			}
		})
	}
}

func TestASharedPixelIsAsGreyAsTheDarkModulesPartOfIt(t *testing.T) {
	t.Parallel()
	const size = 120
	modules := svgModules(t, address)
	data, err := qr.PNG(address, size)
	img := grey(decodePNG(t, data, err))
	common := func(pixel, module int) float64 { // of a pixel's edge
		width := float64(size) / float64(len(modules))
		return max(0, min(float64(pixel+1), float64(module+1)*width)-max(float64(pixel), float64(module)*width))
	}
	for y := range size {
		for x := range size {
			dark := 0.0
			for j, row := range modules {
				for i, black := range row {
					if black {
						dark += common(x, i) * common(y, j)
					}
				}
			}
			if want := 255 - uint8(math.Round(255*dark)); img.GrayAt(x, y).Y != want {
				t.Fatalf("pixel %d,%d has shade %d, want %d", x, y, img.GrayAt(x, y).Y, want)
			}
		}
	}
}

func TestWhatCannotBeASymbolIsRefused(t *testing.T) {
	t.Parallel()
	long := address + "?t=" + strings.Repeat("x", 3000)
	for _, tc := range []struct {
		name string
		make func() error
		want string
	}{
		{"a picture too small", func() error { _, err := qr.PNG(address, qr.MinPNG-1); return err }, "64 to 4096"},
		{"a picture too large", func() error { _, err := qr.PNG(address, qr.MaxPNG+1); return err }, "64 to 4096"},
		{"a negative size", func() error { _, err := qr.PNG(address, -1); return err }, "64 to 4096"},
		{"fewer pixels than modules", func() error { _, err := qr.PNG(long[:300], qr.MinPNG); return err }, "at least 89 pixels"},
		{"an address too long for a PNG", func() error { _, err := qr.PNG(long, 500); return err }, "make a QR symbol"},
		{"an address too long for an SVG", func() error { _, err := qr.SVG(long); return err }, "make a QR symbol"},
		{"an address too long for a terminal", func() error { _, err := qr.Terminal(long); return err }, "make a QR symbol"},
		{"no address", func() error { _, err := qr.SVG(""); return err }, "make a QR symbol"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if err := tc.make(); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want one with %q", err, tc.want)
			}
		})
	}
}

func TestTheLimitsThemselvesAreAllowed(t *testing.T) {
	t.Parallel()
	for _, size := range []int{qr.MinPNG, qr.MaxPNG} {
		data, err := qr.PNG(address, size)
		if img := decodePNG(t, data, err); img.Bounds() != image.Rect(0, 0, size, size) {
			t.Errorf("bounds = %v, want %d × %d", img.Bounds(), size, size)
		}
	}
	long := address + "?t=" + strings.Repeat("x", 258)
	if n := len(svgModules(t, long)); n <= qr.MinPNG {
		t.Fatalf("%d modules do not bound the size", n)
	} else if data, err := qr.PNG(long, n); decodePNG(t, data, err).Bounds().Dx() != n {
		t.Errorf("a pixel a module: bounds are not %d", n)
	}
}

// Whoever draws the modules keeps the quiet zone white: Modules has none, and begins with the
// symbol's first corner.
func TestModulesHaveNoQuietZone(t *testing.T) {
	t.Parallel()
	bare, err := qr.Modules("https://survei.kota.go.id/s/KUPARI47")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(svgModules(t, "https://survei.kota.go.id/s/KUPARI47")) - len(bare); n != 8 || !bare[0][0] || !bare[len(bare)-1][0] {
		t.Errorf("the symbol with its quiet zone is %d modules wider, its corners are %t and %t", n, bare[0][0], bare[len(bare)-1][0])
	}
}

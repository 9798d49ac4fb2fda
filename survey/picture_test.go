package survey

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// drawn returns a picture of a size as a PNG or JPEG file.
func drawn(t testing.TB, kind string, width, height int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	if kind == JPEG {
		out.Reset()
		err = jpeg.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// noise returns a PNG of about so many bytes, of four a pixel.
func noise(t testing.TB, seed uint64, size int) []byte {
	t.Helper()
	width := 256
	img := image.NewNRGBA(image.Rect(0, 0, width, size/4/width))
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32())
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// claiming returns a PNG that says it has another size than it has.
func claiming(t testing.TB, width, height uint32) []byte {
	t.Helper()
	data := drawn(t, PNG, 4, 4)
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func uri(data []byte, kind string) string {
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// reader returns files by their names.
func reader(files map[string][]byte) FileReader {
	return func(path string) ([]byte, error) {
		data, ok := files[path]
		if !ok {
			return nil, errors.New("there is no such file")
		}
		return data, nil
	}
}

func applyWith(t testing.TB, now *Catalogue, text string, files map[string][]byte) (*ApplyResult, error) {
	t.Helper()
	lib, methods := testLibrary(t)
	return Apply(now, []byte(text), lib, methods, codes(), nil, 0, Files(reader(files)))
}

const looking = `
city: {name: Kota Contoh, colour: "#7A1F2B", arms: look/arms.png}
agencies:
  - {code: a, name: Dinas A, logo: logo.jpg}
  - {code: b, name: Dinas B, logo: logo.jpg}
  - {code: c, name: Dinas C}
`

func TestACityHasAColourArmsAndLogosThatAreToldInWords(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"look/arms.png": drawn(t, PNG, 30, 40), "logo.jpg": drawn(t, JPEG, 60, 20)}
	a, err := applyWith(t, new(Catalogue), looking, files)
	if err != nil {
		t.Fatal(err)
	}
	c := a.Catalogue
	if c.City.Colour != "#7a1f2b" || c.City.Arms.Type != PNG || c.City.Arms.Width != 30 || c.City.Arms.Height != 40 || !bytes.Equal(c.City.Arms.Data, files["look/arms.png"]) {
		t.Errorf("city %+v", c.City)
	}
	if c.Agencies[0].Logo.Type != JPEG || c.Agencies[1].Logo.Sum != c.Agencies[0].Logo.Sum || c.Agencies[2].Logo != nil || len(c.Pictures()) != 2 {
		t.Errorf("agencies %+v", c.Agencies)
	}
	var said []string
	for _, change := range a.Changes {
		said = append(said, change.String())
		if len(change.String()) > 200 {
			t.Errorf("a change of %d letters", len(change.String()))
		}
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{"added city.colour: #7a1f2b", "added city.arms: PNG of 30 × 40 pixels, 1 kB, checksum " + c.City.Arms.Sum[:12] + "…"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	again, err := applyWith(t, c, looking, files)
	if err != nil || again.Changed {
		t.Errorf("applied again it changes %v, err = %v", again, err)
	}
	files["logo.jpg"] = drawn(t, PNG, 9, 9)
	changed, err := applyWith(t, c, "agencies: [{code: b, logo: logo.jpg}]\ncity: {colour: 005a9c}", files)
	if err != nil || len(changed.Changes) != 2 || changed.Catalogue.City.Colour != "#005a9c" ||
		!strings.HasPrefix(changed.Changes[1].String(), "changed agencies.b.logo: JPEG of 60 × 20 pixels, 2 kB, checksum ") || !strings.Contains(changed.Changes[1].String(), " → PNG of 9 × 9 pixels") {
		t.Errorf("changes %v, err = %v", changed.Changes, err)
	}
	if c.Agencies[1].Logo.Type != JPEG {
		t.Error("the catalogue before was changed")
	}
	gone, err := applyWith(t, c, "city: {colour: '', arms: ''}\nagencies: [{code: a, logo: ''}]", nil)
	if err != nil || gone.Catalogue.City.Colour != "" || gone.Catalogue.City.Arms != nil || gone.Catalogue.Agencies[0].Logo != nil || len(gone.Changes) != 3 {
		t.Errorf("changes %v, err = %v", gone.Changes, err)
	}
	for text, want := range map[string]bool{"city: {name: Kota Baru, arms: ''}": true, "city: {arms: ''}": true, "agencies: [{code: c, name: Dinas Baru, logo: ''}]": true, "agencies: [{code: c, logo: ''}]": false} {
		if one, err := applyWith(t, c, text, nil); err != nil || one.Changed != want {
			t.Errorf("%s: changed %v, err = %v", text, one.Changed, err)
		}
	}
	if again, err := applyWith(t, gone.Catalogue, "city: {colour: '', arms: ''}", nil); err != nil || again.Changed {
		t.Errorf("taken away again it changes something, err = %v", err)
	}
}

func TestADumpHoldsEachPictureOnceAndChangesNothing(t *testing.T) {
	t.Parallel()
	a, err := applyWith(t, new(Catalogue), looking, map[string][]byte{"look/arms.png": drawn(t, PNG, 30, 40), "logo.jpg": drawn(t, JPEG, 60, 20)})
	if err != nil {
		t.Fatal(err)
	}
	text, err := Declaration(a.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "data:image/jpeg;base64,"); n != 1 {
		t.Errorf("the logo is there %d times:\n%s", n, text)
	}
	lib, methods := testLibrary(t)
	again, err := Apply(a.Catalogue, text, lib, methods, codes(), nil, 0)
	if err != nil || again.Changed {
		t.Errorf("the dump changes %v, err = %v", again, err)
	}
	fresh, err := Apply(new(Catalogue), text, lib, methods, codes(), nil, 0)
	if err != nil || len(Diff(fresh.Catalogue, a.Catalogue)) > 0 || !bytes.Equal(fresh.Catalogue.City.Arms.Data, a.Catalogue.City.Arms.Data) {
		t.Errorf("err = %v, a city of its own differs: %v", err, Diff(fresh.Catalogue, a.Catalogue))
	}
	a.Catalogue.Fill(nil)
	if _, err := Declaration(a.Catalogue); CodeOf(err) != Conflict {
		t.Errorf("err = %v of a dump without the pictures", err)
	}
}

func TestAWrongPictureIsRefusedWithItsPathInTheFile(t *testing.T) {
	t.Parallel()
	good := drawn(t, PNG, 30, 40)
	files := map[string][]byte{
		"good.png": good, "half.png": good[:len(good)/2], "half.jpg": drawn(t, JPEG, 60, 20)[:400], "words.png": []byte("not a picture"), "empty.png": {}, "head.png": good[:20], "head.jpg": drawn(t, JPEG, 60, 20)[:20], "most.jpg": drawn(t, JPEG, 60, 20)[:900], "tall.png": claiming(t, 1, 2001), "square.png": claiming(t, 2000, 2000),
		"bomb.png": claiming(t, 60_000, 60_000), "wide.png": claiming(t, 2001, 1), "large.png": append(bytes.Clone(good), make([]byte, MaxPicture)...),
	}
	for name, tc := range map[string]struct{ value, code, said string }{
		"no picture":         {"words.png", "wrong_picture", "neither a PNG nor a JPEG"},
		"empty":              {"empty.png", "wrong_picture", "neither a PNG nor a JPEG"},
		"cut short":          {"half.png", "wrong_picture", "no whole PNG"},
		"cut short, a JPEG":  {"half.jpg", "wrong_picture", "JPEG"},
		"a bomb":             {"bomb.png", "wrong_picture", "60000 × 60000 pixels"},
		"a pixel too wide":   {"wide.png", "wrong_picture", "2001 × 1 pixels"},
		"the head alone":     {"head.png", "wrong_picture", "is no PNG file that can be read"},
		"that of a JPEG":     {"head.jpg", "wrong_picture", "is no JPEG file that can be read"},
		"most of a JPEG":     {"most.jpg", "wrong_picture", "is no whole JPEG file"},
		"a pixel too high":   {"tall.png", "wrong_picture", "1 × 2001 pixels"},
		"as large as one is": {"square.png", "wrong_picture", "is no whole PNG file"},
		"too many bytes":     {"large.png", "wrong_picture", "512 kB"},
		"no such file":       {"none.png", "unreadable", "no such file"},
		"another type":       {uri(good, JPEG), "wrong_picture", "is image/png and says that it is image/jpeg"},
		"no base64":          {"data:image/png;base64,===", "wrong_picture", "base64"},
		"no picture type":    {"data:text/plain,hello", "wrong_picture", "data:image/png;base64,"},
		"a longest name":     {strings.Repeat("x", 200), "unreadable", "no such file"},
		"a long name":        {strings.Repeat("x", 201), "wrong_text", "path"},
		"a list":             {"[good.png]", "wrong_type", "path"},
		"nothing":            {"~", "wrong_type", "path"},
	} {
		for path, text := range map[string]string{
			"agencies[2].logo": "agencies: [{code: a, name: A}, {code: b, name: B}, {code: c, name: C, logo: %s}]",
			"city.arms":        "city: {arms: %s}",
		} {
			value := tc.value
			if strings.HasPrefix(value, "data:") {
				value = "'" + value + "'"
			}
			_, err := applyWith(t, &Catalogue{Version: 1, City: City{Name: "Kota"}}, fmt.Sprintf(text, value), files)
			var e *Error
			if !errors.As(err, &e) || len(e.Faults) != 1 || e.Faults[0].Field != path || e.Faults[0].Code != tc.code || !strings.Contains(e.Faults[0].Message, tc.said) {
				t.Errorf("%s: err = %+v, want %s %s with %q", name, e, path, tc.code, tc.said)
			} else if len(e.Faults[0].Message) > 300 {
				t.Errorf("%s: a message of %d letters", name, len(e.Faults[0].Message))
			}
		}
	}
	if _, err := NewPicture(append(bytes.Clone(good), make([]byte, MaxPicture-len(good))...)); err != nil {
		t.Errorf("as many bytes as there may be: %v", err)
	}
	lib, methods := testLibrary(t)
	if _, err := Apply(&Catalogue{Version: 1, City: City{Name: "Kota"}}, []byte("city: {arms: good.png}"), lib, methods, codes(), nil, 0); err == nil || !strings.Contains(err.Error(), "data: URI") {
		t.Errorf("err = %v where no file is read", err)
	}
}

func TestAColourHasSixDigits(t *testing.T) {
	t.Parallel()
	city := &Catalogue{Version: 1, City: City{Name: "Kota"}}
	for value, want := range map[string]string{`"#7A1F2B"`: "#7a1f2b", "7a1f2b": "#7a1f2b", "123456": "#123456", "'1e1000'": "#1e1000"} {
		if a, err := applyWith(t, city, "city: {colour: "+value+"}", nil); err != nil || a.Catalogue.City.Colour != want {
			t.Errorf("%s: err = %v, want %s", value, err, want)
		}
	}
	for _, value := range []string{"maroon", `"#7a1"`, `"#7a1f2b00"`, "[1]", "\n  colour:"} {
		_, err := applyWith(t, city, "city:\n  colour: "+value+"\n", nil)
		if err == nil || !strings.Contains(err.Error(), "city.colour") {
			t.Errorf("%q: err = %v", value, err)
		}
	}
	if _, err := applyWith(t, city, "city:\n  colour: #7a1f2b\n", nil); err == nil || !strings.Contains(err.Error(), "in quotes") {
		t.Errorf("err = %v of a colour that is a comment", err)
	}
}

// Pictures together have a bound, those that the file doesn't name too; nothing is read
// beyond it, and the same one is read once.
func TestThePicturesOfACityHaveABoundTogether(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	text := "city: {name: Kota}\nagencies:\n"
	const many = 6
	for i := range many {
		name := fmt.Sprintf("%d.png", i)
		files[name] = noise(t, uint64(i), 500<<10)
		text += fmt.Sprintf("  - {code: a%d, name: A, logo: %s}\n", i, name)
	}
	first, err := applyWith(t, new(Catalogue), text, files)
	if err != nil {
		t.Fatal(err)
	}
	files["more.png"] = noise(t, 99, 500<<10)
	for _, what := range []string{text + "  - {code: z, name: Z, logo: more.png}\n", "agencies: [{code: z, name: Z, logo: more.png}]"} {
		_, err = applyWith(t, first.Catalogue, what, files)
		if err == nil || !strings.Contains(err.Error(), "].logo: is one too many: the pictures of a city have at most 3 MB together") {
			t.Errorf("err = %v", err)
		}
	}
	if _, err = applyWith(t, first.Catalogue, "agencies: [{code: a0, logo: ''}, {code: z, name: Z, logo: more.png}]", files); err != nil {
		t.Errorf("one in the place of another: %v", err)
	}
	left := MaxPictures
	for _, data := range first.Catalogue.Pictures() {
		left -= len(data)
	}
	last := func(size int) string {
		files["last.png"] = append(noise(t, 98, 1<<10), make([]byte, size)...)
		files["last.png"] = files["last.png"][:size]
		return "agencies: [{code: z, name: Z, logo: last.png}]"
	}
	if _, err = applyWith(t, first.Catalogue, last(left), files); err != nil {
		t.Errorf("the last bytes that there are: %v", err)
	}
	if _, err = applyWith(t, new(Catalogue), text+"  - {code: z, name: Z, logo: last.png}\n", files); err != nil {
		t.Errorf("the last bytes that there are, in one file: %v", err)
	}
	if _, err = applyWith(t, first.Catalogue, last(left+1), files); err == nil {
		t.Error("one byte more is taken")
	}
	text = "city: {name: Kota}\nagencies:\n"
	for i := range 500 {
		text += fmt.Sprintf("  - {code: b%d, name: B, logo: %s}\n", i, map[bool]string{true: "&l '" + uri(files["0.png"], PNG) + "'", false: "*l"}[i == 0])
	}
	read := 0
	lib, methods := testLibrary(t)
	if _, err := Apply(new(Catalogue), []byte(text), lib, methods, codes(), nil, 0); err != nil {
		t.Errorf("one logo of 500 agencies: %v", err)
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "&l '"+uri(files["0.png"], PNG)+"'", "0.png"), "*l", "0.png")
	if _, err := Apply(new(Catalogue), []byte(text), lib, methods, codes(), nil, 0, Files(func(string) ([]byte, error) {
		read++
		return files["0.png"], nil
	})); err != nil || read != 1 {
		t.Errorf("read %d times, err = %v", read, err)
	}
}

func TestAPictureOfAPrintingPressIsRefused(t *testing.T) {
	t.Parallel()
	// A JPEG with four components: that of a grey one, told anew.
	var head bytes.Buffer
	head.Write([]byte{0xff, 0xd8, 0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4})
	for i := range byte(4) {
		head.Write([]byte{i + 1, 0x11, 0})
	}
	head.Write([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9})
	config, err := jpeg.DecodeConfig(bytes.NewReader(head.Bytes()))
	if err != nil || config.ColorModel != color.CMYKModel {
		t.Fatalf("the test's picture is %v, %v", config, err)
	}
	if _, err := NewPicture(head.Bytes()); err == nil || !strings.Contains(err.Error(), "CMYK") {
		t.Errorf("err = %v", err)
	}
}

func TestALostPictureIsToldAndBroughtAgain(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"look/arms.png": drawn(t, PNG, 30, 40), "logo.jpg": drawn(t, JPEG, 60, 20)}
	a, err := applyWith(t, new(Catalogue), looking, files)
	if err != nil {
		t.Fatal(err)
	}
	have := a.Catalogue.Pictures()
	have[a.Catalogue.City.Arms.Sum] = []byte("another file")
	a.Catalogue.Fill(have)
	if data, kind := a.Catalogue.City.Arms.File(); data != nil || kind != "" || (*Picture)(nil).Known() || len(have) != 2 {
		t.Errorf("a lost picture has %d bytes of %q, %d files are left", len(data), kind, len(have))
	}
	if a.Catalogue.City.Arms.Known() || !a.Catalogue.Agencies[0].Logo.Known() {
		t.Error("a file that is not what its sum says is taken")
	}
	again, err := applyWith(t, a.Catalogue, looking, files)
	if err != nil || !again.Changed || len(again.Changes) != 1 || !strings.Contains(again.Changes[0].String(), "(lost) → ") || !again.Catalogue.City.Arms.Known() {
		t.Errorf("changes %v, err = %v", again.Changes, err)
	}
}

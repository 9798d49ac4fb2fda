package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
)

// photo returns a picture of w by h, drawn by the encoder that is handed in.
func photo(t *testing.T, w, h int, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i*31 + i/7)
	}
	img.Set(0, 0, color.Black)
	var out bytes.Buffer
	if err := encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func jpegPhoto(t *testing.T) []byte {
	return photo(t, 24, 16, func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) })
}

func pngPhoto(t *testing.T) []byte { return photo(t, 24, 16, png.Encode) }

// segment returns a segment of a JPEG file.
func segment(mark byte, body string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, mark}, uint16(len(body)+2)), body...)
}

// chunk returns a chunk of a PNG file.
func chunk(name, body string) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// office returns a zip file of members, by name.
func office(t *testing.T, members ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(members); i += 2 {
		f, err := w.Create(members[i])
		if err == nil {
			_, err = io.WriteString(f, members[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// types is a list of types of parts, leads one of relations, with one entry.
func types(of string) string {
	return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/data.bin" ContentType="` + of + `"/></Types>`
}

func leads(by string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + by + `" Target="data.bin"/></Relationships>`
}

func kept(taken *keptParts) []byte { return bytes.Join(taken.parts, nil) }

const pdfText = "%PDF-1.7\n1 0 obj\n%%EOF\n"

func TestOfAFileItsTypeIsCheckedByItsEndingAndByWhatItHolds(t *testing.T) {
	t.Parallel()
	photo, drawing := jpegPhoto(t), pngPhoto(t)
	docx := office(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>")
	xlsx := office(t, "[Content_Types].xml", "<x/>", "xl/workbook.xml", "<x/>")
	many := []string{"[Content_Types].xml", "", "word/document.xml", ""}
	for range mostMembers - 1 {
		many = append(many, "a", "")
	}
	header := func(w, h uint32) []byte {
		body := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
		return slices.Concat([]byte(pngMark), chunk("IHDR", string(body)+"\x08\x02\x00\x00\x00"), chunk("IDAT", "x"), chunk("IEND", ""))
	}
	frame := func(w, h string) []byte {
		return slices.Concat([]byte{0xFF, 0xD8}, segment(0xC0, "\x08"+h+w+"\x01\x01\x11\x00"), segment(0xDA, "\x01\x01\x00\x00\x3f\x00"), []byte("x\xFF\xD9"))
	}
	spoilt := slices.Clone(drawing)
	spoilt[45] ^= 1
	for _, tc := range []struct {
		name, file string
		data       []byte
		want       *refusal
	}{
		{"a document", "SK.pdf", []byte(pdfText), nil},
		{"another ending in capitals", "SK.PDF", []byte(pdfText), nil},
		{"a photo", "foto.jpg", photo, nil},
		{"a photo with the longer ending", "foto.jpeg", photo, nil},
		{"a drawing", "layar.png", drawing, nil},
		{"a letter", "surat.docx", docx, nil},
		{"a table", "tabel.xlsx", xlsx, nil},
		{"no ending", "pdf", []byte(pdfText), errType},
		{"a page", "a.html", []byte("<script>"), errType},
		{"a drawing that can hold a program", "a.svg", []byte("<svg/>"), errType},
		{"a program after a document", "a.pdf.exe", []byte(pdfText), errType},
		{"a letter with a program's ending", "a.docm", docx, errType},
		{"a page as a document", "a.pdf", []byte("<html>%PDF-1.7 %%EOF"), errDiffers},
		{"a document that is cut off", "a.pdf", []byte("%PDF-1.7\n1 0 obj"), errDamaged},
		{"a drawing as a photo", "a.jpg", drawing, errDiffers},
		{"a photo as a drawing", "a.png", photo, errDiffers},
		{"a photo as a letter", "a.docx", photo, errDiffers},
		{"a table as a letter", "a.docx", xlsx, errDiffers},
		{"a letter as a table", "a.xlsx", docx, errDiffers},
		{"a zip file after something else", "a.docx", append([]byte("<html>"), docx...), errDiffers},
		{"a letter that is cut off", "a.docx", docx[:len(docx)-9], errDamaged},
		{"a letter with a program", "a.docx", office(t, "[Content_Types].xml", "", "word/document.xml", "", "word/vbaProject.bin", ""), errMacros},
		{"a letter with a control", "a.docx", office(t, "[Content_Types].xml", "", "word/document.xml", "", "word/activeX/activeX1.bin", ""), errMacros},
		{"a letter with a program by another name", "a.docx", office(t, "[Content_Types].xml", types("application/vnd.ms-office.vbaProject"), "word/document.xml", "", "word/data.bin", ""), errMacros},
		{"a letter with data of a program", "a.docx", office(t, "[Content_Types].xml", types("application/vnd.ms-word.vbaData+xml"), "word/document.xml", "", "word/data.xml", ""), errMacros},
		{"a letter with a control by another name", "a.docx", office(t, "[Content_Types].xml", types("application/vnd.ms-office.activeX+xml"), "word/document.xml", "", "word/data.xml", ""), errMacros},
		{"a letter that was one with programs", "a.docx", office(t, "[Content_Types].xml", types("application/vnd.ms-word.document.macroEnabled.main+xml"), "word/document.xml", ""), errMacros},
		{"a table with a sheet of programs", "a.xlsx", office(t, "[Content_Types].xml", types("application/vnd.ms-excel.macrosheet+xml"), "xl/workbook.xml", ""), errMacros},
		{"a type that is written otherwise", "a.docx", office(t, "[Content_Types].xml", types("application/vnd.ms-office.VBA&#80;roject"), "word/document.xml", ""), errMacros},
		{"a list of types by another name", "a.docx", office(t, "[Content_Types].xml", types("text/xml"), "[CONTENT_TYPES].XML", types("application/vnd.ms-office.vbaProject"), "word/document.xml", ""), errMacros},
		{"a relation that leads to a program", "a.docx", office(t, "[Content_Types].xml", types("text/xml"), "word/document.xml", "", "word/_rels/document.xml.rels", leads("http://schemas.microsoft.com/office/2006/relationships/vbaProject")), errMacros},
		{"a relation that leads to a control", "a.docx", office(t, "[Content_Types].xml", types("text/xml"), "word/document.xml", "", "word/_rels/document.xml.rels", leads("http://schemas.openxmlformats.org/officeDocument/2006/relationships/control")), errMacros},
		{"a list of types that can't be read", "a.docx", office(t, "[Content_Types].xml", "<Types", "word/document.xml", ""), errDamaged},
		{"a list of types that is too long", "a.docx", office(t, "[Content_Types].xml", strings.Repeat(" ", mostIndex+1), "word/document.xml", ""), errUnpacked},
		{"a letter that opens as another kind of document", "a.docx", office(t, "mimetype", "application/vnd.oasis.opendocument.text", "[Content_Types].xml", "", "word/document.xml", ""), errDiffers},
		{"a letter with the list of another kind", "a.docx", office(t, "[Content_Types].xml", "", "word/document.xml", "", "META-INF/manifest.xml", ""), errDiffers},
		{"a letter with programs of that kind", "a.docx", office(t, "[Content_Types].xml", "", "word/document.xml", "", "Basic/Standard/Module1.xml", ""), errMacros},
		{"a letter with scripts of that kind", "a.docx", office(t, "[Content_Types].xml", "", "word/document.xml", "", "Scripts/python/a.py", ""), errMacros},
		{"a letter whose types begin with a mark of order", "a.docx", office(t, "[Content_Types].xml", "\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"+types("text/xml"), "word/document.xml", "", "word/_rels/document.xml.rels", leads("http://schemas.openxmlformats.org/officeDocument/2006/relationships/image")), nil},
		{"a letter that leaves its folder", "a.docx", office(t, "[Content_Types].xml", "", "word/document.xml", "", "../x", ""), errDamaged},
		{"a bomb", "a.xlsx", office(t, "[Content_Types].xml", "", "xl/workbook.xml", strings.Repeat("0", mostUnpacked/2), "x", strings.Repeat("0", mostUnpacked/2+1)), errUnpacked},
		{"too many members", "a.docx", office(t, many...), errUnpacked},
		{"the largest drawing", "a.png", header(10_000, 10_000), nil},
		{"a drawing with too many pixels", "a.png", header(30_000, 30_000), errPixels},
		{"a drawing that is wide beyond measure", "a.png", header(1<<31, 1<<31), errPixels},
		{"a drawing without pixels", "a.png", header(0, 5), errPixels},
		{"a drawing that is cut off", "a.png", drawing[:len(drawing)-5], errDamaged},
		{"a drawing that is spoilt", "a.png", spoilt, errDamaged},
		{"a drawing without a picture", "a.png", slices.Concat(drawing[:33], chunk("IEND", "")), errDamaged},
		{"a drawing with a chunk that nobody knows", "a.png", slices.Concat(drawing[:33], chunk("ABCD", ""), drawing[33:]), errDamaged},
		{"a drawing with two heads", "a.png", slices.Concat(drawing[:33], drawing[8:]), errDamaged},
		{"a photo with too many pixels", "a.jpg", frame("\xff\xff", "\xff\xff"), errPixels},
		{"a photo that is cut off", "a.jpg", photo[:len(photo)-2], errDamaged},
		{"a photo that is cut off in a segment", "a.jpg", photo[:30], errDamaged},
		{"a photo without a picture", "a.jpg", append([]byte{0xFF, 0xD8}, 0xFF, 0xD9), errDamaged},
	} {
		got, wrong := take(&Sent{tc.file, tc.data})
		if wrong != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, wrong, tc.want)
		}
		if wrong == nil && (!bytes.Equal(kept(got), tc.data) || got.file.Cut || got.file.Bytes != int64(len(tc.data))) {
			t.Errorf("%s: %d of %d bytes are kept", tc.name, len(kept(got)), len(tc.data))
		}
	}
}

func TestWhereAPictureWasTakenIsCutOutAndThePictureStays(t *testing.T) {
	t.Parallel()
	const where = "GPS 1.2654 S 116.8312 E"
	photo, drawing := jpegPhoto(t), pngPhoto(t)
	// The orientation, 6 (turned to the right), among other tags, both ways round.
	ii := "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x02\x00\x0f\x01\x02\x00\x04\x00\x00\x00abc\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00" + where
	mm := "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00" + where
	for _, tc := range []struct {
		name, file string
		sent, want []byte
	}{
		{"texts of a drawing", "a.png", slices.Concat(drawing[:33], chunk("tEXt", "x\x00"+where), chunk("iTXt", where), chunk("zTXt", where), chunk("eXIf", where), chunk("tIME", "abcdefg"), drawing[33:]), drawing},
		{"what follows a drawing", "a.png", slices.Concat(drawing, []byte("<script>"+where)), drawing},
		{"Exif, XMP and comments of a photo", "a.jpg", slices.Concat(photo[:2], segment(0xE1, "Exif\x00\x00"+where), segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+where), segment(0xED, where), segment(0xFE, where), photo[2:]), photo},
		{"a preview", "a.jpg", slices.Concat(photo[:2], segment(0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01"+where), photo[2:]), photo},
		{"what follows a photo", "a.jpg", slices.Concat(photo, []byte("<script>"+where)), photo},
		{"filling between segments", "a.jpg", slices.Concat(photo[:2], []byte{0xFF, 0xFF}, photo[2:]), photo},
		{"a photo that is turned", "a.jpg", slices.Concat(photo[:2], segment(0xE1, ii), photo[2:]), slices.Concat(photo[:2], exif(6), photo[2:])},
		{"a photo that is turned, the other way round", "a.jpg", slices.Concat(photo[:2], segment(0xE1, mm), photo[2:]), slices.Concat(photo[:2], exif(6), photo[2:])},
		{"Exif that points beyond its end", "a.jpg", slices.Concat(photo[:2], segment(0xE1, "Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff"+where), photo[2:]), photo},
		{"an orientation that there is not", "a.jpg", slices.Concat(photo[:2], segment(0xE1, strings.Replace(mm, "\x00\x06\x00", "\x00\x09\x00", 1)), photo[2:]), photo},
	} {
		got, wrong := take(&Sent{tc.file, tc.sent})
		if wrong != nil {
			t.Errorf("%s: %v", tc.name, wrong)
			continue
		}
		if !bytes.Equal(kept(got), tc.want) || !got.file.Cut || got.file.Bytes != int64(len(tc.want)) {
			t.Errorf("%s: %d bytes of %d are kept, want %d", tc.name, len(kept(got)), len(tc.sent), len(tc.want))
		}
		if _, _, err := image.Decode(bytes.NewReader(kept(got))); err != nil {
			t.Errorf("%s: the picture can't be seen: %v", tc.name, err)
		}
	}
	if n := orientation(exif(8)[4:]); n != 8 {
		t.Errorf("the orientation that is written is read as %d", n)
	}
}

func TestAPictureOfManyScansIsKeptWhole(t *testing.T) {
	t.Parallel()
	photo := jpegPhoto(t)
	scan := bytes.Index(photo, []byte{0xFF, 0xDA})
	// Restarts and stuffed bytes belong to a scan; a table and another scan follow it.
	many := slices.Concat(photo[:scan], segment(0xDA, "\x01\x01\x00\x00\x3f\x00"), []byte("ab\xFF\x00cd\xFF\xD0ef"), segment(0xC4, "tabel"), photo[scan:])
	got, wrong := cutJPEG(many)
	if wrong != nil || !bytes.Equal(bytes.Join(got, nil), many) {
		t.Errorf("%v: %d of %d bytes", wrong, len(bytes.Join(got, nil)), len(many))
	}
}

func TestAFilesNameIsOneNameWithoutAPathOrSignsThatMislead(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{
		"SK Tim ZI.pdf":        "SK Tim ZI.pdf",
		"../../etc/passwd.pdf": "passwd.pdf",
		`C:\Users\siti\SK.PDF`: "SK.pdf",
		"..\\..\\x.png":        "x.png",
		".pdf":                 "berkas.pdf",
		"":                     "berkas",
		"..":                   "berkas.",
		"a\x00b\r\nc.pdf":      "ab c.pdf",
		"laporan\u202Efdp.jpg": "laporanfdp.jpg",
		`a"b<c>|d?*:.pdf`:      "a_b_c__d___.pdf",
		"  titik . .pdf":       "titik.pdf",
		"é" + strings.Repeat("x", 200) + ".jpeg":    "é" + strings.Repeat("x", MostName-1) + ".jpeg",
		"rusak\xff\xfe.pdf":                         "rusak.pdf",
		"=HYPERLINK(\"http://x.example\",1).xlsx":   "x.example_,1).xlsx",
		"Berita acara № 7 – pengumuman (final).pdf": "Berita acara № 7 – pengumuman (final).pdf",
	} {
		if got, _ := cleanName(told); got != want {
			t.Errorf("%q is kept as %q, want %q", told, got, want)
		}
	}
}

func FuzzWhatIsCutOutLeavesAPictureThatIsCutNoMore(f *testing.F) {
	f.Add([]byte("\xFF\xD8\xFF\xD9"), false)
	f.Add([]byte(pngMark), true)
	f.Add(slices.Concat([]byte{0xFF, 0xD8}, segment(0xC0, "\x08\x00\x10\x00\x10\x01\x01\x11\x00"), segment(0xDA, "\x01\x01\x00\x00\x3f\x00"), []byte("x\xFF\xD9")), false)
	f.Fuzz(func(t *testing.T, b []byte, drawing bool) {
		cut := cutJPEG
		if drawing {
			cut = cutPNG
		}
		once, wrong := cut(b)
		if wrong != nil {
			return
		}
		all := bytes.Join(once, nil)
		twice, wrong := cut(all)
		if wrong != nil || !bytes.Equal(bytes.Join(twice, nil), all) || len(all) > len(b)+36 {
			t.Errorf("of %d bytes %d are kept, then %d (%v)", len(b), len(all), len(bytes.Join(twice, nil)), wrong)
		}
	})
}

package evidence

import (
	"bytes"
	"encoding/binary"
)

// The markers of JPEG (ITU-T T.81, table B.1) that are looked for.
const (
	markStart = 0xD8
	markEnd   = 0xD9
	markScan  = 0xDA
	markApp0  = 0xE0
	markApp1  = 0xE1
	markAdobe = 0xEE
	markText  = 0xFE
)

// cutJPEG returns a picture's parts without its metadata: where and with what it was taken,
// previews, comments, and all that follows its end. Which way up it is shown stays.
func cutJPEG(b []byte) ([][]byte, *refusal) {
	if !bytes.HasPrefix(b, []byte{0xFF, markStart, 0xFF}) {
		return nil, errDiffers
	}
	out := [][]byte{b[:2], nil} // the second one for the orientation
	var framed, scanned bool
	for i := 2; i+1 < len(b); {
		if b[i] != 0xFF {
			return nil, errDamaged
		}
		mark := b[i+1]
		switch {
		case mark == 0xFF: // filling
			i++
			continue
		case mark == markEnd:
			if !framed || !scanned {
				return nil, errDamaged
			}
			return append(out, b[i:i+2]), nil
		case mark == 0x00 || mark == markStart:
			return nil, errDamaged
		case mark == 0x01 || mark >= 0xD0 && mark <= 0xD7: // they stand alone
			out, i = append(out, b[i:i+2]), i+2
			continue
		}
		if i+4 > len(b) || number16(b[i+2:]) < 2 || i+2+number16(b[i+2:]) > len(b) {
			return nil, errDamaged
		}
		segment := b[i : i+2+number16(b[i+2:])]
		i += len(segment)
		switch {
		case mark == markScan:
			end := i + scanLength(b[i:])
			out, i, scanned = append(out, segment, b[i:end]), end, true
		case mark == markApp1:
			if way := orientation(segment[4:]); way > 1 {
				out[1] = exif(way)
			}
		case mark == markAdobe, mark == markApp0 && len(segment) == 18: // without a preview
			out = append(out, segment)
		case mark >= markApp0 && mark <= 0xEF, mark == markText:
		default:
			if isFrame(mark) {
				if framed = true; len(segment) < 9 {
					return nil, errDamaged
				}
				if tooLarge(uint32(number16(segment[7:])), uint32(number16(segment[5:]))) {
					return nil, errPixels
				}
			}
			out = append(out, segment)
		}
	}
	return nil, errDamaged
}

// isFrame reports whether a marker begins a frame, which tells how large the picture is.
func isFrame(mark byte) bool {
	return mark >= 0xC0 && mark <= 0xCF && mark != 0xC4 && mark != 0xC8 && mark != 0xCC
}

// scanLength returns how far a scan reaches: to the next marker that is none of its own.
func scanLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xFF && b[i+1] != 0 && (b[i+1] < 0xD0 || b[i+1] > 0xD7) {
			return i
		}
	}
	return len(b)
}

const (
	exifMark       = "Exif\x00\x00"
	tagOrientation = 0x0112
)

// orientation returns which way up Exif data show a picture, 1..8; 0: they don't tell.
func orientation(b []byte) uint16 {
	b, ok := bytes.CutPrefix(b, []byte(exifMark))
	if !ok || len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return 0
	}
	b, n := b[at+2:], int(order.Uint16(b[at:]))
	for ; n > 0 && len(b) >= 12; n, b = n-1, b[12:] {
		if order.Uint16(b) == tagOrientation {
			if way := order.Uint16(b[8:]); way <= 8 {
				return way
			}
			return 0
		}
	}
	return 0
}

// exif returns a segment that tells which way up a picture is shown, and nothing else.
func exif(way uint16) []byte {
	out := []byte{0xFF, markApp1, 0, 34}
	out = append(out, exifMark+"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"...)
	out = binary.BigEndian.AppendUint16(out, way)
	return append(out, 0, 0, 0, 0, 0, 0)
}

package evidence

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// cutPNG returns a picture's parts without its metadata: texts, times, Exif data, previews of
// other pictures, and all that follows its end.
func cutPNG(b []byte) ([][]byte, *refusal) {
	if !bytes.HasPrefix(b, []byte(pngMark)) {
		return nil, errDiffers
	}
	out := [][]byte{b[:len(pngMark)]}
	drawn := false
	for i := len(pngMark); ; {
		if i+12 > len(b) {
			return nil, errDamaged
		}
		n := uint64(binary.BigEndian.Uint32(b[i:]))
		if n > uint64(len(b)-i-12) {
			return nil, errDamaged
		}
		chunk := b[i : i+12+int(n)] //nolint:gosec // as long as the file at most
		i += len(chunk)
		name, body := string(chunk[4:8]), chunk[4:len(chunk)-4]
		if len(out) == 1 && name != "IHDR" || name == "IHDR" && (len(out) > 1 || n != 13) {
			return nil, errDamaged
		}
		switch name {
		case "IHDR":
			if tooLarge(binary.BigEndian.Uint32(body[4:]), binary.BigEndian.Uint32(body[8:])) {
				return nil, errPixels
			}
		case "IDAT":
			drawn = true
		case "PLTE", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs": // what it looks like
		default:
			if name[0]&0x20 == 0 { // nobody may leave out what he doesn't know
				return nil, errDamaged
			}
			continue
		}
		if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(chunk[len(chunk)-4:]) {
			return nil, errDamaged
		}
		out = append(out, chunk)
		if name == "IEND" {
			if !drawn {
				return nil, errDamaged
			}
			return out, nil
		}
	}
}

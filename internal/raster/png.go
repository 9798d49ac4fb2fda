package raster

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"
	"math"
)

// WritePNG writes the sheet, with the size that it has on paper.
func (p *Page) WritePNG(w io.Writer) error {
	var data bytes.Buffer
	if err := png.Encode(&data, p.img); err != nil {
		return fmt.Errorf("write PNG: %w", err)
	}
	// Behind the signature and the header, which are always as long.
	const head = 8 + 25
	whole := data.Bytes()
	for _, part := range [][]byte{whole[:head], p.physical(), whole[head:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write PNG: %w", err)
		}
	}
	return nil
}

// physical is the part of a PNG that tells how many pixels a metre has (PNG, third edition,
// 11.3.4.3), without which a program prints it in a size of its own.
func (p *Page) physical() []byte {
	const length, metre = 9, 1000
	dots := uint32(math.Round(p.dots * metre))
	out := binary.BigEndian.AppendUint32(nil, length)
	out = append(out, "pHYs"...)
	out = binary.BigEndian.AppendUint32(out, dots)
	out = binary.BigEndian.AppendUint32(out, dots)
	out = append(out, 1) // the unit is the metre
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

package web

import "hash/crc32"

// crcSuffix is what a text does to the checksum of any text that it is appended to, a CRC-32
// of gzip (RFC 1952). Such a checksum is the remainder of a polynomial over GF(2): that of
// two texts is that of the first, times x for each bit of the second, plus that of the second.
type crcSuffix struct{ factor, sum uint32 }

const (
	polyOne  = 1 << 31 // the polynomial 1: the lowest power is the highest bit
	polyByte = 1 << 23 // x to the power of 8
)

func newCRCSuffix(text []byte) crcSuffix {
	factor, power := uint32(polyOne), uint32(polyByte)
	for n := len(text); n > 0; n >>= 1 {
		if n&1 == 1 {
			factor = polyProduct(factor, power)
		}
		power = polyProduct(power, power)
	}
	return crcSuffix{factor, crc32.ChecksumIEEE(text)}
}

// to returns the checksum of a text with this one appended, from the checksum of the text.
func (a crcSuffix) to(sum uint32) uint32 { return polyProduct(a.factor, sum) ^ a.sum }

// polyProduct returns the product of two polynomials, modulo that of the checksum.
func polyProduct(a, b uint32) uint32 {
	var out uint32
	for ; a != 0; a <<= 1 {
		if a&polyOne != 0 {
			out ^= b
		}
		b = b>>1 ^ crc32.IEEE*(b&1)
	}
	return out
}

package export

import (
	"strconv"
	"strings"
)

// sheetDigits is how many significant digits a spreadsheet keeps of a number.
const sheetDigits = 15

// rounded returns a number as a workbook holds it: the decimal that CSV and JSON write,
// rounded half up to as many digits as a spreadsheet keeps. The library that writes
// workbooks cuts off what is more. 11/3, 3.6666666666666665, is 3.66666666666667.
func rounded(v float64) float64 {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	kept := strings.TrimPrefix(digits, "-")
	if len(kept) <= sheetDigits {
		return v
	}
	n, err := strconv.ParseInt(kept[:sheetDigits], 10, 64)
	power, fault := strconv.Atoi(exponent)
	if err != nil || fault != nil {
		return v // no number
	}
	if kept[sheetDigits] >= '5' {
		n++
	}
	out, err := strconv.ParseFloat(digits[:len(digits)-len(kept)]+strconv.FormatInt(n, 10)+"e"+strconv.Itoa(power-sheetDigits+1), 64)
	if err != nil {
		return v
	}
	return out
}

package view

import "net/url"

// Pack is the link to a unit's evidence package.
type Pack struct {
	Path string
	Rows bool // it holds rows of answers
}

// UnitPack is where a unit's evidence package is, as UnitAddress takes it.
const UnitPack = "paket-bukti.zip"

// PackAddress returns where a unit's evidence package of a period is.
func PackAddress(unit, period, lang string) string {
	return UnitAddress(unit, UnitPack) + "?" + url.Values{"period": {period}, "lang": {lang}}.Encode()
}

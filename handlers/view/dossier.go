package view

import "net/url"

// Dossier is the link to a unit's evidence package.
type Dossier struct {
	Path string
	Rows bool // it holds rows of answers
}

// UnitDossier is where a unit's evidence package is, as UnitAddress takes it.
const UnitDossier = "paket-bukti.zip"

// NewDossier returns the link to a unit's evidence package of a period for who may take it,
// and tells whether it holds rows of answers for them; nil: it is not for who asks.
func NewDossier(unit, period, lang string, takes, rows bool) *Dossier {
	if !takes {
		return nil
	}
	return &Dossier{UnitAddress(unit, UnitDossier) + "?" + url.Values{"period": {period}, "lang": {lang}}.Encode(), rows}
}

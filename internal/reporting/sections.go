package reporting

import (
	"slices"

	"persepsi/survey"
)

// The IDs of sections: the same in every edition, for what is written finds its place by
// them. Those of an index are followed by its code, as in hasil-ikm.
const (
	Introduction  = "pendahuluan"
	Basis         = "dasar"
	Purpose       = "tujuan"
	Collection    = "pengumpulan"
	Executor      = "pelaksana"
	Method        = "metode"
	Places        = "lokasi"
	Time          = "waktu"
	Sample        = "sampel"
	Outcome       = "hasil"
	People        = "responden"
	Analysis      = "analisis"
	Discussion    = "pembahasan"
	Trend         = "tren"
	Voices        = "komentar"
	FollowUpPlan  = "tindak-lanjut"
	Conclusion    = "kesimpulan"
	Questionnaire = "lampiran-kuesioner"
	Sheet         = "lampiran-olahan"
	Codes         = "lampiran-kode"
	Calculation   = "lampiran-metode"
)

// ofIndex returns the ID of an index's section.
func ofIndex(code string) string { return Outcome + "-" + code }

// check tells what is wrong with an input. Errors: Invalid.
func (in *Input) check() error {
	if !slices.Contains(Kinds(), in.Kind) {
		return survey.Errorf(survey.Invalid, "there is no report of kind %q; known: skm, zi", survey.Printable(string(in.Kind)))
	}
	codes := in.Kind.Of(in.Form)
	if len(codes) == 0 {
		return survey.Errorf(survey.Invalid, "the form %s of period %s asks nothing that a report of kind %s is of", in.Form.ID, in.Period.Code, in.Kind)
	}
	return nil
}

package wording

import "testing"

// What an amendment changed is told in words, with names, numbers and dates as people
// write them; codes of what is gone, and lines of other kinds, stay as they are.
func TestAnAmendmentIsToldInWords(t *testing.T) {
	t.Parallel()
	names := map[string]string{"okk": "Unit Okk", "satu": "Unit Satu", "agencies.dinkes": "Dinas Kesehatan"}
	for line, want := range map[string][2]string{
		"changed periods.p.population.okk: 2703 → 250":       {"Jumlah orang yang dilayani di Unit Okk: dari 2.703 menjadi 250.", "People served at Unit Okk: from 2,703 to 250."},
		"added periods.p.population.lama: 7":                 {"Jumlah orang yang dilayani di lama: ditetapkan 7.", "People served at lama: set to 7."},
		"added periods.p.population.okk.ktp: 7":              {"Jumlah orang yang dilayani di Unit Okk untuk satu pelayanan (ktp): ditetapkan 7.", "People served at Unit Okk with one service (ktp): set to 7."},
		"removed periods.p.methods.ikm: w0.11":               {"Cara menghitung IKM: ketetapan Bobot cetak 0,11 dihapus.", "How the IKM is computed: Printed weight 0.11 was removed."},
		"changed periods.p.to: 2026-06-30 → 2026-07-31":      {"Hari terakhir survei: dari 30 Juni 2026 menjadi 31 Juli 2026.", "Last day of the survey: from 30 June 2026 to 31 July 2026."},
		"changed periods.p.units: okk → okk, satu":           {"Unit yang disurvei: dari Unit Okk menjadi Unit Okk, Unit Satu.", "Units of the survey: from Unit Okk to Unit Okk, Unit Satu."},
		"moved agencies.dua.units.okk: from agencies.dinkes": {"Unit Okk berpindah instansi; sebelumnya Dinas Kesehatan.", "Unit Okk moved to another agency; before that: Dinas Kesehatan."},
		"anything else": {"anything else", "anything else"},
	} {
		for i, lang := range []string{"id", "en"} {
			if got, err := speaker(t, lang).Amended(line, names); err != nil || got != want[i] {
				t.Errorf("%s in %s: %q, %v, want %q", line, lang, got, err, want[i])
			}
		}
	}
}

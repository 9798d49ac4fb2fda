package comment

import (
	"slices"
	"testing"
)

func TestAffixesAreStripped(t *testing.T) {
	t.Parallel()
	for word, root := range map[string]string{
		"menunggunya": "tunggu", "nungguin": "tunggu", "pelayanannya": "layan", "dilayani": "layan", "melayani": "layan", "keramahan": "ramah", "ramah2": "ramah",
		"bersihkanlah": "bersih", "kebersihan": "bersih", "antrean": "antre", "mengantre": "antre", "ngantri": "antri", "penjelasan": "jelas", "dijelaskan": "jelas",
		"persyaratan": "syarat", "menyapa": "sapa", "memproses": "proses", "diperbaiki": "baik", "lamaaaa": "lama", "petugase": "petugas", "pelayanane": "layan", "bangettt": "banget",
	} {
		if got := Stems(word); !slices.Contains(got, root) {
			t.Errorf("%s may be a form of %v, want %s among them", word, got, root)
		}
	}
	for _, short := range []string{"di", "an", "ini", "ke"} {
		if got := Stems(short); len(got) != 1 || got[0] != short {
			t.Errorf("%s is cut to %v", short, got)
		}
	}
}

func TestDrawnOutLettersAreTakenOutAndDoubleOnesStay(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"lamaa": "lama", "lamaaaa": "lama", "maaf": "maaf", "maaaaf": "maaf", "maaff": "maaf", "saat": "saat", "antre": "antre"} {
		if got := squeezed(word); got != want {
			t.Errorf("%s is squeezed to %s, want %s", word, got, want)
		}
	}
	if got := Stems("airnya"); !slices.Contains(got, "air") {
		t.Errorf("airnya may be a form of %v", got)
	}
}

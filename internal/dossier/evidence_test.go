package dossier_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/internal/evidence"
)

func TestEvidenceOfAUnitIsInItsPackageAndWhatWasWithdrawnIsNot(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	table, err := analytics.LoadLKE()
	w.check(err)
	var picture bytes.Buffer
	w.check(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 20, 20))))
	shelf := &evidence.Shelf{Store: w.Store, Rows: evidence.Rows(table), Most: evidence.MostCity, Now: w.now}
	add := func(d *evidence.Draft) evidence.Entry {
		t.Helper()
		d.Place, d.By, d.Today = evidence.Place{Period: "2026-s1", Unit: "dukcapil-loket"}, "Siti", w.Register.Directory().Today(w.now())
		e, err := shelf.Add(t.Context(), d)
		w.check(err)
		return e
	}
	without := w.pack(w.office(), ask(access.Manager)).manifest(t)
	if !slices.ContainsFunc(without.LeftOut, func(l dossier.LeftOut) bool { return l.Why == "no_proof" }) {
		t.Errorf("nothing says that there is no proof of publication: %+v", without.LeftOut)
	}
	add(&evidence.Draft{
		Row: evidence.Publication, Title: "=Papan pengumuman", Way: evidence.Offline, Day: "2026-03-01", Where: "Ruang tunggu",
		File: &evidence.Sent{Name: "../Foto \u202epapan.png", Data: picture.Bytes()},
	})
	gone := add(&evidence.Draft{Row: evidence.FollowUp, Title: "Keliru", Link: "https://contoh.example/a"})
	w.check(shelf.Withdraw(t.Context(), gone.Place, evidence.Withdrawal{N: gone.N, By: "Siti", Reason: "keliru"}))
	p := w.pack(w.office(), ask(access.Manager))
	text := string(p.files["04-bukti.csv"])
	if !strings.Contains(text, "1,publication,'=Papan pengumuman,,offline,2026-03-01,Ruang tunggu,,04-bukti-001-") || strings.Contains(text, "Keliru") {
		t.Errorf("the table of evidence: %s", text)
	}
	found := 0
	for _, name := range p.names {
		if strings.HasPrefix(name, "04-bukti-001-") && strings.HasSuffix(name, ".png") && !strings.ContainsAny(name, "/\u202e ") {
			if _, err := png.Decode(bytes.NewReader(p.files[name])); err != nil {
				t.Error(err)
			}
			found++
		}
	}
	if found != 1 {
		t.Errorf("the photo is not among %q", p.names)
	}
}

package dossier_test

import (
	"bytes"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/internal/evidence"
	"persepsi/internal/testtools"
)

func TestEvidenceOfAUnitIsInItsPackageAndWhatWasWithdrawnIsNot(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	table, err := analytics.LoadLKE()
	w.check(err)
	picture := testtools.PNG(t, 20, 20, color.Black)
	entries := &evidence.Entries{Store: w.Store, Rows: evidence.Rows(table), Most: evidence.MostCity, Now: w.now}
	add := func(d *evidence.Draft) evidence.Entry {
		t.Helper()
		d.Place, d.By, d.Today = evidence.Place{Period: "2026-s1", Unit: "dukcapil-loket"}, "Siti", w.Register.Directory().Today(w.now())
		e, err := entries.Add(t.Context(), d)
		w.check(err)
		return e
	}
	add(&evidence.Draft{Row: evidence.FollowUp, Title: "Kursi baru", Link: "https://contoh.example/kursi"}) // which proves no publication
	without := w.made(w.maker(), ask(access.Manager)).manifest(t)
	if !slices.ContainsFunc(without.LeftOut, func(l dossier.LeftOut) bool { return l.Why == "no_proof" }) {
		t.Errorf("nothing says that there is no proof of publication: %+v", without.LeftOut)
	}
	add(&evidence.Draft{
		Row: evidence.Publication, Title: "=Papan pengumuman", Way: evidence.Offline, Day: "2026-03-01", Where: "Ruang tunggu",
		File: &evidence.Sent{Name: "../Foto \u202epapan.png", Data: picture},
	})
	gone := add(&evidence.Draft{Row: evidence.FollowUp, Title: "Keliru", Link: "https://contoh.example/a"})
	w.check(entries.Withdraw(t.Context(), gone.Place, evidence.Withdrawal{N: gone.N, By: "Siti", Reason: "keliru"}))
	long := strings.Repeat("a", evidence.MostName)
	add(&evidence.Draft{Row: evidence.FollowUp, Title: "Meja baru", File: &evidence.Sent{Name: long + ".png", Data: picture}})
	p := w.made(w.maker(), ask(access.Manager))
	text := string(p.files["04-bukti.csv"])
	if !strings.Contains(text, "2,publication,'=Papan pengumuman,,offline,2026-03-01,Ruang tunggu,,04-bukti-002-") || strings.Contains(text, "Keliru") {
		t.Errorf("the table of evidence: %s", text)
	}
	if at := slices.IndexFunc(p.names, func(name string) bool { return strings.HasPrefix(name, "04-bukti-005-") }); at < 0 || len(p.names[at]) != 100 || !strings.HasSuffix(p.names[at], "aaaa.png") || !strings.Contains(text, p.names[at]) {
		t.Errorf("the file with a long name is not one of 100 letters: %q, %s", p.names, text)
	}
	found := 0
	for _, name := range p.names {
		if strings.HasPrefix(name, "04-bukti-002-") && strings.HasSuffix(name, ".png") && !strings.ContainsAny(name, "/\u202e ") {
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

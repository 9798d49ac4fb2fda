package reporting_test

import (
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/desk"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// without takes the figure of an index away; others stay.
func without(in *reporting.Input, code string) {
	in.Detail.Figures = slices.DeleteFunc(slices.Clone(in.Detail.Figures), func(f desk.IndexDetail) bool { return f.Code == code })
}

// lowest are the first of the aspects of the IKM, as if no other were as low.
func lowest(in *reporting.Input, n int) {
	x := ikm(in)
	x.Lowest = nil
	for i := range n {
		x.Lowest = append(x.Lowest, &x.Figure.Aspects[i])
	}
}

// rated grades an aspect of the IKM.
func rated(in *reporting.Input, at int, mutu string) {
	x := ikm(in)
	x.Unsur = slices.Clone(x.Unsur)
	a := *x.Unsur[at].AspectResult
	a.Mutu, x.Unsur[at].AspectResult = mutu, &a
}

// past are the periods of the IKM as a report has them.
func past(in *reporting.Input, rows ...report.HistoryRow) {
	in.Detail.Past = []report.IndexHistory{{Index: analytics.IKM, Rows: rows}}
}

func TestASentenceIsSaidWhereItIsTrueAndNowhereElse(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	period, ok := c.figures.Figures().Directory().Period("2025-s2")
	if !ok {
		t.Fatal("there is no such period")
	}
	n := int64(120)
	row := func(name string, days int) report.HistoryRow {
		return report.HistoryRow{Name: name, To: period.To + survey.Date(days), HistoryFigure: &report.HistoryFigure{Shown: "81.25", Mutu: "B", N: &n}}
	}
	earlier, apart, empty, later := row("Laporan 2019", -400), row("Semester I", -200), row("Semester 0", -300), row("Semester nanti", 1)
	earlier.Kind, earlier.N = report.KindEarlier, nil
	apart.NotCompared = "form"
	empty.HistoryFigure = nil
	for name, tc := range map[string]struct {
		kind          reporting.Kind
		change        func(in *reporting.Input)
		says, saysNot []string
	}{
		"an unsur is to be mended": {
			"", func(in *reporting.Input) { rated(in, 0, "C"); rated(in, 1, "B") },
			[]string{"mutu C; perlu diperbaiki.", "mutu B.\n"},
			[]string{"mutu B; perlu", "mutu A; perlu"},
		},
		"nobody answered an unsur": {
			"", func(in *reporting.Input) {
				rated(in, 0, "A")
				ikm(in).Unsur[0].Mean = nil
			},
			[]string{"\n- Waktu penyelesaian: tidak ada jawaban, atau terlalu sedikit untuk ditampilkan.\n"},
			[]string{"- Waktu penyelesaian: 3,68"},
		},
		"an index that the city asks in its own way": {
			reporting.ZI, func(in *reporting.Input) {
				in.Detail.Figures = slices.Clone(in.Detail.Figures)
				for i := range in.Detail.Figures {
					x := &in.Detail.Figures[i]
					x.Shipped, x.Unsur = false, slices.Clone(x.Unsur)
					for k := range x.Unsur {
						a := *x.Unsur[k].AspectResult
						a.Name, x.Unsur[k].AspectResult = survey.Text{"id": "Menurut kota"}, &a
					}
				}
			},
			[]string{"- Menurut kota: 3,61", "- Menurut kota: 3,81"},
			[]string{"- Bebas pungutan liar:"},
		},
		"steps that not every index has": {
			"", func(in *reporting.Input) {
				x := figure(in)
				e := *x.Explanation
				e.Slope, e.Offset, e.Chosen, x.Explanation = "3/5", "2/5", survey.Text{"id": "bobot 0,11"}, &e
			},
			[]string{"- Jawaban 1–6 dibawa ke skala 4: 3/5 × rata-rata + 2/5.", "- Periode ini memilih bobot 0,11."},
			nil,
		},
		"a period that was changed": {
			"", func(in *reporting.Input) {
				p := *in.Period
				p.Amendments = []survey.Amendment{{Day: survey.NewDate(2025, 9, 3), Reason: "salah ketik", Changes: []string{"periods.2025-s2.to: 2025-12-30 -> 2025-12-31"}}}
				in.Period = &p
			},
			[]string{"diubah pada 3 September 2025, ketika jawaban sudah ada. Alasan: salah ketik"},
			nil,
		},
		"where answers came from is not known": {
			"", func(in *reporting.Input) { in.Detail.Known = false },
			[]string{"Survei dilakukan di Loket 1 Pendaftaran, Loket 2 Perekaman dan Loket 3 Pengambilan."},
			nil,
		},
		"and there is no point": {
			"", func(in *reporting.Input) {
				unit := *in.Place.Unit
				unit.Points, in.Detail.Known, in.Place.Unit = nil, false, &unit
			},
			[]string{"Survei dilakukan di Unit Pelayanan Administrasi Kependudukan."},
			nil,
		},
		"one of two indexes has no figure": {
			reporting.ZI, func(in *reporting.Input) { without(in, analytics.IPKP) },
			[]string{
				"(IPKP) (hasil-ipkp)\nIPKP untuk Unit Pelayanan Administrasi Kependudukan belum ada: pertanyaannya belum cukup dijawab.",
				"Indeks Persepsi Anti Korupsi (IPAK)\nNilai terendah:", "IPKP untuk Unit Pelayanan Administrasi Kependudukan belum ada: pertanyaannya belum cukup dijawab.\nIPAK 3,92",
			},
			[]string{"(hasil-ipak)\nIPAK untuk", "Indeks Persepsi Kualitas Pelayanan (IPKP)\nNilai terendah", "pada periode ini.\n"},
		},
		"the other has none": {
			reporting.ZI, func(in *reporting.Input) { without(in, analytics.IPAK) },
			[]string{"(IPAK) (hasil-ipak)\nIPAK untuk Unit Pelayanan", "(hasil-ipkp)\nIPKP 3,72"},
			[]string{"Indeks Persepsi Anti Korupsi (IPAK)\nNilai terendah"},
		},
		"neither has one": {
			reporting.ZI, func(in *reporting.Input) { without(in, analytics.IPAK); without(in, analytics.IPKP) },
			[]string{"(hasil-ipkp)\nIPKP untuk Unit Pelayanan", "(hasil-ipak)\nIPKP untuk Unit Pelayanan"},
			[]string{"mutu A", "\nIPAK untuk"},
		},
		"two unsur are the lowest": {
			"", func(in *reporting.Input) { lowest(in, 2) },
			[]string{"Nilai terendah: Persyaratan (3,75) dan Sistem, mekanisme, dan prosedur (3,70). Selisihnya", "Unsur mana yang terendah: nilai 2 unsur"},
			[]string{"Nilai terendah: Persyaratan (3,75 dari 4)", "tidak dapat dibedakan dengan jumlah responden ini"},
		},
		"three are": {
			"", func(in *reporting.Input) { lowest(in, 3) },
			[]string{"Nilai terendah: Persyaratan (3,75), Sistem, mekanisme, dan prosedur (3,70) dan Waktu penyelesaian (3,68). Selisihnya"},
			nil,
		},
		"any may be the lowest": {
			"", func(in *reporting.Input) { lowest(in, 9) },
			[]string{"Tidak ada yang jelas paling lemah", "Unsur mana yang terendah: nilai semua unsur tidak dapat dibedakan"},
			[]string{"Nilai terendah", "nilai 9 unsur"},
		},
		"one unsur alone was answered": {
			"", func(in *reporting.Input) {
				x := figure(in)
				x.AspectsAnswered, x.Adequate = 1, false
			},
			[]string{"hanya 1 dari 9 unsur"},
			[]string{"Nilai terendah", "Satu unsur naik", "Unsur mana yang terendah", "yang terendah lebih dulu"},
		},
		"raising an unsur says nothing where all are too near the top": {
			"", func(in *reporting.Input) {
				x := ikm(in)
				x.Unsur = slices.Clone(x.Unsur)
				for i := range x.Unsur {
					lever := *x.Unsur[i].Lever
					lever.Capped, x.Unsur[i].Lever = true, &lever
				}
			},
			[]string{"Nilai terendah"},
			[]string{"Satu unsur naik"},
		},
		"older figures": {
			"", func(in *reporting.Input) { past(in, earlier, empty, apart, row("Semester II 2025", 0), later) },
			[]string{
				"IKM menurut periode", "\n  Laporan 2019 (dari laporan lama) | 81,25 | B | – | \n", "\n  Semester 0 | – | – | – | belum ada angka\n",
				"\n  Semester I | 81,25 | B | 120 | tidak dibandingkan: formulirnya berbeda\n", "\n  Semester II 2025 | 81,25 | B | 120 | \n",
			},
			[]string{"Semester nanti", "yang pertama"},
		},
		"the only figure is an older one": {
			"", func(in *reporting.Input) { hide(in, desk.Closing, 7, "fewer_than_10"); past(in, earlier) },
			[]string{"IKM menurut periode"},
			[]string{"yang pertama", "IKM menurut bulan"},
		},
		"the figure is the first": {
			"", func(in *reporting.Input) { past(in, empty, row("Semester II 2025", 0)) },
			[]string{"Ini angka IKM yang pertama"},
			[]string{"IKM menurut periode"},
		},
		"one month has a figure": {
			"", func(in *reporting.Input) {
				x := ikm(in)
				x.Spans = slices.Clone(x.Spans[len(x.Spans)-1:])
				x.Spans[0].Months = x.Spans[0].Months[:1]
			},
			[]string{"IKM menurut periode"},
			[]string{"IKM menurut bulan", "belum dapat dibaca"},
		},
		"there never was a figure": {
			"", func(in *reporting.Input) { hide(in, desk.Closing, 7, "fewer_than_10"); past(in, empty) },
			[]string{"(tren)\nPeriode ini ditutup dengan 7 jawaban."},
			[]string{"IKM menurut periode"},
		},
		"nobody answered, and that is known": {
			"", func(in *reporting.Input) { hide(in, desk.Closing, 0, "") },
			[]string{"Tidak ada jawaban pada periode ini."},
			[]string{"pertanyaannya belum cukup dijawab"},
		},
		"months could not be read": {
			"", func(in *reporting.Input) { in.Detail.Incomplete = true },
			[]string{"Sebagian angka bulanan belum dapat dibaca ketika laporan ini dibuat."},
			nil,
		},
		"a town without a day": {
			"", func(in *reporting.Input) { in.Written.Town = "Cendana" },
			[]string{"\n  Cendana, …………, Kepala Dinas"},
			nil,
		},
		"a day without a town": {
			"", func(in *reporting.Input) {
				in.Written.Day = "5 Januari 2026"
				in.Written.Signers = []manuscript.Signer{{Office: "Kepala", Name: "Siti"}}
			},
			[]string{"\n  …………, 5 Januari 2026, Kepala; Siti; \n"},
			[]string{"NIP"},
		},
		"nothing was done": {
			"", func(in *reporting.Input) {
				p := *in.Period
				p.Improved, in.Period, in.Before = nil, &p, nil
			},
			[]string{"Rencana tindak lanjut belum diisi"},
			[]string{"Yang sudah dilakukan"},
		},
		"nothing of the LKE is known": {
			reporting.ZI, func(in *reporting.Input) { in.Result.ShownLKE = nil },
			[]string{"IPAK 3,92"},
			[]string{"Dalam LKE", "Minimum WBK"},
		},
		"a minimum that is not reached": {
			reporting.ZI, func(in *reporting.Input) {
				lke := *in.Result.ShownLKE
				in.Result.ShownLKE = &lke
				lke.WBK.Tests, lke.WBBM.Tests = nil, slices.Clone(lke.WBBM.Tests)
				for i, test := range lke.WBBM.Tests {
					failed, other := false, *test
					if other.Passed = &failed; other.Row == "II" {
						other.Passed = nil
					}
					lke.WBBM.Tests[i] = &other
				}
				at := slices.IndexFunc(lke.WBBM.Tests, func(t *analytics.Test) bool { return t.Row == "I.a" })
				lke.WBBM.Tests = lke.WBBM.Tests[at:]
			},
			[]string{"bernilai 17,15 poin. Minimum WBBM 15,75: belum tercapai. Kesimpulan itu sementara"},
			[]string{"Hasil II bernilai", "tercapai. Minimum", ": tercapai"},
		},
		"no minimum that is judged": {
			reporting.ZI, func(in *reporting.Input) { in.Result.ShownLKE = &analytics.LKE{} },
			[]string{"IPAK 3,92"},
			[]string{"Dalam LKE", "Kesimpulan itu sementara"},
		},
		"nobody told anything of themselves": {
			"", func(in *reporting.Input) { in.Detail.Splits = nil },
			[]string{"Isian tentang diri responden tidak ditampilkan"},
			[]string{"Responden menurut"},
		},
		"a group is too small": {
			"", func(in *reporting.Input) {
				in.Detail.Splits = slices.Clone(in.Detail.Splits)
				for i := range in.Detail.Splits {
					groups := slices.Clone(in.Detail.Splits[i].Groups)
					groups[0].Suppressed, in.Detail.Splits[i].Groups = true, groups
				}
			},
			[]string{"Kelompok yang lebih kecil dari 5 orang", "\n  Perempuan | 175\n"},
			[]string{"Laki-laki | 151"},
		},
		"sheets with printed weights say nothing of it": {
			"", func(in *reporting.Input) { figure(in).Reconciliation = nil },
			nil,
			[]string{"Lembar lama memakai bobot"},
		},
		"nobody knows how it came about": {
			"", func(in *reporting.Input) { figure(in).Explanation = nil },
			[]string{"Pembulatan setengah ke atas"},
			[]string{"Rata-rata tiap unsur adalah"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.kind == "" {
				tc.kind = reporting.SKM
			}
			in := c.input(t, tc.kind, "2025-s2", "dukcapil-loket")
			tc.change(in)
			holds(t, in, tc.says, tc.saysNot)
		})
	}
}

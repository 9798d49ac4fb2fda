package reporting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/reporting"

	"persepsi/analytics"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/survey"
)

// hide takes a unit's figures away, for a reason.
func hide(in *reporting.Input, state desk.State, answers int64, why string) {
	in.Detail.State, in.Detail.Figures, in.Detail.Splits = state, nil, nil
	in.Result.Withheld, in.Result.Indexes, in.Result.Released, in.Result.AsOf, in.Result.Final = why, nil, nil, nil, false
	in.Result.Responses.Valid = answers
}

// figure is the IKM of an input: a copy, that may be changed.
func figure(in *reporting.Input) *analytics.Index {
	in.Detail.Figures = slices.Clone(in.Detail.Figures)
	for i := range in.Detail.Figures {
		if f := &in.Detail.Figures[i]; f.Code == analytics.IKM {
			x := *f.Figure
			x.Aspects = slices.Clone(x.Aspects)
			f.Figure = &x
			if f.Change != nil {
				change := *f.Change
				f.Change = &change
			}
			return &x
		}
	}
	return nil
}

func ikm(in *reporting.Input) *desk.IndexDetail {
	figure(in)
	return &in.Detail.Figures[slices.IndexFunc(in.Detail.Figures, func(f desk.IndexDetail) bool { return f.Code == analytics.IKM })]
}

// holds makes the report of an input and looks for what it says and what not.
func holds(t *testing.T, in *reporting.Input, says, saysNot []string) *document.Document {
	t.Helper()
	d := made(t, "id", in)
	got := outline(d)
	for _, s := range says {
		if !strings.Contains(got, s) {
			t.Errorf("it does not say %q:\n%s", s, got[:min(len(got), 3000)])
		}
	}
	for _, s := range saysNot {
		if strings.Contains(got, s) {
			t.Errorf("it says %q", s)
		}
	}
	return d
}

// Each world has its sentences, and not those of others.
func TestEverySentenceIsTrueForItsWorld(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for name, tc := range map[string]struct {
		change  func(in *reporting.Input)
		says    []string
		saysNot []string
		draft   string
	}{
		"final": {
			func(*reporting.Input) {},
			[]string{"Angka akhir periode", "Mutu A cukup pasti.", "Mutunya A: seluruh rentang", "Jumlah responden memadai", "Naik 3,52 dari Semester I 2025: nyata.", "Unsur mana yang terendah: nilai 6 unsur"},
			[]string{"Sementara", "Apakah jumlah responden memadai"},
			"",
		},
		"it runs": {
			func(in *reporting.Input) { in.Detail.State, in.Result.Final = desk.Running, false },
			[]string{"periode belum ditutup"},
			[]string{"Angka akhir periode"},
			"Sementara. Periode masih berjalan; angka dihitung sampai 31 Desember 2025",
		},
		"it is over and not closed": {
			func(in *reporting.Input) { in.Detail.State, in.Result.Final = desk.Closing, false },
			nil,
			[]string{"Angka akhir periode"},
			"Sementara. Periode sudah berakhir dan angka akhirnya sedang disiapkan.",
		},
		"it has not begun": {
			func(in *reporting.Input) { hide(in, desk.Before, 0, "fewer_than_10") },
			[]string{"Belum ada jawaban pada periode ini."},
			[]string{"nyata"},
			"Sementara. Periode survei belum dimulai.",
		},
		"few answers so far": {
			func(in *reporting.Input) { hide(in, desk.Running, 7, "fewer_than_10") },
			[]string{"7 jawaban: belum cukup untuk ditampilkan.", "Isian tentang diri responden tidak ditampilkan"},
			[]string{"Tabel pengolahan", "mutu **"},
			"Sementara. Periode masih berjalan dan belum ada angka",
		},
		"too few for ever": {
			func(in *reporting.Input) { hide(in, desk.Closing, 7, "fewer_than_10") },
			[]string{"Periode ini ditutup dengan 7 jawaban."},
			[]string{"Sementara"},
			"",
		},
		"too few in a period that is closed": {
			func(in *reporting.Input) { hide(in, desk.Final, 7, "fewer_than_10") },
			[]string{"Periode ini ditutup dengan 7 jawaban."},
			nil, "",
		},
		"nobody answered": {
			func(in *reporting.Input) { hide(in, desk.Closing, 0, "fewer_than_10") },
			[]string{"Tidak ada jawaban pada periode ini."},
			nil, "",
		},
		"too few of a kind": {
			func(in *reporting.Input) { hide(in, desk.Closing, 14, "fewer_than_10") },
			[]string{"dikirim warga"},
			nil, "",
		},
		"the unit has no results": {
			func(in *reporting.Input) { hide(in, desk.Closing, 0, ""); in.Result = nil },
			[]string{"Tidak ada jawaban pada periode ini."},
			nil, "",
		},
		"the final is being made": {
			func(in *reporting.Input) { hide(in, desk.Closing, 40, "closing") },
			[]string{"Nilainya sedang disiapkan"},
			nil, "Sementara. Periode sudah berakhir",
		},
		"brought again": {
			func(in *reporting.Input) { hide(in, desk.Closing, 40, "brought_again") },
			[]string{"pernah ditarik lalu dimasukkan lagi"},
			nil, "",
		},
		"damaged": {
			func(in *reporting.Input) { hide(in, desk.Closing, 40, "damaged") },
			[]string{"sedang diperiksa"},
			nil, "Sementara. Periode sudah berakhir",
		},
		"nobody answered the index": {
			func(in *reporting.Input) { in.Detail.Figures = nil; in.Result.Indexes = map[string]*analytics.Index{} },
			[]string{"IKM untuk Unit Pelayanan Administrasi Kependudukan belum ada: pertanyaannya belum cukup dijawab."},
			[]string{"jawaban pada periode ini."},
			"",
		},
		"people served are not known": {
			func(in *reporting.Input) {
				x := figure(in)
				x.SampleFault, x.Needed, x.Adequate, in.Detail.Population = analytics.PopulationUnknown, nil, false, nil
			},
			[]string{"IKM | – | – | 349 | Belum dapat dihitung", "Apakah jumlah responden memadai: orang yang dilayani belum dicatat.", "tetapi belum diketahui apakah respondennya memadai"},
			[]string{"cukup pasti", "Jumlah responden memadai"},
			"",
		},
		"the sample is short": {
			func(in *reporting.Input) { x := figure(in); n := 900; x.Needed, x.Adequate = &n, false },
			[]string{"hanya 349 responden dari 900 yang diperlukan", "baru 349 dari 900 responden", "| 900 | 349 | Belum memadai"},
			[]string{"Jumlah responden memadai", "cukup pasti"},
			"",
		},
		"another grade is possible": {
			func(in *reporting.Input) { figure(in).Stability.Could = []string{"B", "C"} },
			[]string{"Mutu A, bisa B atau C.", "Bahwa mutunya pasti A: menurut rentangnya mutu itu bisa juga B atau C."},
			[]string{"Mutunya A: seluruh"},
			"",
		},
		"an unsur is missing": {
			func(in *reporting.Input) {
				x := figure(in)
				x.AspectsAnswered, x.Adequate = 8, false
				a := &x.Aspects[3]
				*a = analytics.AspectResult{Code: a.Code, Name: a.Name, Withheld: true}
				in.Sums = map[string][]int64{analytics.IKM: {1309, 1292, 1283, 0, 1296, 1358, 1354, 1293, 1300}}
			},
			[]string{"\nDihitung dari 8 dari 9 unsur", "\n- Dihitung dari 8 dari 9 unsur", "U4 Biaya/tarif | – | – | – | – | – | –", "Unsur bertanda –", "hanya 8 dari 9 unsur yang punya cukup jawaban", "mutu seluruhnya belum dapat dipastikan", "Nilai untuk unsur yang terjawab"},
			[]string{"Mutunya A: seluruh", "Jumlah responden memadai", "baru 349 dari"},
			"",
		},
		"everybody answered": {
			func(in *reporting.Input) {
				x := figure(in)
				served, needed := 349, 183
				x.Needed, in.Detail.Population = &needed, &served
			},
			[]string{"Yang menjawab sudah sebanyak semua orang yang tercatat dilayani."},
			[]string{"Seandainya semua warga"},
			"",
		},
		"there is nothing to compare with": {
			func(in *reporting.Input) {
				ikm(in).Change = nil
				in.Detail.Past = []report.IndexHistory{{Index: analytics.IKM, Rows: []report.HistoryRow{{HistoryFigure: &report.HistoryFigure{Shown: "94.13"}, To: in.Period.To}}}}
			},
			[]string{"karena belum ada periode pembanding", "Ini angka IKM yang pertama"},
			[]string{"nyata", "IKM menurut periode"},
			"",
		},
		"the change is usual": {
			func(in *reporting.Input) {
				x := ikm(in)
				x.Change.State, x.Change.Difference, x.Change.ShownDifference = analytics.ChangeUsual, -0.31, "-0.31"
			},
			[]string{"Selisih dengan Semester I 2025 −0,31, masih dalam kewajaran.", "Bahwa nilainya berubah dari Semester I 2025"},
			[]string{": nyata."},
			"",
		},
		"it fell": {
			func(in *reporting.Input) {
				x := ikm(in)
				x.Change.Difference, x.Change.ShownDifference = -2.35, "-2.35"
			},
			[]string{"Turun 2,35 dari Semester I 2025: nyata."},
			[]string{"Naik"},
			"",
		},
		"the form is another one": {
			func(in *reporting.Input) {
				x := ikm(in)
				x.Change.State, x.Change.Why = analytics.ChangeNotCompared, analytics.ApartForm
			},
			[]string{"Apakah nilainya naik atau turun dari Semester I 2025: formulirnya berbeda."},
			[]string{": nyata."},
			"",
		},
		"one unsur is the lowest": {
			func(in *reporting.Input) { x := ikm(in); x.Lowest = x.Lowest[:1] },
			[]string{"Nilai terendah: Waktu penyelesaian (3,68 dari 4)."},
			[]string{"Unsur mana yang terendah"},
			"",
		},
		"all unsur are the same": {
			func(in *reporting.Input) { ikm(in).Lowest = nil },
			[]string{"Semua unsur bernilai sama.", "Unsur mana yang terendah: semua unsur bernilai sama."},
			[]string{"Nilai terendah"},
			"",
		},
		"comments and fields were removed": {
			func(in *reporting.Input) {
				day := survey.NewDate(2028, time.January, 1)
				in.Detail.Splits = slices.Clone(in.Detail.Splits)
				for i := range in.Detail.Splits {
					in.Detail.Splits[i].Removed = &day
				}
			},
			[]string{"dihapus mulai 1 Januari 2028", "Komentar warga pada periode ini sudah dihapus"},
			[]string{"Tidak ada komentar yang dipilih"},
			"",
		},
		"what a person added": {
			func(in *reporting.Input) {
				in.Quoted = []comment.Item{{Text: []comment.Segment{{Text: "Terima kasih kepada "}, {Text: "Budi", Mask: "name"}}}}
				in.Written.FollowUps = []manuscript.FollowUp{
					{Aspect: "waktu", Found: "Antrean panjang", Action: "Menambah satu loket", Until: "Maret 2026", By: "Kepala bidang", Status: "berjalan"}, {Action: "Melatih petugas"},
				}
				in.Written.Town, in.Written.Day = "Cendana", "5 Januari 2026"
				in.Written.Signers = []manuscript.Signer{{Office: "Ketua Tim", Name: "Budi S."}, {Office: "Kepala", Name: "Siti", Rank: "Pembina", Number: "1"}}
			},
			[]string{"Komentar berikut dipilih", "Unsur atau masalah | Masalah | Rencana | Waktu | Penanggung jawab | Keadaan", "> Terima kasih kepada [nama disamarkan]", "Waktu penyelesaian | Antrean panjang | Menambah satu loket | Maret 2026 | Kepala bidang | berjalan", "Pelayanan secara keseluruhan |  | Melatih petugas", "Cendana, 5 Januari 2026, Kepala; Siti; Pembina, NIP 1"},
			[]string{"kepada Budi", "Tidak ada komentar yang dipilih", "belum diisi", "Kepala Dinas"},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
			tc.change(in)
			d := holds(t, in, tc.says, tc.saysNot)
			if !strings.HasPrefix(d.Draft, tc.draft) || tc.draft == "" && d.Draft != "" {
				t.Errorf("draft: %q, want %q", d.Draft, tc.draft)
			}
		})
	}
}

package view

import (
	"fmt"
	"math"
	"testing"

	"persepsi/internal/chart"
)

// Sample is a chart of the gallery, with the heading that a page would have.
type Sample struct {
	Name, Heading string
	Chart         *chart.Chart
}

// sampler makes charts of invented figures, close to those that a desk shows.
type sampler struct {
	p    *Pages
	lang string
}

func (s sampler) head(title string) chart.Head { return s.p.words.In(s.lang).Head(title, "") }

func (s sampler) at(digits int, v float64) chart.Value {
	return chart.Value{At: v, Text: s.p.words.In(s.lang).Fixed(digits, v)}
}

func (s sampler) count(n int) chart.Value {
	return chart.Value{At: float64(n), Text: s.p.words.In(s.lang).Whole(n)}
}

func (s sampler) est(mean, half float64) *chart.Estimate {
	return &chart.Estimate{Mean: s.at(2, mean), Low: s.at(2, mean-half), High: s.at(2, mean+half)}
}

func (s sampler) grades(scale float64, numbered bool) []chart.Limit {
	var out []chart.Limit
	for i, at := range []float64{65, 76.61, 88.31} {
		l := chart.Limit{Value: s.at(2, at*scale), Name: "CBA"[i : i+1]}
		if numbered {
			l.Brief = s.at(2, at*scale).Text
		}
		out = append(out, l)
	}
	return out
}

func (s sampler) strip(mean, half float64, grade string, before float64, width ...int) *chart.Chart {
	in := chart.StripInput{Head: s.head("IKM"), From: chart.Value{At: 65}, To: chart.Value{At: 100}, Grades: s.grades(1, false), Grade: grade}
	if mean > 0 {
		in.Index = s.est(mean, half)
	} else {
		in.Withheld = "7 jawaban. Nilai ditampilkan mulai 10 jawaban."
	}
	if before > 0 {
		b := s.at(2, before)
		in.Before = &b
	}
	return chart.Strip(in, width...)
}

func (s sampler) trend(withGap bool) *chart.Chart {
	in := chart.TrendInput{Head: s.head("IKM menurut bulan"), Limits: []chart.Limit{{Value: s.at(2, 88.31), Name: "batas mutu A", Brief: "A"}, {Value: s.at(2, 76.61), Name: "batas mutu B", Brief: "B"}}}
	months := []string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}
	old := []float64{84.1, 85, 84.3, 0, 84.9, 85.6, 83.8, 84.7, 85.9, 85.1, 84.4, 85.5}
	now := []float64{85.4, 81.2, 85, 86.1, 86.6, 87, 86.9, 87.8, 87.2, 88.3, 87.6}
	span := func(name, year string, all []float64, low, high float64) chart.Span {
		out := chart.Span{Name: name, Control: &chart.Controls{Lower: s.at(1, low), Upper: s.at(1, high)}}
		for i, v := range all {
			r := chart.Release{Label: months[i], Group: year}
			if v > 0 {
				r.Index = s.est(v, 1.6)
				r.Index.Mean.Text = s.at(1, v).Text
			} else {
				r.Withheld = "7 jawaban, tidak ditampilkan"
			}
			if v == 81.2 {
				r.Beyond, r.Note = true, "sistem padam 3 hari (catatan 12 Februari)"
			}
			out.Points = append(out.Points, r)
		}
		return out
	}
	if withGap {
		in.Spans = append(in.Spans, span("formulir lama", "2025", old, 82.3, 87.4))
	}
	in.Spans = append(in.Spans, span("formulir baru: 16 pertanyaan", "2026", now, 84, 88.8))
	return chart.Trend(in)
}

func (s sampler) ranks(n int) *chart.Chart {
	in := chart.RanksInput{Head: s.head("Unit menurut IKM"), From: s.at(0, 65), To: s.at(0, 100), Grades: s.grades(1, true)}
	names := []string{"Perpustakaan Kota", "Kelurahan Anggrek", "Puskesmas Melati", "Gerai Dukcapil Mal Pelayanan Publik", "Unit Pelayanan Administrasi Kependudukan", "Rawat Inap", "Puskesmas Kenanga", "Terminal Tipe C"}
	for i := range n {
		in.Units = append(in.Units, chart.RankedUnit{
			Name: names[i%len(names)], Note: "Dinas Kesehatan", Link: "/meja/unit/x", Index: s.est(92.4-float64(i)*2.7, 1+float64(i%4)*0.6), Places: fmt.Sprintf("mungkin %d–%d", i+1, i+5), N: s.count(400 - 37*i).Text,
		})
	}
	in.Units = append(in.Units, chart.RankedUnit{Name: "Pelayanan Izin Tenaga Kesehatan", Note: "Dinas Kesehatan", Withheld: "Belum ditampilkan: baru 7 jawaban, paling sedikit 10.", N: "7"})
	return chart.Ranks(in)
}

func (s sampler) hours() *chart.Chart {
	in := chart.HoursInput{Head: s.head("Jawaban menurut hari dan jam"), Hours: []string{"08", "09", "10", "11", "12", "13", "14", "15"}}
	for d, name := range []string{"Sen", "Sel", "Rab", "Kam", "Jum", "Sab"} {
		row := chart.HoursDay{Name: name}
		for h := range in.Hours {
			n := int(math.Round(12 * (1 + math.Sin(float64(h)*1.1+float64(d)/3))))
			row.Counts = append(row.Counts, chart.HoursCount{N: n * (5 - d) / 5, Text: s.count(n * (5 - d) / 5).Text, Closed: d == 5})
		}
		in.Days = append(in.Days, row)
	}
	return chart.Hours(in)
}

func (s sampler) meter(soFar, pace, needed int) *chart.Chart {
	in := chart.MeterInput{Head: s.head("Sampel"), SoFar: s.count(soFar), PaceWords: fmt.Sprint("perkiraan ", pace), NeededWords: fmt.Sprint("perlu ", needed)}
	if pace > 0 {
		v := s.count(pace)
		in.Pace = &v
	}
	if needed > 0 {
		v := s.count(needed)
		in.Needed = &v
	}
	return chart.Meter(in)
}

func (s sampler) aspects() *chart.Chart {
	in := chart.AspectsInput{Head: s.head("Unsur IKM"), From: 3.1, To: 4, Limits: []chart.Limit{{Value: s.at(4, 3.0644), Name: "batas B"}, {Value: s.at(4, 3.5324), Name: "batas A"}}}
	in.From = 2.9
	for i, name := range []string{"Biaya/tarif", "Sarana dan prasarana", "Penanganan pengaduan, saran, dan masukan", "Waktu penyelesaian", "Sistem, mekanisme, dan prosedur", "Produk spesifikasi jenis pelayanan", "Persyaratan", "Kompetensi pelaksana", "Perilaku pelaksana"} {
		in.Rows = append(in.Rows, chart.Aspect{Name: name, Index: s.est([]float64{3.82, 3.26, 3.29, 3.31, 3.49, 3.55, 3.58, 3.61, 3.63}[i], 0.07), Lowest: i >= 1 && i <= 3})
	}
	in.Rows = append(in.Rows, chart.Aspect{Name: "Kecepatan respon", Withheld: "7 jawaban"})
	return chart.Aspects(in)
}

func (s sampler) forecast(mean, spread float64, now string) *chart.Chart {
	in := chart.ForecastInput{Head: s.head("25 kemungkinan IKM saat periode ditutup"), Grades: s.grades(1, false), Now: now, Most: 100}
	for i := range 25 {
		in.Values = append(in.Values, mean+spread*math.Erfinv(2*(float64(i)+0.5)/25-1))
	}
	return chart.Forecast(in)
}

func (s sampler) importance(many int) *chart.Chart {
	in := chart.ImportanceInput{
		Head: s.head("Nilai dan kaitan"), Across: "nilai makin tinggi →", Up: "↑ makin berkaitan dengan kepuasan", MiddleScore: 3.5, MiddleLink: 0.4,
		Corners: [4]string{"Dahulukan", "Pertahankan", "Perbaiki kemudian", "Cukup"},
	}
	names := []string{"Waktu", "Perilaku", "Kompetensi", "Prosedur", "Produk", "Persyaratan", "Pengaduan", "Sarana", "Biaya"}
	scores := []float64{3.31, 3.63, 3.61, 3.49, 3.55, 3.58, 3.29, 3.26, 3.82}
	links := []float64{0.62, 0.55, 0.48, 0.5, 0.4, 0.33, 0.36, 0.31, 0.1}
	for i := range many {
		k := i % len(names)
		in.Items = append(in.Items, chart.Important{Name: names[k], Score: *s.est(scores[k]-float64(i/9)*0.02, 0.06), Link: s.est(links[k]+float64(i/9)*0.03, 0.09).Mean, First: i == 0})
	}
	return chart.Importance(in)
}

func (s sampler) multiples() *chart.Chart {
	in := chart.MultiplesInput{
		Head: s.head("Instansi dalam empat semester"), Periods: []string{"Semester I 2025", "Semester II 2025", "Semester I 2026", "Semester II 2026"},
		Limits: []chart.Limit{{Value: s.at(2, 76.61), Name: "batas mutu B"}, {Value: s.at(2, 88.31), Name: "batas mutu A"}},
	}
	for i, name := range []string{"Dukcapil", "DPMPTSP", "Dinas Kesehatan", "RSUD Cendana", "Badan Pendapatan", "Dinas Perhubungan", "Dinas Sosial", "Dinas Pendidikan", "Kec. Cendana Utara", "Dinas Pengendalian Penduduk dan Keluarga Berencana"} {
		one := chart.Series{Name: name, Withheld: "disembunyikan", Change: []string{"dalam kewajaran", "naik nyata", "turun nyata"}[i%3], Real: i%3 > 0, Fell: i%3 == 2}
		for k := range 4 {
			v := 80 + float64(i) + float64(k)*[]float64{0.2, 1.2, -1.3}[i%3]
			e := s.est(v, 1)
			e.Mean.Text = s.at(1, v).Text
			if i == 9 {
				one.Change = ""
			}
			if i == 9 || i == 3 && k == 1 {
				e = nil
			}
			one.Points = append(one.Points, e)
		}
		in.Series = append(in.Series, one)
	}
	return chart.Multiples(in)
}

func (s sampler) distribution() *chart.Chart {
	in := chart.DistributionInput{Head: s.head("Nilai yang diberikan: waktu penyelesaian")}
	for i, name := range []string{"4 Sangat cepat", "3 Cepat", "2 Kurang cepat", "1 Tidak cepat", "Tidak menjawab"} {
		in.Rows = append(in.Rows, chart.Share{Name: name, N: s.count([]int{112, 161, 38, 9, 0}[i]), Percent: []string{"35 %", "50 %", "12 %", "3 %", "0 %"}[i], Silent: i == 4})
	}
	return chart.Distribution(in)
}

func (s sampler) days(n int) *chart.Chart {
	in := chart.DaysInput{Head: s.head("Jawaban menurut hari")}
	for i := range n {
		shut := i%7 == 6
		count := int(math.Round(9 + 6*math.Sin(float64(i)*0.9)))
		if shut || i == 16 {
			count = 0
		}
		in.Days = append(in.Days, chart.Day{Label: fmt.Sprint(i%30 + 1), Group: []string{"Oktober", "November", "Desember"}[i/30%3], N: s.count(count), Closed: shut})
	}
	return chart.Days(in)
}

// Samples returns every chart, in what states it can be.
func Samples(t testing.TB, lang string) []Sample {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	s := sampler{p, lang}
	return []Sample{
		{"strip", "Mutu B, bisa A", s.strip(87.61, 1.2, "B", 86.02)},
		{"strip-narrow", "Turun 2,35: nyata", s.strip(83.05, 1.3, "B", 85.4, chart.Card)},
		{"strip-none", "7 jawaban. Nilai ditampilkan mulai 10 jawaban.", s.strip(0, 0, "", 0)},
		{"strip-below", "Mutu D, cukup pasti", s.strip(58.2, 2, "D", 66)},
		{"meter", "Belum memadai", s.meter(118, 181, 217)},
		{"meter-reached", "Kurang 3 jawaban", s.meter(328, 349, 331)},
		{"meter-none", "Kecukupan sampel belum dapat dihitung.", s.meter(12, 0, 0)},
		{"trend", "IKM pulih sejak Maret, lalu naik perlahan", s.trend(true)},
		{"trend-one", "Formulir ini baru dipakai tahun ini", s.trend(false)},
		{"ranks", "Banyak unit tidak dapat dibedakan peringkatnya", s.ranks(8)},
		{"aspects", "Tiga unsur terendah tidak dapat dibedakan", s.aspects()},
		{"importance", "Waktu: nilainya rendah, kaitannya kuat", s.importance(9)},
		{"importance-many", "Dua puluh lima unsur", s.importance(25)},
		{"forecast", "Sekarang B, mungkin A", s.forecast(87.6, 0.9, "B")},
		{"forecast-sure", "Tetap B", s.forecast(83, 0.9, "B")},
		{"multiples", "Sepuluh instansi dalam empat semester", s.multiples()},
		{"distribution", "Separuh menilai cepat", s.distribution()},
		{"days", "Satu hari buka tanpa jawaban", s.days(60)},
		{"hours", "Senin pukul 10 paling ramai", s.hours()},
	}
}

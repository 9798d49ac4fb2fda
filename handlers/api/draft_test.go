package api

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/ingest"
	"persepsi/survey"
)

// sent is an answer as a client sends it.
const sent = `{"id":"0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","service":"ktp","lang":"id","mode":"kiosk","period":"2026-s1","consent":true,
"answers":{"persyaratan":4,"prosedur":4,"waktu":4,"biaya":4,"produk":3,"kompetensi":4,"perilaku":4,"pengaduan":4,"sarana":4},
"respondent":{"sex":"P","age":"26-35"},"comment":"Terima kasih","started_at":"2026-03-02T11:58:11+08:00"}`

// nowhere is a store that keeps nothing.
type nowhere struct{}

func (nowhere) Submit(context.Context, *survey.Response) (survey.Outcome, error) {
	return survey.Outcome{}, nil
}

func (nowhere) Find(context.Context, []uuid.UUID) ([]*survey.Response, error) { return nil, nil }

// BenchmarkReceive is all that a submission costs between the body and the queue.
func BenchmarkReceive(b *testing.B) {
	lib, err := survey.NewLibrary()
	if err != nil {
		b.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{
		Agencies: []survey.Agency{{Code: "d", Units: []survey.Unit{{
			Code: "u", Services: []survey.Service{{Code: "ktp"}}, Points: []survey.Point{{Code: "KUPARI47"}},
		}}}},
		Periods: []survey.Period{{Code: "2026-s1", From: survey.NewDate(2026, 1, 1), To: survey.NewDate(2026, 6, 30), Instruments: []string{"skm-9@1"}}},
	}, lib, nil)
	if err != nil {
		b.Fatal(err)
	}
	point, _ := d.Point("KUPARI47")
	receiver := ingest.NewReceiver(nowhere{}, nowhere{}, func() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) })
	body := []byte(sent)
	b.ReportAllocs()
	for b.Loop() {
		draft, err := readDraft(body)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := receiver.Receive(b.Context(), d, point, draft, func(string) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

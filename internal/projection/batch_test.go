package projection

import (
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

func TestABatchCountsNoAnswersOfABucketThatIsCountedAnew(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	u.answer(survey.ModeQR, u.all(3)...)
	u.answer(survey.ModeQR, u.all(4)...)
	rows := []survey.Response{*u.answers[0].Response, *u.answers[1].Response}
	key := analytics.KeyOf(&rows[0])
	b := &Batch{Fresh: map[analytics.Key]Delta{}, Anew: map[analytics.Key]bool{}, pool: &pool{forms: u.forms, spare: map[string][]*analytics.Tally{}}}
	for _, some := range [][]survey.Response{nil, rows[:1], rows[1:]} {
		if err := b.Add(key, 7, some); err != nil {
			t.Fatal(err)
		}
	}
	if d := b.Fresh[key]; len(b.Fresh) != 1 || d.N != 2 || d.Made != 7 || d.Whole || b.Rows != 2 {
		t.Errorf("%d buckets, %+v, %d rows", len(b.Fresh), d, b.Rows)
	}
	other := key
	other.Start++
	b.Anew[other] = true
	if err := b.Add(other, 7, rows); err != nil || len(b.Fresh) != 1 || b.Rows != 2 {
		t.Errorf("counted anew: %v, %d buckets, %d rows", err, len(b.Fresh), b.Rows)
	}
	other.Start++
	if err := b.Add(other, 7, nil); err != nil || len(b.Fresh) != 1 {
		t.Errorf("of no answers: %v, %d buckets", err, len(b.Fresh))
	}
}

package mongodb

import (
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"persepsi/internal/storetest"
	"persepsi/survey"
)

// A stored answer of which anything cannot be read is told as that, never as another answer.
func TestAnAnswerIsReadWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	want := storetest.NewMaker(t, 1).Batch(1)[0]
	want.Comment = "Antrean panjang"
	bucket := "2026-s1/unit/2026-03-02/skm-9"
	good := bson.Raw(appendResponse(nil, want, bucket, 0, origin{number: 7}))
	var got survey.Response
	o, err := newDecoder().decode(good, &got)
	if err != nil || o.number != 7 || got.ID != want.ID || got.Unit != "unit" || got.Form != "skm-9" || got.Comment != want.Comment || string(got.Answers) != string(want.Answers) || got.Mode != want.Mode || !got.ReceivedAt.Equal(want.ReceivedAt) {
		t.Errorf("read as %+v of %+v, err = %v", got, o, err)
	}
	var fields bson.D
	if err := bson.Unmarshal(good, &fields); err != nil {
		t.Fatal(err)
	}
	bad := map[string]any{"_id": []byte("short"), "bucket": "2026-s1/unit", "mode": "tidak-ada"}
	for i, f := range fields {
		for _, value := range []any{true, bad[f.Key]} {
			if value == nil {
				continue
			}
			changed := append(bson.D{}, fields...)
			changed[i].Value = value
			doc, err := bson.Marshal(changed)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := newDecoder().decode(doc, &got); err == nil {
				t.Errorf("with %s = %v it is read as %+v", f.Key, value, got)
			}
		}
	}
	for n := range len(good) {
		if _, err := newDecoder().decode(good[:n], &got); err == nil {
			t.Errorf("the first %d bytes are read as %+v", n, got)
		}
	}
}

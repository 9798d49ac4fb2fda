package comment

import (
	"strings"
	"testing"
)

func TestAPhraseInWhichAWordMeansSomethingElseCoversIt(t *testing.T) {
	t.Parallel()
	c, err := readClassifier([]byte("- {code: a, words: [loket, air], phrases: [jam buka], not: [jam buka toko, loket lama]}\n- {code: b, words: [toko]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]Topics{"jam buka": 1, "jam buka toko": 2, "jam buka, jam buka toko": 3, "loket lama": 0, "loket lama, loket": 1, "air": 1, "airnya": 0, "jam": 0, "buka jam": 0} {
		if got := c.Classify(text); got != want {
			t.Errorf("%q is of %b, want %b", text, got, want)
		}
	}
	for _, x := range []struct {
		text string
		ok   bool
	}{{strings.Repeat("- {code: a}\n", 32), true}, {strings.Repeat("- {code: a}\n", 33), false}, {"a: [", false}} {
		if _, err := readClassifier([]byte(x.text)); (err == nil) != x.ok {
			t.Errorf("%d topics: err = %v", strings.Count(x.text, "code"), err)
		}
	}
}

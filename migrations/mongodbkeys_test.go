package migrations

import (
	"strings"
	"testing"
)

func TestTheServerRemovesSessionsThatExpired(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if err := MongoDB(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if want := `sessions expires_1 {"expires":1} expires after 0 s`; !strings.Contains(indexes(t, db), want+"\n") {
		t.Errorf("want the index %s among\n%s", want, indexes(t, db))
	}
}

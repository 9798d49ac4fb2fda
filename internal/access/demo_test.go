package access

import (
	"reflect"
	"testing"
	"time"
)

func TestADemonstrationsKeyIsFoundByItsIDAndByNoSecret(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	hashes := map[[32]byte]bool{}
	for _, role := range Roles() {
		k := DemoKey("Peragaan", role, Agency("dinkes"), noon)
		want := Key{ID: "demo-" + string(role), Name: "Peragaan", Grants: []Grant{{Role: role, Scope: Agency("dinkes")}}, Hash: k.Hash, At: noon}
		if !reflect.DeepEqual(k, want) || k.ID != DemoKeyID(role) {
			t.Errorf("the key is %+v, want %+v", k, want)
		}
		if k.State(noon) != Active || IsSecret(k.ID) || k.Hash != HashSecret(k.ID) {
			t.Errorf("%s: what its hash is made of may be a secret, or it is not active", k.ID)
		}
		hashes[k.Hash] = true
	}
	if len(hashes) != len(Roles()) {
		t.Errorf("%d hashes for %d roles", len(hashes), len(Roles()))
	}
}

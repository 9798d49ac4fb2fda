package access

import (
	"testing"
	"time"
)

func TestNobodyWhoIsInvitedIsADemonstrationsPerson(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for _, role := range Roles() {
		p := DemoPerson("Peragaan", role, Agency("dinkes"), noon)
		if !IsDemo(p.ID) || p.Password != "" || p.Proves() || p.Version != 1 || p.Name != "Peragaan" || !p.At.Equal(noon) || len(p.Grants) != 1 || p.Grants[0] != (Grant{Role: role, Scope: Agency("dinkes")}) {
			t.Errorf("%s: %+v", role, p)
		}
		if address, err := CleanEmail(p.Email); err != nil || address != p.Email {
			t.Errorf("%s has the address %q", role, p.Email)
		}
	}
	invited, err := NewPerson("demo-admin@kota.example", "demo-admin", nil, noon)
	if err != nil || IsDemo(invited.ID) {
		t.Errorf("an invited person has the id %q, %v", invited.ID, err)
	}
}

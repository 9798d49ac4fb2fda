package access

import (
	"strings"
	"time"
)

// demoPrefix begins the ids of a demonstration's people. No person that NewPerson makes
// has it: their ids are hexadecimal.
const demoPrefix = "demo-"

// DemoID is the id of the person as whom a demonstration city lets anybody in.
func DemoID(role Role) string { return demoPrefix + string(role) }

// IsDemo reports whether an id is that of such a person, or of a key by which older
// versions did the same.
func IsDemo(id string) bool { return strings.HasPrefix(id, demoPrefix) }

// DemoPerson makes that person. They have no password, and only a demonstration lets
// anybody in without one.
func DemoPerson(name string, role Role, on Scope, at time.Time) Person {
	return Person{
		ID: DemoID(role), Email: DemoID(role) + "@peragaan.example", Name: name, At: at, Grants: []Grant{{Role: role, Scope: on}}, Version: 1,
	}
}

package access

import "time"

// DemoKeyID is the id of the key by which a demonstration city lets anybody in
// as a role. No key that NewKey makes has it: those are hexadecimal.
func DemoKeyID(role Role) string { return "demo-" + string(role) }

// DemoKey makes that key. It has no secret: its hash is that of its id, and what
// has not a secret's shape is never looked for.
func DemoKey(name string, role Role, on Scope, at time.Time) Key {
	id := DemoKeyID(role)
	return Key{ID: id, Name: name, Grants: []Grant{{Role: role, Scope: on}}, Hash: HashSecret(id), At: at}
}

package account

import (
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"persepsi/survey"
)

// Hasher makes and checks what is stored of a password: Argon2id. It is a port although the
// product has that one alone: a hash is made to be slow and large, which a thousand tests that
// sign in can't pay, and that a refusal takes as long as a success is seen by counting what is asked.
type Hasher interface {
	// Hash returns a password's hash in PHC form, with a salt of its own.
	Hash(password string) (string, error)
	// Matches reports whether a hash is a password's. It takes as long for a wrong
	// password as for the right one.
	Matches(password, hash string) (bool, error)
}

// Argon2id hashes by argon2id (RFC 9106).
type Argon2id struct {
	Memory uint32 // KiB
	Passes uint32
}

// DefaultHasher takes 19 MiB and some tens of milliseconds of one core for each
// password: see docs/signin.md.
func DefaultHasher() Argon2id { return Argon2id{Memory: 19 << 10, Passes: 2} }

// Hash makes a hash with a salt of 16 bytes and a tag of 32.
func (a Argon2id) Hash(password string) (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{Memory: a.Memory, Iterations: a.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32})
}

// Matches checks a password by the numbers that its hash was made with.
func (a Argon2id) Matches(password, hash string) (bool, error) {
	return argon2id.ComparePasswordAndHash(password, hash)
}

// gate lets one computation through at a time and a few wait for it: however many
// passwords are sent, they cost a bounded part of the machine.
type gate struct {
	running sync.Mutex
	places  chan struct{}
}

// waiting is how many may wait at a gate: a second or two.
const waiting = 16

func newGate() *gate { return &gate{places: make(chan struct{}, waiting+1)} }

// pass runs fn when its turn comes. RateLimited: too many wait already.
func (g *gate) pass(fn func() error) error {
	select {
	case g.places <- struct{}{}:
	default:
		return &survey.Error{Code: survey.RateLimited, Message: "too many people sign in at this moment; try again in a few seconds", RetryAfter: 3 * time.Second}
	}
	defer func() { <-g.places }()
	g.running.Lock()
	defer g.running.Unlock()
	return fn()
}

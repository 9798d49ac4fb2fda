package view

import (
	"strings"
	"unicode/utf8"

	"persepsi/survey"
)

// Door is where people sign in.
type Door struct {
	Frame
	Email   string // as it was typed
	Next    string // the address that somebody wanted; empty: none
	Refused string // a message key: why the last try opened nothing
	Wait    int    // minutes until the next try; 0: at once
	Ways    []Way  // the roles that a demonstration lets anybody in as; none in a real city
	ByCity  bool   // the city has a sign-in of its own
	ByKey   bool   // passkeys are taken at the service's address
}

// Second asks for the second factor of whoever gave a right password.
type Second struct {
	Frame
	Next    string // as in Door
	Refused bool   // the last code was wrong
	Wait    int    // as in Door
}

// App sets up the app that shows codes, or takes it away.
type App struct {
	Frame
	Since   survey.Date // since when its codes are asked for; 0: they are not
	Left    int         // recovery codes that were not used
	Secret  string      // of one that is being set up; empty: none is
	Refused bool        // the last code was wrong
	Wait    int         // as in Door
	Needed  bool        // a role of theirs waits for it
	Ask     bool        // they have a password, which is asked for again
	BadOld  bool        // it was wrong
}

// Keys are somebody's own passkeys.
type Keys struct {
	Frame
	Keys    []Key
	Shared  bool   // as in AccountPage
	Refused string // a message key: why the last change was not made
	Ask     bool   // as in App
}

// Key is a passkey.
type Key struct {
	ID, Name string
	Day      survey.Date // since when
	Used     survey.Date // when last; 0: never
}

// Recovery shows the recovery codes, once.
type Recovery struct {
	Frame
	Codes []string
}

// Way is a role that a demonstration lets anybody in as.
type Way struct {
	Role   string
	Agency string // the name of the one agency that it is bound to; empty: all
}

// Start sets a password by a one-time link.
type Start struct {
	Frame
	Purpose     string // invitation, reset or first_admin
	Action      string // the form's address, which is the link's
	First       bool   // who they are is theirs to say
	Email, Name string
	Faults      map[string]string // codes by field
	Wait        int               // as in Door
}

// NoLink is what a link shows that opens nothing.
type NoLink struct {
	Frame
	Expired bool // else it is unknown, or used
}

// AccountPage is somebody's own account.
type AccountPage struct {
	Frame
	Name, Email string
	Grants      []Grant
	Sessions    []Session
	Shared      bool // it is a demonstration's, which anybody enters as
	App         bool // codes of an app are asked for
	ByKey       bool // as in Door
	Faults      map[string]string
	Wait        int    // as in Door
	Done        string // what was just done: sandi, sesi; empty: nothing
}

// Grant is a role that somebody has, by names. Agency and Unit are empty where it is on
// more than one of them.
type Grant struct {
	Role, Agency, Unit string
	Until              survey.Date // the last day; 0: it has no end
}

// Session is a browser in which somebody is signed in.
type Session struct {
	ID, Device string
	Day        survey.Date // since when
	Clock      string
	SeenDay    survey.Date // the newest request
	SeenClock  string
	Here       bool // this browser
}

// maxTyped is the longest text that a form gives back, in characters.
const maxTyped = 254

// Retyped returns a text as a form gives it back to who typed it: what no field of ours
// takes is cut.
func Retyped(text string) string {
	text = strings.ToValidUTF8(text, "")
	if utf8.RuneCountInString(text) > maxTyped {
		return string([]rune(text)[:maxTyped])
	}
	return text
}

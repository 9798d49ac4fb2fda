package main

import (
	"regexp"
	"strings"
	"testing"

	"persepsi/internal/testtools"
)

var anyLink = regexp.MustCompile(`/mulai/[A-Za-z0-9_-]{43}`)

func TestALinkGoesByMailOrIsShownWithTheReason(t *testing.T) {
	t.Parallel()
	data := []string{"--data", t.TempDir(), "--public-url", "https://survei.kota.go.id", "--mail-from", "persepsi@kota.example"}
	takes := testtools.NewMailServer(t, testtools.MailRules{Login: "persepsi:rahasia1"})
	refuses := testtools.NewMailServer(t, testtools.MailRules{Login: "persepsi:rahasia1", Refuse: "no such mailbox"})
	by := func(s *testtools.MailServer, args ...string) []string {
		return append(append(args, data...), "--smtp-url", "smtp://persepsi:rahasia1@"+s.Addr)
	}
	out, errs := must(t, by(takes, "user", "add", "--email", "ani@kota.example", "--name", "Ani", "--role", "admin")...)
	if !strings.HasPrefix(out, "the link was sent to ani@kota.example; it is good until 20") || anyLink.MatchString(out+errs) {
		t.Errorf("printed %q and %q", out, errs)
	}
	must(t, by(takes, "user", "reset", "ani@kota.example")...)
	must(t, by(takes, "user", "handover", "ani@kota.example", "budi@kota.example", "--name", "Budi")...)
	var got []string
	for _, m := range takes.Received() {
		// Lines are folded where they are long.
		text := strings.ReplaceAll(m.Data, "=\r\n", "")
		text = strings.ReplaceAll(text, "=\n", "")
		subject := regexp.MustCompile(`(?m)^Subject: (\w+)`).FindStringSubmatch(text)
		if !anyLink.MatchString(text) || subject == nil {
			t.Fatalf("no link or subject in\n%s", text)
		}
		got = append(got, m.To+" "+subject[1])
	}
	if want := "ani@kota.example Undangan, ani@kota.example Tautan, budi@kota.example Undangan"; strings.Join(got, ", ") != want {
		t.Errorf("sent %q, want %s", got, want)
	}
	out, errs = must(t, by(refuses, "user", "reset", "budi@kota.example")...)
	if !anyLink.MatchString(out) || !strings.HasPrefix(errs, "the link was not sent: the server 127.0.0.1:") || !strings.Contains(errs, "no such mailbox") {
		t.Errorf("printed %q and %q", out, errs)
	}
	if strings.Contains(out+errs, "rahasia1") {
		t.Errorf("the password is printed: %s%s", out, errs)
	}
}

// A setting that is wrong is told before anybody is invited.
func TestWrongSettingsOfMailInviteNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"no address of the service": {[]string{"--smtp-url", "smtp://u:rahasia1@mail", "--mail-from", "a@b.example"}, "--public-url: is required"},
		"no sender":                 {[]string{"--smtp-url", "smtp://u:rahasia1@mail", "--public-url", "https://kota.example"}, "--mail-from: is required"},
		"a sender of no address":    {[]string{"--smtp-url", "smtp://u:rahasia1@mail", "--public-url", "https://kota.example", "--mail-from", "Persepsi"}, "--mail-from: must be"},
		"no server's address":       {[]string{"--smtp-url", "u:rahasia1@mail", "--public-url", "https://kota.example", "--mail-from", "a@b.example"}, "--smtp-url: must be"},
	} {
		code, out, errs := call(t, append([]string{"user", "add", "--data", dir, "--email", "ani@kota.example", "--name", "Ani", "--role", "admin"}, tc.args...)...)
		if code != exitFailed || out != "" || !strings.HasPrefix(errs, "persepsi: "+tc.want) || strings.Contains(errs, "rahasia1") {
			t.Errorf("%s: exit code %d, %q, %q", name, code, out, errs)
		}
	}
	if code, _, errs := call(t, "user", "list", "--data", dir); code != exitFailed {
		t.Errorf("a store was made: %s", errs)
	}
}

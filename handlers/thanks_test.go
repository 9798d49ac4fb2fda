package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// TestTheThankYouPageVouchesOnlyForWhatIsStored plays somebody who makes up
// addresses of it.
func TestTheThankYouPageVouchesOnlyForWhatIsStored(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	sent := func() (url.Values, string) {
		r := k.PostForm("/s/KUPARI47", filled(k.Get("/s/KUPARI47").HTML()))
		at, err := url.Parse(r.Header.Get("Location"))
		if err != nil || at.Path != "/s/KUPARI47/terima-kasih" {
			t.Fatalf("%d %s %v", r.StatusCode, at, err)
		}
		return at.Query(), at.RawQuery
	}
	own, query := sent()
	other, _ := sent()
	vouched := k.Get("/s/KUPARI47/terima-kasih?" + query)
	if doc := vouched.HTML(); vouched.StatusCode != http.StatusOK || doc.Find(".receipt .code").Text() != own.Get("r") || !strings.Contains(doc.Text(), "sudah tersimpan") || doc.Find(".done svg").Length() != 1 {
		t.Errorf("what is stored: %d %s", vouched.StatusCode, vouched.Text)
	}
	for name, path := range map[string]string{
		"a receipt alone":         "/s/KUPARI47/terima-kasih?r=" + own.Get("r"),
		"a made-up receipt":       "/s/KUPARI47/terima-kasih?r=AAAA-0000",
		"a made-up id":            "/s/KUPARI47/terima-kasih?r=" + own.Get("r") + "&id=" + uuid.NewString(),
		"another's receipt":       "/s/KUPARI47/terima-kasih?r=" + other.Get("r") + "&id=" + own.Get("id"),
		"an id without receipt":   "/s/KUPARI47/terima-kasih?id=" + own.Get("id"),
		"an id that is none":      "/s/KUPARI47/terima-kasih?r=" + own.Get("r") + "&id=x",
		"another point":           "/s/MELATI38/terima-kasih?" + query,
		"nothing":                 "/s/KUPARI47/terima-kasih",
		"markup for a receipt":    "/s/KUPARI47/terima-kasih?r=%3Cb%3E&id=" + own.Get("id"),
		"a receipt in lower case": "/s/KUPARI47/terima-kasih?r=" + strings.ToLower(own.Get("r")) + "x&id=" + own.Get("id"),
	} {
		r := k.Get(path)
		doc := r.HTML()
		if text := doc.Find("main").Text(); r.StatusCode != http.StatusOK || !strings.Contains(text, "Terima kasih") || strings.Contains(text, "tersimpan") || strings.Contains(text, own.Get("r")) ||
			doc.Find(".receipt").Length() > 0 || doc.Find(".done svg").Length() > 0 {
			t.Errorf("%s: %d %s", name, r.StatusCode, text)
		}
	}
}

// A proxy that keeps no log of /s/ may keep where a request of a style sheet or of
// the next page came from.
func TestNoRequestAfterSendingNamesTheAnswerItCameFrom(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, mode := range []string{"", "kiosk", "assisted"} {
		v := filled(k.Get("/s/KUPARI47?mode=" + mode).HTML())
		for name, path := range map[string]string{"stored": k.PostForm("/s/KUPARI47", v).Header.Get("Location"), "made up": "/s/KUPARI47/terima-kasih?r=AAAA-0000&id=" + uuid.NewString()} {
			if r := k.Get(path); r.StatusCode != http.StatusOK || r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s: %d, Referrer-Policy %q, want no-referrer, kept by %q", mode, name, r.StatusCode, r.Header.Get("Referrer-Policy"), r.Header.Get("Cache-Control"))
			}
		}
	}
}

// lost is a Finder that can't be asked.
type lost struct{}

func (lost) Find(context.Context, []uuid.UUID) ([]*survey.Response, error) {
	return nil, errors.New("cannot be asked")
}

func TestTheThankYouPageSaysWhenItCannotTell(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Find = lost{} })
	r := k.Get(k.PostForm("/s/KUPARI47", filled(k.Get("/s/KUPARI47").HTML())).Header.Get("Location"))
	doc := r.HTML()
	if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(doc.Find("main").Text(), "belum dapat diperiksa") || doc.Find(".receipt, .done svg").Length() > 0 {
		t.Errorf("%d %s", r.StatusCode, doc.Find("main").Text())
	}
	noInsides(t, r)
}

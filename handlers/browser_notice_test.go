package handlers_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"persepsi/internal/testkit"
)

func TestNothingIsSentWithoutTheTickWithAndWithoutScripts(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t, testkit.City)
			k.Apply(restsOnConsent)
			p := newBrowser(t).open(t, phone(), serve(t, k))
			if !scripts {
				p.withoutScripts()
			}
			p.visit("/s/KUPARI47")
			p.choose()
			if status := p.loads(p.on(sendButton)); status != http.StatusUnprocessableEntity || len(k.Stored()) != 0 {
				t.Fatalf("unticked: %d, %d stored", status, len(k.Stored()))
			}
			p.do(p.on(".alert a[href='#consent']"))
			p.until("the box that the summary leads to", `document.activeElement.id == "consent"`)
			if !p.sees(".agree .fault") || ask[int](p, `document.querySelectorAll(".q input:checked").length`) != 17 {
				t.Error("the fault is not to be seen at the box, or answers are lost")
			}
			p.do(p.on(".agree label"))
			p.do(p.on(sendButton))
			p.until("the thank-you page", `location.pathname.endsWith("/terima-kasih")`)
			if len(k.Stored()) != 1 {
				t.Errorf("%d stored", len(k.Stored()))
			}
		})
	}
}

// Both bases, the longest names, no contact: on a phone, a desk, and at twice the size.
func TestTheNoticeFitsWhateverACityDeclares(t *testing.T) {
	t.Parallel()
	var scripts [2]string
	for i, file := range []string{"audit.js", "overflow.js"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		scripts[i] = string(text)
	}
	long := strings.TrimSpace(strings.Repeat("Bagian Organisasi dan Tata Laksana ", 8))
	b := newBrowser(t)
	for name, notice := range map[string]string{
		"nothing declared": "",
		"consent":          "basis: consent",
		"long":             "basis: consent, controller: " + long + ", address: " + long + ", contact: {email: pelindungan.data.pribadi@bagian-organisasi-dan-tata-laksana.contoh.go.id, phone: +62 (511) 123-4567}, retention_months: 600",
	} {
		k := testkit.New(t, testkit.City)
		if notice != "" {
			k.Apply("city: {notice: {" + notice + "}}")
		}
		p := b.open(t, phone(), serve(t, k))
		for _, path := range []string{"/s/KUPARI47?lang=id", "/s/KUPARI47?lang=en&mode=assisted", "/s/KUPARI47?mode=kiosk", "/privasi?lang=id"} {
			p.visit(path)
			p.unfold()
			for _, s := range []screen{phone(), phone().inDark(), desk()} {
				p.show(s)
				for _, fault := range ask[[]string](p, fmt.Sprintf("%s(%d, %v)", scripts[0], s.width, s.touch)) {
					t.Errorf("%s, %s, %s: %s", name, path, s.name(), fault)
				}
			}
			p.show(screen{width: 180, height: 400, scale: 2, touch: true})
			for _, fault := range ask[[]string](p, scripts[1]) {
				t.Errorf("%s, %s at twice the size: %s", name, path, fault)
			}
			p.show(phone())
		}
	}
}

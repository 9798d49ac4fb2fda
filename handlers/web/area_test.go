package web

import (
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/access"
	"persepsi/survey"
)

// declared is a city without anything.
type declared struct{ directory *survey.Directory }

func (d declared) Directory() *survey.Directory { return d.directory }

func TestAnAreaFindsOutOnceWhoARequestIsFromAndTheHandlerReadsIt(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{}, lib, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Settings: Settings{Directories: declared{d}}}
	asked := 0
	manager := access.Actor{Name: "kepala dinas", Grants: []access.Grant{{Role: access.Manager, Scope: access.Agency("dinkes")}}}
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error { return c.SendStatus(Status(survey.CodeOf(err))) }})
	area := s.Area(app.Group("/desk"), func(*fiber.Ctx) (access.Actor, error) {
		asked++
		return manager, nil
	})
	var seen access.Actor
	var own, whole error
	handler := func(c *fiber.Ctx) error {
		seen, own, whole = ActorOf(c), s.Require(c, access.Agency("dinkes")), s.Require(c, access.City())
		return nil
	}
	area.Get("/sheet", access.ReadLKE, handler)
	area.Put("/sheet", access.WriteLKE, handler)
	refusing := s.Area(app, Anonymous)
	refusing.Refused = func(c *fiber.Ctx, refusal error) error { return c.Status(299).SendString(refusal.Error()) }
	refusing.Get("/other", access.ReadLKE, handler)
	app.Get("/outside", func(c *fiber.Ctx) error {
		if got := ActorOf(c); !got.Anonymous() || s.Require(c, access.City()) == nil {
			t.Errorf("outside of an area the actor is %+v", got)
		}
		return nil
	})
	for _, tc := range []struct {
		method, path string
		want         int
	}{{"GET", "/desk/sheet", 200}, {"PUT", "/desk/sheet", 403}, {"GET", "/other", 299}, {"GET", "/outside", 200}} {
		r, err := app.Test(httptest.NewRequest(tc.method, tc.path, nil))
		if err != nil || r.StatusCode != tc.want {
			t.Errorf("%s %s: %v, %v, want %d", tc.method, tc.path, r, err, tc.want)
		}
	}
	if seen.Name != manager.Name || own != nil || survey.CodeOf(whole) != survey.Forbidden {
		t.Errorf("the handler sees %+v, own agency: %v, city: %v", seen, own, whole)
	}
	if asked != 2 {
		t.Errorf("two requests were identified %d times", asked)
	}
}

package evaluation

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// door is what the demonstration's buttons count as where too many requests of
// an address are held back: a point that no city has.
const door = "/lke"

// demoKey returns the key by which a demonstration lets anybody in as the role
// that a form names; nil elsewhere, and where no role is named or none such has a
// valid key. RateLimited: too many came from the request's address.
func (s *sheets) demoKey(c *fiber.Ctx) (*access.Key, error) {
	role := string(c.Request().PostArgs().Peek("role"))
	if role == "" || !s.Directories.Directory().City().Demo {
		return nil, nil //nolint:nilnil // no such key, and that is no error
	}
	key, err := s.Keys.ByID(c.UserContext(), access.DemoKeyID(access.Role(role)))
	if err != nil || key == nil {
		return nil, err
	}
	// Each session is stored, and no key holds anybody back from opening more.
	return key, s.Passing(c)(door)
}

// ways returns the roles that a demonstration lets anybody in as, but that of
// who is in already; none in a real city.
func (s *sheets) ways(ctx context.Context, in access.Actor) ([]view.Reader, error) {
	d := s.Directories.Directory()
	if !d.City().Demo {
		return nil, nil
	}
	var out []view.Reader
	for _, role := range access.Roles() {
		key, err := s.Keys.ByID(ctx, access.DemoKeyID(role))
		if err != nil {
			return nil, err
		}
		if key == nil {
			continue
		}
		if actor := s.Keys.ActorOf(key); actor.Name != in.Name {
			out = append(out, reader(d, actor))
		}
	}
	return out, nil
}

// bound returns what an actor sees of the sheet: the widest scope that they were
// granted to read it on.
func bound(a access.Actor) access.Scope {
	scopes := a.Scopes(access.ReadLKE)
	if len(scopes) == 0 {
		return access.Scope{}
	}
	return scopes[0]
}

// reader returns an actor as the sheet tells of them.
func reader(d *survey.Directory, a access.Actor) view.Reader {
	out := view.Reader{}
	if len(a.Grants) > 0 {
		out.Role = string(a.Grants[0].Role)
	}
	if code, _ := bound(a).Codes(); code != "" {
		out.Agency = code
		if agency, ok := d.Agency(code); ok {
			out.Agency = agency.Name
		}
	}
	return out
}

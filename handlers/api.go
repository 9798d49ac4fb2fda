package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// apiRoutes are the JSON API of the contract; openapi.json describes it.
func (s *server) apiRoutes(app *fiber.App) {
	v1 := app.Group("/api/v1")
	v1.Get("/points/:point", s.describePoint)
	v1.Post("/points/:point/responses", s.receive)
	v1.Get("/results", s.results)
	v1.Get("/results/breakdown", unkept, s.breakdown)
	v1.Get("/zi/indicators", unkept, s.indicators)
	v1.Put("/zi/indicators", unkept, s.setIndicators)
	v1.Get("/periods", s.periods)
	v1.Get("/units", s.units)
	app.Get("/api/openapi.json", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
		return c.Send(openAPI)
	})
}

// pointBody is enough to draw a point's form.
type pointBody struct {
	Point    named             `json:"point"`
	Unit     named             `json:"unit"`
	Agency   named             `json:"agency"`
	City     string            `json:"city"`
	Demo     bool              `json:"demo,omitempty"`
	Period   periodBody        `json:"period"`
	Form     string            `json:"instrument"`
	Services []named           `json:"services"`
	Question []survey.Question `json:"questions"`
	Fields   []survey.Field    `json:"respondent"`
	Limits   map[string]int    `json:"limits"`
}

type named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type periodBody struct {
	named
	From survey.Date `json:"from"`
	To   survey.Date `json:"to"`
}

// describePoint is GET /api/v1/points/{point}.
func (s *server) describePoint(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	at, err := d.Sit(c.Params("point"), c.Query("period"), s.Now())
	if err != nil {
		return err
	}
	body := pointBody{
		Point: named{at.Point.Code, at.Point.Name}, Unit: named{at.Unit.Code, at.Unit.Name}, Agency: named{at.Agency.Code, at.Agency.Name},
		City: d.City().Name, Demo: d.City().Demo,
		Period: periodBody{named{at.Period.Code, at.Period.Name}, at.Period.From, at.Period.To},
		Form:   at.Form.ID, Services: servicesOf(at.Unit), Question: at.Form.Questions, Fields: at.Form.Fields,
		Limits: map[string]int{"comment": survey.MaxComment, "body": bodyLimit},
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=60")
	return c.JSON(body)
}

// received is the answer to a stored response.
type received struct {
	ID         string    `json:"id"`
	Receipt    string    `json:"receipt"`
	ReceivedAt time.Time `json:"received_at"`
}

// receive is POST /api/v1/points/{point}/responses: the point first, then the
// body's shape and its meaning; only what has no fault is stored.
func (s *server) receive(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	if _, ok := d.Point(c.Params("point")); !ok {
		return survey.Errorf(survey.NotFound, "there is no service point with this code")
	}
	in, faults, err := readSubmission(c.Request().Body())
	if err != nil {
		return err
	}
	t, err := s.take(c, d, in, faults)
	if err != nil {
		return err
	}
	status := fiber.StatusCreated
	if t.outcome.Result == survey.Duplicate {
		status = fiber.StatusOK
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(received{ID: t.response.ID.String(), Receipt: t.response.Receipt(), ReceivedAt: t.outcome.ReceivedAt})
}

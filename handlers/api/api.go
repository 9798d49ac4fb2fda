package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/ingest"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Deps is what the area needs.
type Deps struct {
	Receiver *ingest.Receiver
	Figures  *report.Builder
	Entries  *lke.Entries
}

// resources are the resources of the API.
type resources struct {
	site *web.Site
	Deps
}

// Mount adds the JSON API of the contract; openapi.json describes it.
func Mount(app *fiber.App, site *web.Site, of Deps) {
	s := &resources{site, of}
	open := site.Area(app, web.Anonymous)
	open.Get("/api/v1/points/:point", access.Answer, s.site.AtPoint(s.describePoint))
	open.Post("/api/v1/points/:point/responses", access.Answer, s.site.AtPoint(s.receive))
	open.Get("/api/v1/periods", access.Browse, s.periods)
	open.Get("/api/v1/units", access.Browse, s.units)
	keyed := site.Area(app, site.Keys.Actor)
	keyed.Get("/api/v1/results", access.ReadResults, s.results)
	keyed.Get("/api/v1/results/history", access.ReadResults, s.history)
	keyed.Get("/api/v1/results/breakdown", access.ReadBreakdown, s.breakdown)
	keyed.Get("/api/v1/zi/indicators", access.ReadLKE, s.indicators)
	keyed.Put("/api/v1/zi/indicators", access.WriteLKE, s.setIndicators)
	open.Get("/api/openapi.json", access.Browse, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
		return c.Send(openAPI)
	})
}

// pointBody is enough to draw a point's form.
type pointBody struct {
	Point    nameBody          `json:"point"`
	Unit     nameBody          `json:"unit"`
	Agency   nameBody          `json:"agency"`
	City     string            `json:"city"`
	Demo     bool              `json:"demo,omitempty"`
	Period   periodBody        `json:"period"`
	Form     string            `json:"instrument"`
	Services []nameBody        `json:"services"`
	Question []survey.Question `json:"questions"`
	Fields   []survey.Field    `json:"respondent"`
	Notice   noticeBody        `json:"notice"`
	Limits   map[string]int    `json:"limits"`
}

type nameBody struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type periodBody struct {
	nameBody
	From survey.Date `json:"from"`
	To   survey.Date `json:"to"`
}

// describePoint is GET /api/v1/points/{point}.
func (s *resources) describePoint(c *fiber.Ctx, d *survey.Directory, point survey.Place) error {
	at, err := d.Resolve(point, c.Query("period"), s.site.Now())
	if err != nil {
		return err
	}
	body := pointBody{
		Point: nameBody{at.Point.Code, at.Point.Name}, Unit: nameBody{at.Unit.Code, at.Unit.Name}, Agency: nameBody{at.Agency.Code, at.Agency.Name},
		City: d.City().Name, Demo: d.City().Demo,
		Period: periodBody{nameBody{at.Period.Code, at.Period.Name}, at.Period.From, at.Period.To},
		Form:   at.Form.ID, Services: servicesOf(at.Unit), Question: at.Form.Questions, Fields: at.Form.Fields,
		Notice: s.notice(d.City(), at.Period),
		Limits: map[string]int{"comment": survey.MaxComment, "body": web.BodyLimit},
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=60")
	return c.JSON(body)
}

// receiptBody is the answer to a stored response.
type receiptBody struct {
	ID         string    `json:"id"`
	Receipt    string    `json:"receipt"`
	ReceivedAt time.Time `json:"received_at"`
}

// receive is POST /api/v1/points/{point}/responses: the point first, then the
// body's shape and its meaning; only what has no fault is stored.
func (s *resources) receive(c *fiber.Ctx, d *survey.Directory, point survey.Place) error {
	reader, _ := draftReaders.Get().(*draftReader)
	defer draftReaders.Put(reader)
	draft, err := reader.read(c.Request().Body())
	if err != nil {
		return err
	}
	result, err := s.Receiver.Receive(c.UserContext(), d, point, draft, s.site.Passing(c))
	if err != nil {
		return err
	}
	status := fiber.StatusCreated
	if result.Outcome.Result == survey.Duplicate {
		status = fiber.StatusOK
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(receiptBody{ID: result.Response.ID.String(), Receipt: result.Response.Receipt(), ReceivedAt: result.Outcome.ReceivedAt})
}

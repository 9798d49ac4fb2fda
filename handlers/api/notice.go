package api

import "persepsi/survey"

// noticeBody is what whoever draws a form must show before it is sent: the short lines
// and where the rest stands.
type noticeBody struct {
	// Version is sent back as `notice` with an answer: it says what was read.
	Version    string              `json:"version"`
	Basis      survey.Basis        `json:"basis"`
	Law        survey.Text         `json:"law"`
	Controller survey.Text         `json:"controller"`
	Address    survey.Text         `json:"address,omitempty"`
	Email      string              `json:"email,omitempty"`
	Phone      string              `json:"phone,omitempty"`
	Officer    survey.Text         `json:"officer,omitempty"`
	Months     int                 `json:"retention_months"`     // 0: without limit
	Until      *survey.Date        `json:"kept_until,omitempty"` // the last day of it
	Lines      map[string][]string `json:"lines"`
	Agree      survey.Text         `json:"agree,omitempty"` // the words at the box, where the basis is consent
	Page       string              `json:"page"`
}

// notice returns what citizens are told at a form of a period.
func (s *resources) notice(city *survey.City, period *survey.Period) noticeBody {
	n := &city.Notice
	body := noticeBody{
		Version: city.NoticeVersion(), Basis: n.BasisOrDefault(), Law: survey.Text{}, Controller: survey.Text{}, Address: n.Address,
		Email: n.Email, Phone: n.Phone, Officer: n.Officer, Months: n.RetentionMonths, Lines: map[string][]string{}, Page: "/privasi",
	}
	for lang, told := range s.site.Pages.Notices(city, period) {
		body.Law[lang], body.Controller[lang], body.Lines[lang], body.Until = told.Law(), told.Controller(), told.Short, told.Until
		if told.Consent() {
			if body.Agree == nil {
				body.Agree = survey.Text{}
			}
			body.Agree[lang] = s.site.Pages.Say(lang, "notice.agree")
		}
	}
	return body
}

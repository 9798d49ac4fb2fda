package survey

// Repeats reports whether a draft is a stored answer sent again from its point,
// whatever has changed since: the period may be over, a newer one running, a
// service added. Its reply was lost, and the answer must not be.
func (d *Directory) Repeats(draft *Draft, point Place, stored *Response) bool {
	period, ok := d.Period(stored.Period)
	if !ok || point.Point == nil {
		return false
	}
	form, err := d.library.FormByID(stored.Form)
	if err != nil {
		return false
	}
	again := *draft
	if again.Service == "" {
		again.Service = stored.Service
	}
	s := Sitting{Place: point, Period: period, Form: form}
	r, faults := s.Check(&again, d.zone, stored.ReceivedAt)
	return len(faults) == 0 && r.Same(stored)
}

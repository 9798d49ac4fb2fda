package survey

// Choose returns the period that is asked for by its code; else the first of a list that has
// answers, else the first; nil: the list is empty. Error: NotFound.
func (d *Directory) Choose(list []*Period, asked string, answered func(*Period) bool) (*Period, error) {
	if asked != "" {
		p, ok := d.Period(asked)
		if !ok {
			return nil, Errorf(NotFound, "there is no such period")
		}
		return p, nil
	}
	for _, p := range list {
		if answered(p) {
			return p, nil
		}
	}
	if len(list) > 0 {
		return list[0], nil
	}
	return nil, nil //nolint:nilnil // no period yet is no error
}

package analytics

// Figure is a released index as far as comparing, limiting and foretelling need it: its
// value, how sure that is, and what it was made by. It is never changed. A few hundred
// bytes, so that those of all months of a city can be kept.
//
// It is made of an index of a period, of a release or of the span between two of them,
// and so tells nothing which that index does not.
type Figure struct {
	// Code is the index's code, Instrument the reference NAME@VERSION of what was asked,
	// Method that of how it was computed.
	Code, Instrument, Method string
	Value                    float64    // on the index's own scale, as Index.Value
	Shown                    string     // Value with two decimals
	Mutu                     string     // the grade by the table of its own time
	CI95                     [2]float64 // on Value's scale
	N                        int64      // respondents, as Index.N

	answered int64 // respondents, as Index.Answered
	aspects  mask  // with answers, by their place in the index
	partial  bool
	exact    Ratio // Value
	evidence evidence
	// offset + slope·v is what a mean v on the answers' scale is on 0..100.
	offset, slope float64
}

// FigureOf returns what is to be kept of an index by its code; instrument is the
// reference of what was asked, empty where it isn't known. nil for nil.
func FigureOf(code, instrument string, x *Index) *Figure {
	if x == nil {
		return nil
	}
	out := &Figure{
		Code: code, Instrument: instrument, Method: x.Method, Value: x.Value, Shown: x.Shown, Mutu: x.Mutu, CI95: x.CI95, N: x.N,
		answered: x.Answered, partial: x.Partial(), exact: x.ExactValue, evidence: x.evidence,
	}
	if x.by.k > 0 {
		out.slope, out.offset = x.by.line()
	}
	for a := range x.Aspects {
		if x.Aspects[a].Exact.Known() {
			out.aspects = out.aspects.with(a)
		}
	}
	return out
}

// sure reports whether it is known how sure the figure is: not where there is none, and not
// of one that was read from an older report.
func (f *Figure) sure() bool { return f != nil && f.evidence.size > 0 && f.slope > 0 }

// apart returns why two figures can't be compared; empty where they can.
func (f *Figure) apart(o *Figure) string {
	switch {
	case !f.sure() || !o.sure() || f.Code != o.Code || f.Instrument == "" || o.Instrument == "":
		return ApartUnknown
	case f.Instrument != o.Instrument:
		return ApartForm
	case f.Method != o.Method:
		return ApartMethod
	case f.aspects != o.aspects:
		return ApartAspects
	}
	return ""
}

// Why two figures are not compared.
const (
	ApartUnknown = "unknown" // one is missing, or it isn't known what it was made by or how sure it is
	ApartForm    = "form"    // other questions, or another version of them
	ApartMethod  = "method"  // computed another way
	ApartAspects = "aspects" // other aspects have answers
)

// value carries a mean on the answers' scale to the scale of the figure's value.
func (f *Figure) value(mean float64) float64 { return f.hundredths(mean) / f.unit() }

// unit is how many hundredths of the whole scale 1 of the figure's value is.
func (f *Figure) unit() float64 {
	if f.Code == IKM {
		return 1
	}
	return hundred
}

// spread returns how much one respondent's part in the mean varies, on 0..100 and squared:
// where so few answered that it isn't known, more than was measured.
func (f *Figure) spread() float64 {
	width, p := f.evidence.hi-f.evidence.lo, (f.evidence.mean-f.evidence.lo)/(f.evidence.hi-f.evidence.lo)
	p = (f.evidence.size*p + 1) / (f.evidence.size + 2)
	return f.evidence.dispersed() * p * (1 - p) * width * width * f.slope * f.slope
}

// at100 returns the figure's value on 0..100.
func (f *Figure) at100() float64 { return f.hundredths(f.evidence.mean) }

// hundredths carries a mean on the answers' scale to 0..100.
func (f *Figure) hundredths(mean float64) float64 { return f.offset + f.slope*mean }

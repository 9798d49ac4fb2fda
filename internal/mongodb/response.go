package mongodb

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"persepsi/analytics"
	"persepsi/survey"
)

// origin is who stored a response: the writer (one per process) and its
// running number.
type origin struct {
	writer primitive.ObjectID
	number int64
}

// appendResponse writes the document of a response, which an import may have brought.
func appendResponse(dst []byte, r *survey.Response, bucket string, imported int, o origin) []byte {
	at, dst := bsoncore.AppendDocumentStart(dst)
	dst = bsoncore.AppendBinaryElement(dst, "_id", bson.TypeBinaryUUID, r.ID[:])
	dst = bsoncore.AppendStringElement(dst, "bucket", bucket)
	dst = bsoncore.AppendStringElement(dst, "service", r.Service)
	dst = bsoncore.AppendStringElement(dst, "point", r.Point)
	dst = bsoncore.AppendStringElement(dst, "mode", r.Mode.String())
	dst = bsoncore.AppendStringElement(dst, "lang", r.Lang)
	dst = bsoncore.AppendInt32Element(dst, "hour", int32(r.Hour))
	if !r.StartedAt.IsZero() {
		dst = bsoncore.AppendDateTimeElement(dst, "started_at", r.StartedAt.UnixMilli())
	}
	dst = bsoncore.AppendDateTimeElement(dst, "received_at", r.ReceivedAt.UnixMilli())
	dst = bsoncore.AppendStringElement(dst, "answers", string(r.Answers))
	dst = bsoncore.AppendStringElement(dst, "respondent", string(r.Respondent))
	if r.Comment != "" {
		dst = bsoncore.AppendStringElement(dst, "comment", r.Comment)
	}
	if imported != 0 {
		dst = bsoncore.AppendInt64Element(dst, "import", int64(imported))
	}
	dst = bsoncore.AppendObjectIDElement(dst, "w", o.writer)
	dst = bsoncore.AppendInt64Element(dst, "q", o.number)
	dst, _ = bsoncore.AppendDocumentEnd(dst, at) // fails only on a wrong start
	return dst
}

// decoder reads response documents without reflection. It keeps each text that
// recurs (codes, languages) once, so that reading a million responses doesn't
// allocate millions of them.
type decoder struct {
	texts  map[string]string
	bucket string
	key    analytics.Key
}

func newDecoder() *decoder { return &decoder{texts: map[string]string{}} }

// decode reads a document into r, every field of it.
func (d *decoder) decode(doc bson.Raw, r *survey.Response) (origin, error) {
	*r = survey.Response{}
	var o origin
	length, rest, ok := bsoncore.ReadLength(doc)
	for ok = ok && int(length) == len(doc); ok && len(rest) > 1; {
		var e bsoncore.Element
		if e, rest, ok = bsoncore.ReadElement(rest); !ok {
			break
		}
		if err := d.field(e, r, &o); err != nil {
			return o, err
		}
	}
	if !ok {
		return o, fmt.Errorf("stored response is not a whole document")
	}
	return o, nil
}

func (d *decoder) field(e bsoncore.Element, r *survey.Response, o *origin) error {
	v := e.Value()
	ok := true
	switch string(e.KeyBytes()) {
	case "_id":
		var id []byte
		_, id, ok = v.BinaryOK()
		ok = ok && len(id) == len(r.ID)
		copy(r.ID[:], id)
	case "bucket", takenOut:
		if err := d.setBucket(v, r); err != nil {
			return err
		}
	case "service":
		r.Service, ok = d.text(v)
	case "point":
		r.Point, ok = d.text(v)
	case "mode":
		var mode string
		if mode, ok = d.text(v); ok {
			var err error
			if r.Mode, err = survey.ParseMode(mode); err != nil {
				return fmt.Errorf("stored response: %w", err)
			}
		}
	case "lang":
		r.Lang, ok = d.text(v)
	case "hour":
		var hour int32
		hour, ok = v.Int32OK()
		r.Hour = uint8(hour)
	case "started_at":
		r.StartedAt, ok = instant(v)
	case "received_at":
		r.ReceivedAt, ok = instant(v)
	case "answers":
		var s string
		s, ok = v.StringValueOK()
		r.Answers = survey.Marks(s)
	case "respondent":
		var s string
		s, ok = d.text(v)
		r.Respondent = survey.Marks(s)
	case "comment":
		r.Comment, ok = v.StringValueOK()
	case "w":
		o.writer, ok = v.ObjectIDOK()
	case "q":
		o.number, ok = v.Int64OK()
	}
	if !ok {
		return fmt.Errorf("stored response: field %s is of a wrong type", e.Key())
	}
	return nil
}

func (d *decoder) setBucket(v bsoncore.Value, r *survey.Response) error {
	b, ok := textBytes(v)
	if !ok {
		return fmt.Errorf("stored response: field bucket is of a wrong type")
	}
	if d.bucket != string(b) {
		key, err := parseBucket(string(b))
		if err != nil {
			return fmt.Errorf("stored response: %w", err)
		}
		d.bucket, d.key = string(b), key
	}
	r.Period, r.Unit, r.Form, r.Day = d.key.Period, d.key.Unit, d.key.Form, d.key.Start
	return nil
}

func (d *decoder) text(v bsoncore.Value) (string, bool) {
	b, ok := textBytes(v)
	if !ok {
		return "", false
	}
	s, known := d.texts[string(b)]
	if !known {
		s = string(b)
		d.texts[s] = s
	}
	return s, true
}

// textBytes returns the bytes of a string value without copying them: a length,
// the text and a closing zero.
func textBytes(v bsoncore.Value) ([]byte, bool) {
	if v.Type != bson.TypeString || len(v.Data) < 5 {
		return nil, false
	}
	return v.Data[4 : len(v.Data)-1], true
}

func instant(v bsoncore.Value) (time.Time, bool) {
	ms, ok := v.DateTimeOK()
	return time.UnixMilli(ms).UTC(), ok
}

package document

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"reflect"
	"time"
)

// Digest returns a number of all that a document says: two documents with the same one are
// written as the same bytes. It is no more than that: another version of the program may
// digest the same document otherwise.
func (d *Document) Digest() [sha256.Size]byte {
	h := sha256.New()
	if d.PageOf != nil { // a function says what it says of one page
		digest(h, reflect.ValueOf(d.PageOf(1, 2)))
	}
	digest(h, reflect.ValueOf(*d))
	return [sha256.Size]byte(h.Sum(nil))
}

var timeType = reflect.TypeFor[time.Time]()

// digest writes a value, so that no two different ones write the same.
func digest(h hash.Hash, v reflect.Value) {
	number := func(x uint64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], x)
		_, _ = h.Write(b[:]) // a hash takes all
	}
	text := func(s string) {
		number(uint64(len(s)))
		_, _ = h.Write([]byte(s))
	}
	if v.Type() == timeType {
		text(v.Interface().(time.Time).Format(time.RFC3339Nano))
		return
	}
	switch v.Kind() {
	case reflect.String:
		text(v.String())
	case reflect.Bool:
		if v.Bool() {
			number(1)
		} else {
			number(0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		number(v.Uint())
	case reflect.Float32, reflect.Float64:
		number(math.Float64bits(v.Float()))
	case reflect.Struct:
		for i := range v.NumField() {
			digest(h, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		number(uint64(v.Len()))
		for i := range v.Len() {
			digest(h, v.Index(i))
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			number(0)
			return
		}
		text(v.Elem().Type().String()) // has a length: it begins as nothing does
		digest(h, v.Elem())
	case reflect.Func: // words of a language, which is in the digest, or how it is written
	default:
		panic(fmt.Sprintf("a document holds a %s, which has no digest", v.Type())) // its test walks every type
	}
}

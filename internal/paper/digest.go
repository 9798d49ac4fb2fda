package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"persepsi/survey"
)

// digests returns one SHA-256 for each unit, by its code: over its rows as
// canonical bytes, in their own order. The same multiset of rows has the same
// digest in whatever order, file and format it comes.
func digests(list []*survey.Response, dated map[*survey.Response]bool) map[string][sha256.Size]byte {
	rows := map[string][][]byte{}
	for _, r := range list {
		rows[r.Unit] = append(rows[r.Unit], canonical(r, dated[r]))
	}
	out := make(map[string][sha256.Size]byte, len(rows))
	for unit, list := range rows {
		slices.SortFunc(list, bytes.Compare)
		h := sha256.New()
		h.Write([]byte("persepsi paper 1\n")) // a hash never fails
		for _, row := range list {
			h.Write(row)
		}
		out[unit] = [sha256.Size]byte(h.Sum(nil))
	}
	return out
}

// canonical returns what a row says, each part after its length: service, day
// where the row told one, answers, respondent and comment. The id is not of it,
// nor anything that the file added.
func canonical(r *survey.Response, dated bool) []byte {
	day := ""
	if dated {
		day = r.Day.String()
	}
	var out []byte
	for _, part := range []string{r.Service, day, string(r.Answers), string(r.Respondent), r.Comment} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

package testkit

import (
	"time"
)

// City is the city of most tests: a unit with two services, one with one, a
// running period, a closed one and one to come.
const City = `
city: {name: Kota Contoh}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan dan Pencatatan Sipil
    units:
      - code: dukcapil-loket
        name: Unit Pelayanan
        services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta kelahiran}]
        points: [{code: KUPARI47, name: Loket 1}, {code: BEDATO92, name: Loket lama, closed: true}]
  - code: dinkes
    name: Dinas Kesehatan
    units:
      - code: pkm
        name: Puskesmas Melati
        services: [{code: umum, name: Poli umum}]
        points: [{code: MELATI38, name: Pendaftaran}]
      - code: pkm-tutup
        name: Puskesmas Tutup
        points: [{code: TUTUPA22, name: Pendaftaran}]
periods:
  - code: 2025-s2
    name: Semester II 2025
    from: 2025-07-01
    to: 2025-12-31
    instrument: terpadu-16
    units: [dukcapil-loket, pkm]
  - code: 2026-s1
    name: Semester I 2026
    from: 2026-01-01
    to: 2026-06-30
    instrument: terpadu-16
    population: {dukcapil-loket: 703}
    units: [dukcapil-loket, pkm]
  - code: 2026-s2
    name: Semester II 2026
    from: 2026-07-01
    to: 2026-12-31
    instrument: skm-9
`

// Noon is the moment at which the clock stands: within 2026-s1, 12:00 in the
// city.
func Noon() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) }

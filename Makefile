.PHONY: help run demo check test race lint ci bench mutants docker

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: ## serve the city in ./data
	go run ./cmd/persepsi

demo: ## serve a demonstration city in ./demo
	go run ./cmd/persepsi serve --demo --data demo

# Tests hold little and make much garbage: collected more rarely it takes a fifth less time,
# and up to a gigabyte.
check test: export GOGC ?= 400

# The tests build every package, those without tests too; CI builds without cgo, which here
# would compile all that changed a second time. govet is one of the linters. Some tests wait for
# processes and sockets: four of a package at once leave no processor idle meanwhile.
check: lint ## what must hold before each commit: format, lint, build, import rules, short tests
	go test -short -vet=off -parallel 4 ./...

test: ## every test that this machine can run
	go test ./...

race: ## the same under the race detector
	go test -race -gcflags='modernc.org/...=-race=false' -short ./...

lint: ## format and lint as CI does, with the linters that CI pins
	@tools=$$(.ci/tools); unformatted=$$(git ls-files -z '*.go' | xargs -0 $$tools/gofumpt -l); \
		if [ -n "$$unformatted" ]; then echo "gofumpt would change:"; echo "$$unformatted"; exit 1; fi; \
		$$tools/golangci-lint run ./...

ci: ## everything that must hold before a change lands
	.ci/run

bench: ## the store's benchmarks
	go test -run '^$$' -bench . -benchtime 3x ./internal/sqlite ./internal/datadir

mutants: ## AREA=analytics: break it in small ways and list the breaks that no test noticed (docs/testing.md)
	@test -d "$(AREA)" || { echo "usage: make mutants AREA=analytics [FLAGS='--sample 200'] (a package's directory)" >&2; exit 2; }
	@go run ./cmd/mutants --within 1h $(FLAGS) $(AREA)

docker: ## an image of the service
	docker build -t persepsi .

.PHONY: help run demo test race lint ci bench docker

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: ## serve the city in ./data
	go run ./cmd/persepsi

demo: ## serve a demonstration city in ./demo
	go run ./cmd/persepsi serve --demo --data demo

test: ## every test that this machine can run
	go test ./...

race: ## the same under the race detector
	go test -race -short ./...

lint: ## what CI lints, with golangci-lint from the PATH
	golangci-lint run ./...

ci: ## everything that must hold before a change lands
	.ci/run

bench: ## the store's benchmarks
	go test -run '^$$' -bench . -benchtime 3x ./internal/sqlite

docker: ## an image of the service
	docker build -t persepsi .

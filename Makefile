# Every target runs scripts/; so does .ci/run. `make` alone lists the targets.

.DEFAULT_GOAL := help
.PHONY: help demo test test-servers check bench bench-quick bench-parts generate api fuzz cover clean

FUZZTIME ?= 30s

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## show the client at work against a Redis server of its own
	@scripts/need-go
	@scripts/need-redis --optional
	@go run ./cmd/fairlead demo

test: ## all tests of all modules, with the race detector
	@scripts/need-go
	@scripts/need-cc
	@scripts/need-redis
	@scripts/test

test-servers: ## the client and every command against Redis 7.0, Redis 8.0 and Valkey 9.1 with RESP2 and RESP3; Debian's apt gets them
	@scripts/need-go
	@scripts/test-servers

check: ## format, vet, linters, import floors, exported surface, generated files
	@scripts/need-go
	@scripts/tools
	@scripts/check

bench: ## speed beside the other clients for Go, about 14 minutes; writes bench/RESULTS.md and bench/pictures
	@scripts/need-go
	@scripts/need-redis
	@scripts/bench

bench-quick: ## a part of bench in less than a minute; writes nothing
	@scripts/need-go
	@scripts/need-redis
	@scripts/bench -quick

bench-parts: ## the benchmarks of the parts, COUNT times each (6); OLD=an earlier bin/parts.txt or a revision compares
	@scripts/need-go
	@scripts/need-redis
	@scripts/benchparts $(OLD)

generate: ## write the generated files anew
	@scripts/need-go
	@go run ./internal/gen

api: ## write api.txt, the exported surface, anew; review its diff
	@scripts/need-go
	@go test -run '^TestAPI$$' . -update

fuzz: ## every fuzz target, one after another, FUZZTIME each (30s)
	@scripts/need-go
	@scripts/fuzz $(FUZZTIME)

cover: ## coverage of resp, internal/conn, internal/pool; at least 90 % each
	@scripts/need-go
	@scripts/need-redis
	@scripts/cover

clean: ## remove the installed tools and what was built here
	@rm -rf .tools bin cover.out

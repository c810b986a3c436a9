# Rapport's front door. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check fmt lint openapi client plans bench profile e2e contract security fuzz load scale faults screenshots licences clean
CARGO := source tools/env.sh && cargo
PACKAGES := npm:frontend npm:tests/contract npm:tests/e2e

help: ## this list
	@grep -hE '^[a-z0-9]+:.*##' Makefile | sed -E 's/^([a-z0-9]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 22

run: ## Rapport with sample data at http://127.0.0.1:8080
	@tools/run

test: ## everything that must hold: formats, lints, licences, tests on both databases, contract, browser
	@tools/test

check: ## the quick half of it: formats, lints and types, no tests
	@tools/test "install Rust tools" "install packages" format architecture clippy licences \
	  "frontend lint" "frontend typecheck" "openapi lint"

fmt: ## formats Rust, TypeScript and CSS
	@$(CARGO) fmt --all
	@tools/setup node npm:frontend
	@cd frontend && npm run --silent format

lint: ## clippy and biome, warnings are errors
	@tools/test clippy "frontend lint"

openapi: ## writes openapi/openapi.json from the handlers
	@tools/setup rust
	@tools/openapi

client: ## writes the frontend's API types from openapi/openapi.json
	@tools/setup node npm:frontend
	@tools/frontend-types

contract: ## fuzzes the real program against its own contract, on both databases
	@tools/test "install packages" "install Rust tools" build "contract on SQLite" "contract on PostgreSQL"

security: ## attacks the real program: rights, sessions, the wire, injection, secrets in logs; on both databases
	@tools/test "install packages" "install Rust tools" build "security on SQLite" "security on PostgreSQL" fuzz

fuzz: ## lets libFuzzer look for what breaks the readers of filters, tokens, bodies … (SECONDS_EACH=600 TARGET=cursor)
	@tools/fuzz $(TARGET)

e2e: ## drives the real program with a real browser
	@tools/test "install packages" "install Rust tools" build "frontend build and size" "end to end"

load: ## loads the small set of sales data twice through the API, and opens very many streams of events, on both databases
	@tools/test "install packages" "install Rust tools" build "load on SQLite" "load on PostgreSQL" "events on SQLite" "events on PostgreSQL"

faults: ## breaks what surrounds the program, 300 kills and all, on both databases, into docs/reliability.md (SEED=…, FAMILIES=…, SCALE=…)
	@tools/test "install Rust tools" build
	@tools/setup postgres faults
	@tools/faults $(if $(SCALE),,--report docs/reliability.md) $(FAMILIES)

plans: ## the plans of all requests on 100,000 customers, on both databases (half an hour)
	@tools/setup rust postgres
	@source tools/env.sh && RAPPORT_PLAN_SIZE=$${SIZE:-100000} tools/with-postgres cargo test --release --locked \
	  -p rapport-api --test it -- --nocapture --test-threads=1 comes_from_an_index reads_a_whole_table

bench: ## measures the release build on both databases into docs/benchmarks-*.md (SIZES=1000,100000)
	@tools/bench

scale: ## several nodes, a standby and a fail-over on real PostgreSQL servers, and upgrades from every release
	@tools/test "install packages" "install Rust tools" build "upgrade" "scale out"

profile: ## counts the instructions of the hottest requests into docs/profile.md
	@tools/setup rust python profile
	@$(CARGO) build --profile profiling --locked --bin rapport
	@source tools/env.sh && RAPPORT_BIN="$$CARGO_TARGET_DIR/profiling/rapport" tools/profile --write docs/profile.md \
	  --commit "$$(git rev-parse --short HEAD)"

screenshots: ## takes the pictures of docs/images again
	@tools/setup rust node browser faults $(PACKAGES)
	@$(CARGO) build --quiet --locked --bin rapport
	@tools/frontend-build
	@source tools/env.sh && cd tests/e2e && SCREENSHOTS=1 npm run --silent test
	@if command -v pngquant >/dev/null; then pngquant --force --ext .png --quality 70-95 docs/images/*.png; \
	  else echo "• install pngquant to make the pictures a third of their size"; fi

licences: ## the licences of all crates and of the frontend's packages
	@tools/test "install Rust tools" "install packages" architecture licences

clean: ## removes what was built, here and in the cache folder; data/ stays
	@source tools/env.sh && rm -rf "$$CACHE" frontend/dist frontend/node_modules tests/*/node_modules

# The two commands are `make run` and `make test`; the work is in scripts/.
# Caches are in $PLLM_CACHE (~/.cache/pllm), outside of the clone.

.PHONY: help run build test quick soak dist

help:
	@echo "make run    install what is missing, build, ingest the sample library, answer a question, serve it"
	@echo "make test   all tests, with the time of each stage"
	@echo "make quick  formatting, lints and the tests inside the crates"
	@echo "make soak   hours: many crash points, long property tests, all evaluation sets"
	@echo "make dist   an archive for others, with binary and model: build/dist/pllm-….tar.gz"

run: build
	@scripts/model.sh
	@scripts/run.sh

build:
	@scripts/setup.sh run
	@scripts/build.sh

test:
	@scripts/test.sh full

quick:
	@scripts/test.sh quick

soak: build
	@scripts/model.sh
	@scripts/soak.sh

dist:
	@scripts/setup.sh run
	@scripts/build.sh dist
	@PLLM_BINARY=build/dist/pllm scripts/model.sh
	@scripts/dist.sh

# The front door of the repository. `make` alone lists the targets.

SHELL := /bin/bash
PREFIX ?= /usr/local
BENCH_OPTIONS ?=

APUS := $(CURDIR)/.build/release/apus
TEST_VENV := $(CURDIR)/.build/test-venv

# What a release is: no Swift runtime needed on the user's machine, no exclusivity checks at run time. Bounds checks stay.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked
TEST_FLAGS := --disable-xctest
# Most tests start programs and have time limits: more at once than a few per core keep each other waiting. Older releases of
# Swift do not have the option.
TEST_WIDTH ?= $(shell echo $$((3 * $$(getconf _NPROCESSORS_ONLN))))
TEST_PARALLEL = $(if $(shell swift test --help-hidden 2>/dev/null | grep -o maximum-parallelization-width),--experimental-maximum-parallelization-width $(TEST_WIDTH))
# The programs of the corpus are data.
SWIFT_FILES = Package.swift $(shell find Sources Tests -name '*.swift' -not -path 'Tests/Corpus/*')
FUZZ_SECONDS ?= 300
# On other systems programs are not linked statically.
DIST_WHERE_STATIC := $(if $(filter Linux,$(shell uname -s)),dist)
# Fully static, with a directory of its own because every module is compiled anew. LLVM's linker, which comes with Swift,
# is quiet about the resolver in NIO that is never asked.
DIST := $(CURDIR)/.build/dist
DIST_FLAGS := -c release --product apus-rie --scratch-path .build-static -Xswiftc -static-executable \
	-Xswiftc -enforce-exclusivity=unchecked -Xswiftc -use-ld=lld -Xlinker -s
FUZZ_BUILD := $(CURDIR)/.build-fuzz
LAUNCHER_CC = $(shell command -v clang || echo cc) -O2 -ISources/CLauncher/include Sources/apus-launcher/main.c Sources/CLauncher/*.c

.DEFAULT_GOAL := help
.PHONY: help setup setup-test release dist demo build-tests test lint format bench corpus fuzz tsan asan docs install clean dist-clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r target text; do \
		printf '  make %-12s %s\n' "$$target" "$$text"; done

setup: ## install what building and the demo need (apt; only what is missing)
	@scripts/setup.sh demo

setup-test: setup
	@scripts/setup.sh test $(TEST_VENV)

release: setup ## build the release: .build/release/apus
	swift build $(RELEASE_FLAGS) --product apus
	@# SwiftPM would link the whole Swift runtime to these few hundred lines of C, to be loaded at every start.
	$(LAUNCHER_CC) -static -o $(dir $(APUS))apus-launcher 2>/dev/null || $(LAUNCHER_CC) -o $(dir $(APUS))apus-launcher

dist: setup ## build the fully static apus-rie for images: .build/dist/apus-rie
	swift build $(DIST_FLAGS)
	@mkdir -p $(DIST) && install -m 755 .build-static/release/apus-rie $(DIST)/apus-rie
	@echo "$(DIST)/apus-rie: $$(($$(wc -c <$(DIST)/apus-rie) / 1000)) kB"

demo: release ## build and invoke Examples/assembly-hello
	cd Examples/assembly-hello && $(APUS) build && $(APUS) invoke -e events/event.json

build-tests: setup-test $(DIST_WHERE_STATIC)
	swift build --build-tests $(TEST_FLAGS)

test: setup-test $(DIST_WHERE_STATIC) ## run every test
	APUS_TEST_VENV=$(TEST_VENV) swift test $(TEST_FLAGS) $(TEST_PARALLEL)

lint: ## check format and architecture
	@swift format lint --strict $(SWIFT_FILES)
	scripts/check-imports.sh

format: ## format the sources
	@swift format -i $(SWIFT_FILES)

tsan: setup-test ## run the tests under ThreadSanitizer
	swift build --build-tests $(TEST_FLAGS) --sanitize=thread --scratch-path .build-tsan
	@# The launcher has one thread and forks: the sanitizer would give it another, which the child of a fork may wait for.
	$(LAUNCHER_CC) -o .build-tsan/debug/apus-launcher
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/Sanitizers/tsan.supp" APUS_TEST_VENV=$(TEST_VENV) \
		swift test $(TEST_FLAGS) $(TEST_PARALLEL) --sanitize=thread --scratch-path .build-tsan --skip-build

asan: setup-test ## run the tests under AddressSanitizer
	LSAN_OPTIONS="suppressions=$(CURDIR)/Tests/Sanitizers/lsan.supp" APUS_TEST_VENV=$(TEST_VENV) \
		swift test $(TEST_FLAGS) $(TEST_PARALLEL) --sanitize=address --scratch-path .build-asan

bench: release setup-test ## measure against the C floor and the peers; BENCH_OPTIONS='--quick --only apus …'
	python3 Benchmarks/bench.py --apus $(APUS) --out $(CURDIR)/.build/bench $(BENCH_OPTIONS)

corpus: release ## measure inspect on 150 programs whose fate is known
	@scripts/setup.sh corpus
	python3 scripts/corpus.py --apus $(APUS) --out $(CURDIR)/.build/corpus

fuzz: setup ## run the fuzz programs for FUZZ_SECONDS each (default 300)
	APUS_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path $(FUZZ_BUILD) --product FuzzELF
	APUS_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path $(FUZZ_BUILD) --product FuzzZip
	mkdir -p $(FUZZ_BUILD)/corpus-elf $(FUZZ_BUILD)/corpus-zip
	cp -n .build/*/debug/apus-launcher /bin/true $(FUZZ_BUILD)/corpus-elf 2>/dev/null || true
	cd $(FUZZ_BUILD) && SWIFT_BACKTRACE=enable=no release/FuzzELF -max_total_time=$(FUZZ_SECONDS) -timeout=1 \
		-rss_limit_mb=256 -max_len=72000 corpus-elf
	cd $(FUZZ_BUILD) && SWIFT_BACKTRACE=enable=no release/FuzzZip -max_total_time=$(FUZZ_SECONDS) -timeout=1 \
		-rss_limit_mb=256 corpus-zip

docs: release setup-test ## check that the links and the commands in the documentation are right
	python3 scripts/check-docs.py $(APUS)

install: release ## install apus and its shell completions below PREFIX (default /usr/local)
	scripts/install.sh $(APUS) "$(DESTDIR)$(PREFIX)"

clean: ## remove what was built
	swift package clean
	rm -rf .build-tsan .build-asan .build-fuzz .build-static .build/dist .build/bench .build/corpus Examples/*/.aws-sam

dist-clean: clean ## remove everything that is not in the repository
	rm -rf .build

# SPDX-License-Identifier: Apache-2.0
# Everything is built once, in release, by the same command for all targets.

# Colours are part of the compiler's command line: with them, a build on a terminal and one without would undo each other.
BUILD = swift build -c release --build-tests --no-color-diagnostics
# Tests at one time: with all of them under way at once, each would wait for the others longer than it may for an answer.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 4
prefix ?= /usr/local

.PHONY: help run test build demo-day bench growth fuzz random soak soak-hours faults hostile tls-scan mutants sanitize format lint man install clean packages

help:                ## show this list
	@sed -n 's/^\([a-z-]*\): .*## /\1\t/p' Makefile | expand -t 12

packages:
	@.ci/system-packages

build: packages      ## build everything in release
	@$(BUILD)

run: build           ## look at a community with visitors, on this machine and gone afterwards
	@.ci/try

test: build          ## run every test; needs no terminal and no network
	@.ci/schema-check
	@swift test -c release --skip-build

demo-day: build      ## play the seminar of 23 June 2023 from beginning to end, and compile its report (docs/DEMO.md)
	@"$$(swift build -c release --show-bin-path)/plenary-demo" --report demo-report.md

bench: build         ## measure this machine beside a raw reference (docs/PERFORMANCE.md)
	@"$$(swift build -c release --show-bin-path)/plenary-bench" all

growth: build        ## what grows with connections, messages and channels, as a table and a plot (8 minutes)
	@"$$(swift build -c release --show-bin-path)/plenary-bench" growth --rounds 3 --seconds 1 --svg docs/images/growth.svg

fuzz:                ## each parser of bytes from outside, driven by libFuzzer for SECONDS_EACH (10) seconds; above a second or 512 MiB is a finding
	@SECONDS_EACH=$(or $(SECONDS_EACH),10) .ci/fuzz

random: build        ## random input and random operations, many rounds; each prints its seed
	@PLENARY_FUZZ_ROUNDS=$(or $(ROUNDS),200) swift test -c release --skip-build --filter 'Random|Corpus|LineParser|LineSplitter|EventCodec'

soak: build          ## 200 kills under load, 100,000 power cuts, 53 long stories of threads; what was promised is counted
	@PLENARY_SOAK=1 swift test -c release --skip-build --filter 'CrashTests|PowerCutTests|ThreadModelTests|SimulationTests'

soak-hours: build    ## two hours of mixed load, with a server that is killed every five minutes
	@"$$(swift build -c release --show-bin-path)/plenary-bench" soak

faults: build        ## full disks, broken devices and power cuts under a running server; needs root (4 minutes)
	@.ci/faults --programs "$$(swift build -c release --show-bin-path)"

hostile: build       ## play a hostile network to the server: 5,000 handshakes, stuck ones, deaf readers, pulled cables; needs root
	@.ci/hostile

tls-scan: build      ## have testssl.sh and sslscan look at the server's TLS (2 minutes)
	@.ci/tls-scan

mutants:             ## plant known mistakes in a copy, and see that the test named for each finds it
	@.ci/mutants

sanitize:            ## run the tests of wire, network and log under the address sanitizer
	@.ci/sanitize

format: packages     ## lay out all sources
	swift format -i --recursive Package.swift Sources clients Tests

lint: packages       ## say where the layout differs
	swift format lint --strict --recursive Package.swift Sources clients Tests

man: build           ## write docs/man again, from what the commands say of themselves
	@.ci/man-pages "$$(swift build -c release --show-bin-path)/plenary"

install: build       ## install plenaryd, plenary and plenary-relay, manual pages and completions below $(prefix)
	install -d "$(DESTDIR)$(prefix)/bin" "$(DESTDIR)$(prefix)/share/plenary" "$(DESTDIR)$(prefix)/share/man/man1"
	install -m 755 "$$(swift build -c release --show-bin-path)/plenaryd" "$$(swift build -c release --show-bin-path)/plenary" "$$(swift build -c release --show-bin-path)/plenary-relay" "$(DESTDIR)$(prefix)/bin"
	install -m 644 Config/plenaryd.yaml Config/community.yaml Config/roles.yaml "$(DESTDIR)$(prefix)/share/plenary"
	install -m 644 Config/plenaryd.service "$(DESTDIR)$(prefix)/share/plenary"
	install -m 644 docs/man/*.1 "$(DESTDIR)$(prefix)/share/man/man1"
	@.ci/install-completions "$(DESTDIR)$(prefix)"

clean:               ## remove what was built
	rm -rf .build

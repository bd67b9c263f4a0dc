# Fennec Gateway: `make test` checks everything; it installs what it needs and says so.
SHELL := /bin/bash
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PACKAGES := libcurl4-openssl-dev libssl-dev libsystemd-dev libsqlite3-dev libyaml-dev pkg-config
TEST_PACKAGES := python3 python3-venv openssl gcc prometheus chromium firefox-esr pulseaudio esbuild node-typescript \
  node-react node-react-dom systemd strace shellcheck debootstrap debhelper lintian man-db \
  nginx-light caddy haproxy

.PHONY: help deps test-deps format lint build release deb package test blackbox fuzz demo clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# install PACKAGES: installs what is missing of these Debian packages, and says so.
define install
	@missing=; for p in $(1); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages:$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	fi
endef

deps: ## install the Debian packages that the build needs
	$(call install,$(PACKAGES))

test-deps: deps ## install what the tests need besides
	$(call install,$(TEST_PACKAGES))
	Tests/blackbox/setup.sh

format: ## rewrite the sources in the project's format
	swift format -i -r Package.swift Sources Tests

lint: ## check the format and the rules of the source tree
	swift format lint --strict -r Package.swift Sources Tests
	Tests/gates/run.sh

build: deps ## debug build of everything, tests included
	swift build --build-tests

release: deps ## the program as it is shipped, one file without ICU
	swift build -c release --static-swift-stdlib --product fennec-gateway
	Tests/gates/check-binary.sh .build/release/fennec-gateway

deb: release ## the Debian package, in .build/deb
	$(call install,debhelper lintian man-db)
	deploy/debian/build.sh .build/release/fennec-gateway .build/deb
	lintian --allow-root --fail-on error,warning .build/deb/*.changes
	@for page in .build/deb/*/built/man/*; do \
	  said=$$(LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=80 man --warnings -E UTF-8 -l $$page 2>&1 >/dev/null); \
	  [ -z "$$said" ] || { echo "$$page: $$said"; exit 1; }; done

package: deb ## install, upgrade, remove and purge the package in a clean Debian, as root
	$(call install,debootstrap)
	$(SUDO) Tests/package/run.sh .build/deb/*.deb

# Suites that keep every thread busy with calculation; beside them, what waits for sockets would wait in vain.
BUSY := GatewayCoreTests|GatewayConfigTests

test: test-deps lint build ## everything that is checked
	shellcheck --severity=warning $$(git ls-files '*.sh') .ci/run
	SWIFT_BACKTRACE=enable=no swift test --skip-build --filter '$(BUSY)'
	SWIFT_BACKTRACE=enable=no swift test --skip-build --skip '$(BUSY)'
	$(MAKE) --jobs=2 blackbox shipped

# Black-box tests wait for most of their time; what is built for others is built meanwhile.
.PHONY: shipped
shipped:
	nice -n 10 $(MAKE) package
	nice -n 10 $(MAKE) fuzz

blackbox: ## the built programs from outside, over real sockets
	cd Tests/blackbox && FENNEC_GATEWAY=$(CURDIR)/.build/debug/fennec-gateway \
	  GATEWAY_BENCH=$(CURDIR)/.build/debug/gateway-bench SWIFT_BACKTRACE=enable=no \
	  $(CURDIR)/.venv/bin/python -m pytest -q --numprocesses=2 --dist=loadfile

SECONDS ?= 60
VERBOSITY ?= 0
fuzz: deps ## fuzz what reads messages for SECONDS=60, and proxy headers for a quarter; VERBOSITY=1 shows coverage
	FENNEC_FUZZ=1 swift build -c release --product policy-fuzz --sanitize fuzzer --scratch-path .build-fuzz
	FENNEC_FUZZ=1 swift build -c release --product proxy-fuzz --sanitize fuzzer --scratch-path .build-fuzz
	mkdir -p .build-fuzz/corpus .build-fuzz/proxy-corpus
	SWIFT_BACKTRACE=enable=no .build-fuzz/release/policy-fuzz -max_total_time=$(SECONDS) -max_len=66000 \
	  -timeout=10 -rss_limit_mb=1024 -dict=Tests/Fixtures/fuzz/policy.dict -artifact_prefix=.build-fuzz/ \
	  -verbosity=$(VERBOSITY) -print_final_stats=1 .build-fuzz/corpus Tests/Fixtures/fuzz/policy
	SWIFT_BACKTRACE=enable=no .build-fuzz/release/proxy-fuzz -max_total_time=$$(( $(SECONDS) / 4 )) -max_len=600 \
	  -timeout=10 -rss_limit_mb=1024 -dict=Tests/Fixtures/fuzz/proxy.dict -artifact_prefix=.build-fuzz/ \
	  -verbosity=$(VERBOSITY) -print_final_stats=1 .build-fuzz/proxy-corpus Tests/Fixtures/fuzz/proxy

demo: deps ## stream a recording through a gateway on this machine; ONCE=1 ends afterwards
	swift build --product fennec-gateway
	@deploy/demo.sh

clean: ## forget all build products
	rm -rf .build .build-fuzz .venv .venv-sdk

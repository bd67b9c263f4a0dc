# Fennec Gateway: `make test` checks everything; it installs what it needs and says so.
SHELL := /bin/bash
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PACKAGES := libcurl4-openssl-dev libssl-dev libsystemd-dev libsqlite3-dev libyaml-dev pkg-config
# Tests of what is still being built are left out here, and run by name.
BLACKBOX := test_fakes.py test_endings_client.py test_endings_upstream.py test_endings_minting.py test_deadlines.py test_tokens.py test_usage.py test_relay.py test_sdk.py
TEST_PACKAGES := python3 python3-venv openssl prometheus

.PHONY: help deps test-deps format lint build test blackbox demo clean

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

test: test-deps lint build ## everything that is checked
	SWIFT_BACKTRACE=enable=no swift test --skip-build
	$(MAKE) blackbox

blackbox: ## the built programs from outside, over real sockets
	cd Tests/blackbox && FENNEC_GATEWAY=$(CURDIR)/.build/debug/fennec-gateway \
	  GATEWAY_BENCH=$(CURDIR)/.build/debug/gateway-bench SWIFT_BACKTRACE=enable=no \
	  $(CURDIR)/.venv/bin/python -m pytest -q $(BLACKBOX)

demo: deps ## stream a recording through a gateway on this machine; ONCE=1 ends afterwards
	swift build --product fennec-gateway
	@deploy/demo.sh

clean: ## forget all build products
	rm -rf .build .venv .venv-sdk

# Fennec Gateway: `make test` checks everything; it installs what it needs and says so.
SHELL := /bin/bash
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PACKAGES := libcurl4-openssl-dev libssl-dev libsystemd-dev libsqlite3-dev libyaml-dev pkg-config

.PHONY: deps format lint build test demo clean

deps: ## install the Debian packages that the build needs
	@missing=; for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages:$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	fi

format: ## rewrite the sources in the project's format
	swift format -i -r Package.swift Sources Tests

lint: ## check the format, file lengths and forbidden constructs
	swift format lint --strict -r Package.swift Sources Tests
	Tests/gates/run.sh

build: deps ## debug build of everything
	swift build --build-tests

test: deps lint build ## everything that is checked
	SWIFT_BACKTRACE=enable=no swift test --skip-build

demo: deps ## stream a recording through the gateway to the built-in stand-in for the service
	swift build --product fennec-gateway
	@program=$$(swift build --show-bin-path)/fennec-gateway; audio=Tests/Fixtures/audio/speech; \
	directory=$$(mktemp -d); trap 'kill $$(jobs -p) 2>/dev/null; wait; rm -rf "$$directory"' EXIT; \
	(umask 077; echo any-key >"$$directory/fennec-api-key"); \
	"$$program" simulate --transcripts $$audio.json & \
	CREDENTIALS_DIRECTORY="$$directory" "$$program" serve --config config/demo.yaml & \
	for attempt in {1..100}; do (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null && break; sleep 0.1; done; \
	"$$program" stream $$audio.wav --vad min_silence_ms=1000 --expect $$audio.json

clean: ## forget all build products
	rm -rf .build

"""Fixtures of the black-box tests."""

import pytest
from support.browser import Browser
from support.demopage import Demo
from support.programs import TRANSCRIPTS, Gateway, Simulator
from support.settings import settings
from support.upstream import FakeUpstream
from support.webpage import Site


@pytest.fixture
def make_upstream():
    """Makes scripted upstreams that end with the test; an error in a script fails it."""
    made = []

    def make(*arguments, **options):
        upstream = FakeUpstream(*arguments, **options)
        made.append(upstream)
        return upstream

    yield make
    for upstream in made:
        upstream.close()
    for upstream in made:
        upstream.check()


@pytest.fixture
def upstream(make_upstream):
    """A scripted upstream; well-behaved until told otherwise."""
    return make_upstream()


@pytest.fixture
def make_gateway(tmp_path_factory):
    """Makes gateways before an upstream; they end with the test, and must still be alive then.

    `start` has options of `Gateway`, every other keyword is a section of the configuration.
    """
    made = []

    def make(before, environment=None, ready=True, hosts=None, start=None, **changes):
        directory = tmp_path_factory.mktemp("gateway")
        value = settings(directory, before.token_url, before.stream_url, **changes)
        gateway = Gateway(directory, value, environment, ready, hosts, **(start or {}))
        made.append(gateway)
        return gateway

    yield make
    statuses = [gateway.process.poll() for gateway in made]
    for gateway in made:
        gateway.destroy()
    assert all(status in (None, 0) for status in statuses), f"a gateway died: {statuses}"


@pytest.fixture
def gateway(make_gateway, upstream):
    """A gateway with the usual settings before the scripted upstream."""
    return make_gateway(upstream)


@pytest.fixture
def make_simulator():
    """Makes stand-ins that end with the test."""
    made = []

    def make(*arguments):
        made.append(Simulator(*arguments))
        return made[-1]

    yield make
    for simulator in made:
        simulator.destroy()


@pytest.fixture
def make_browser():
    """Makes browsers that end with the test."""
    made = []

    def make(**options):
        made.append(Browser(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def make_site(make_gateway):
    """Makes pages elsewhere that the gateway before a stand-in admits."""
    made = []

    def make(simulator, **options):
        made.append(Site(make_gateway, simulator, **options))
        return made[-1]

    yield make
    for site in made:
        site.pages.close()


@pytest.fixture
def make_demo(make_simulator, tmp_path):
    """Makes demo pages, by default of a stand-in that knows the recording."""
    made = []

    def make(*arguments, **changes):
        made.append(Demo(make_simulator(*(arguments or ("--transcripts", TRANSCRIPTS))), tmp_path, changes))
        return made[-1]

    yield make
    for demo in made:
        demo.close()

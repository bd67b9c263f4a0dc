"""What a page must allow for the client, and what is said when it does not: headers, https, certificates."""

import ssl

import pytest
import trustme
from support import browser, webpage
from support.pages import PageServer
from support.programs import ROOT

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(120),
]
#: Whatever the gateway is: the client's own file, from the page's server.
CLIENT = (ROOT / "Sources/GatewayServer/Web/client.js").read_bytes()


def failure(page, options):
    page.wait("Boolean(window.begin)", "the page's script has run")
    # Told at once, not when the client gives up waiting.
    return page.run(f"failure(begin({options}))", 15)


def test_a_policy_without_the_gateway_in_script_src_blocks_the_worklet(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    # A module that a page bundled, or a hash let in, does not let its worklet in.
    site.pages.headers["Content-Security-Policy"] = f"script-src 'self'; worker-src 'none'; connect-src {site.url}"
    elsewhere = f"addModule('{site.url}/x')".encode()
    site.pages.files["/client.js"] = CLIENT.replace(b"addModule(import.meta.url)", elsewhere)
    site.pages.files["/page.js"] = site.pages.files["/page.js"].replace(f"{site.url}/gateway/client.js", "/client.js")
    error = failure(make_browser().page(site.page_url), "{}")
    assert (error["code"], error["retryable"]) == ("worklet_blocked", False)
    assert "script-src" in error["message"]


def test_a_policy_without_the_gateway_in_connect_src_is_named(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    site.pages.headers["Content-Security-Policy"] = f"script-src 'self' {site.url}; connect-src 'self'"
    error = failure(make_browser().page(site.page_url), "{ retries: 0 }")
    assert error["code"] == "unreachable"
    assert "connect-src" in error["message"]


def test_a_permissions_policy_without_the_microphone_denies_it(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    site.pages.headers["Permissions-Policy"] = "microphone=()"
    error = failure(make_browser().page(site.page_url), "{}")
    assert (error["code"], error["retryable"]) == ("microphone_denied", False)


def test_a_frame_needs_to_be_allowed_the_microphone(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    outer = PageServer()
    try:
        script = "addEventListener('message', ({ data }) => (window.told = data));"
        site.pages.files["/page.js"] += (
            "begin({}).then(() => 'live', ({ code }) => code).then((told) => parent.postMessage(told, '*'));"
        )
        for allow, told in (("", "microphone_denied"), (f"microphone {site.pages.origin}", "live")):
            outer.files["/page.js"] = script
            outer.files["/"] = (
                '<!doctype html><title>Outside</title><script src="/page.js"></script>'
                f'<iframe src="{site.page_url}" allow="{allow}"></iframe>'
            )
            page = make_browser().page(outer.origin + "/")
            page.wait("window.told", "the frame tells what happened")
            assert page.run("told") == told
    finally:
        outer.close()


def test_an_insecure_page_is_told_so(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    chromium = make_browser(arguments=["--host-resolver-rules=MAP page.test 127.0.0.1"])
    page = chromium.page(site.page_url.replace("127.0.0.1", "page.test"))
    error = failure(page, "{}")
    assert (error["code"], error["retryable"]) == ("insecure_context", False)
    assert "https" in error["message"]


@pytest.fixture
def authority():
    return trustme.CA()


def certificate(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_an_https_page_is_told_that_it_needs_wss(make_browser, authority):
    pages = PageServer(tls=certificate(authority))
    try:
        pages.files.update(webpage.files(""))
        pages.files["/gateway/client.js"] = CLIENT
        page = make_browser(arguments=["--ignore-certificate-errors"]).page(pages.origin + "/")
        for url in ("ws://192.0.2.1:8080", "http://gateway.lan:8080"):
            error = failure(page, f"{{ url: '{url}' }}")
            assert (error["code"], error["retryable"]) == ("insecure_url", False)
            assert "certificate" in error["message"]
        # This machine is another matter: browsers let that pass.
        error = failure(page, "{ url: 'http://127.0.0.1:1', retries: 0 }")
        assert error["code"] == "unreachable"
    finally:
        pages.close()


def test_a_certificate_that_nobody_trusts_is_named(make_browser, make_simulator, make_site, authority):
    site = make_site(make_simulator())
    elsewhere = PageServer(tls=certificate(authority))
    try:
        page = make_browser().page(site.page_url)
        error = failure(page, f"{{ url: '{elsewhere.origin}', retries: 0 }}")
        assert (error["code"], error["retryable"]) == ("unreachable", True)
        assert "check its certificate" in error["message"]
    finally:
        elsewhere.close()

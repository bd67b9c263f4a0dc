"""The browser client and its microphone: another one, none, a tab that sleeps, what it costs."""

import json
import os
import pathlib

import pytest
from support import browser, webpage
from support.programs import RECORDING
from support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(not browser.PROGRAM, reason="chromium is not installed"),
    pytest.mark.timeout(120),
]
TIMED = "{ ...listeners, level: ({ time, peak }) => Object.assign(window, { time, peak }) }"


def more_sound(page):
    """Waits until a second more was captured."""
    page.wait(f"window.time > {page.run('window.time ?? 0')} + 1 && window.peak > 0", "more sound")


def test_another_microphone_goes_on_in_the_same_session(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = webpage.open_counted(make_browser(microphone=RECORDING), site.page_url)
    webpage.begin(page, f"{{ on: {TIMED} }}")
    devices = page.run("client.FennecGateway.devices().then((all) => all.map((one) => [one.deviceId, one.label]))")
    assert len(devices) > 1 and all(label for _, label in devices)
    wanted, label = devices[-1]
    page.run(f"t.setDevice({json.dumps(wanted)})")
    assert webpage.heard(page, "device")[-1] == {"deviceId": wanted, "label": label}
    more_sound(page)
    assert page.run("tracks.map(({ readyState }) => readyState)") == ["ended", "live"]
    assert page.run("contexts.map(({ state }) => state)") == ["closed", "running"]

    # One that is not there changes nothing.
    error = page.run("failure(t.setDevice('gone'))")
    assert (error["code"], error["retryable"]) == ("no_microphone", False)
    more_sound(page)
    webpage.stop(page)
    assert webpage.states(page) == ["live", "stopping", "ended"]
    assert len(webpage.heard(page, "ready")) == 1


def test_a_microphone_that_is_pulled_out_is_replaced_and_the_page_hears_of_it(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = webpage.open_counted(make_browser(microphone=RECORDING), site.page_url)
    webpage.begin(page, f"{{ on: {TIMED} }}")
    # What a browser does when a plug is pulled; its own devices here have none.
    page.run("tracks[0].stop(), tracks[0].dispatchEvent(new Event('ended'))")
    page.run("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    page.wait("heard.some(({ kind }) => kind === 'devices') && tracks.length === 2", "both events")
    assert [event["code"] for event in webpage.heard(page, "warning")] == ["microphone_lost"]
    more_sound(page)
    webpage.stop(page)
    # After the end nobody listens any more.
    page.run("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    assert len(webpage.heard(page, "devices")) == 1
    assert webpage.states(page) == ["live", "stopping", "ended"]


def test_a_stream_of_the_pages_that_ends_is_the_end(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = webpage.open_counted(make_browser(microphone=RECORDING), site.page_url)
    page.wait("Boolean(window.begin)", "the page's script has run")
    page.run("navigator.mediaDevices.getUserMedia({ audio: true }).then((source) => begin({ source }))")
    page.run("tracks[0].stop(), tracks[0].dispatchEvent(new Event('ended'))")
    page.wait("t.state === 'ended'", "the end")
    assert not webpage.heard(page, "warning")


def test_a_frozen_tab_gives_its_session_back_and_comes_again(make_browser, make_simulator, make_site):
    site = make_site(make_simulator())
    page = webpage.open_counted(make_browser(microphone=RECORDING), site.page_url)
    webpage.begin(page, f"{{ on: {TIMED} }}")
    more_sound(page)
    page.call("Page.setWebLifecycleState", state="frozen")
    record = site.gateway.ended_session("upstream_closed")
    assert record["close_code"] == 1000
    page.call("Page.setWebLifecycleState", state="active")
    page.wait("heard.filter(({ kind }) => kind === 'ready').length === 2", "another session")
    more_sound(page)
    webpage.stop(page)
    assert "reconnecting" not in webpage.states(page)
    assert not webpage.heard(page, "error")


def test_a_session_that_idles_is_given_back_and_sound_opens_another(make_browser, make_simulator, make_site):
    limits = {"short": {"session": {"idle": "1s"}}}
    site = make_site(make_simulator(), rule={"limits": "short"}, limits=limits)
    page = webpage.open_counted(make_browser(microphone=RECORDING), site.page_url)
    webpage.begin(page, f"{{ on: {TIMED} }}")
    page.run("contexts[0].suspend()")
    page.wait("t.state === 'paused'", "the gateway ends what idles")
    page.run("contexts[0].resume()")
    page.wait("t.state === 'live'", "sound opens another session")
    more_sound(page)
    webpage.stop(page)
    assert webpage.states(page) == ["live", "paused", "live", "stopping", "ended"]
    assert not webpage.heard(page, "error")


def worklet_seconds(chromium):
    """Seconds of a processor that the threads of AudioWorklets used."""
    ticks = 0
    for process in chromium.call("SystemInfo.getProcessInfo")["processInfo"]:
        for task in pathlib.Path(f"/proc/{process['id']}/task").glob("*"):
            if process["type"] == "renderer" and "AudioW" in (task / "comm").read_text():
                fields = (task / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("rate", [16000, 48000])
def test_the_worklet_takes_little_of_a_processor(make_browser, make_simulator, make_site, capsys, rate):
    site = make_site(make_simulator())
    chromium = make_browser(microphone=RECORDING)
    page = chromium.page(site.page_url)
    webpage.begin(page, f"{{ contextRate: {rate}, on: {TIMED} }}")
    page.wait("window.time > 1", "sound")
    begun, used = page.run("window.time"), worklet_seconds(chromium)
    page.wait(f"window.time > {begun} + 10", "ten seconds more")
    share = (worklet_seconds(chromium) - used) / (page.run("window.time") - begun)
    with capsys.disabled():
        print(f"\nthe worklet at {rate} Hz, and Chromium around it, take {share:.1%} of a processor")
    assert 0 < share < 0.1
    webpage.stop(page)

"""What operators get for Prometheus: rules, dashboard, and a real Prometheus that scrapes the gateway."""

import json
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
from prometheus_client.openmetrics import parser
from support.client import START
from support.programs import ROOT, Program
from support.upstream import echo
from support.waiting import eventually

DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus/fennec-gateway.rules.yml"
pytestmark = pytest.mark.skipif(not shutil.which("promtool"), reason="install the Debian package prometheus")


def promtool(*arguments, **options):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def dashboard_expressions():
    dashboard = json.loads((DEPLOY / "grafana/fennec-gateway.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def plain(expression):
    """An expression of the dashboard as Prometheus itself reads it."""
    return expression.replace("$__rate_interval", "1m").replace("$job", ".*").replace("$instance", ".*")


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Prometheus(Program):
    """A real Prometheus that scrapes one target every second, with these rules."""

    def __init__(self, directory, target, rules):
        self.port = free_port()
        config = directory / "prometheus.yml"
        scrape = {"job_name": "fennec-gateway", "static_configs": [{"targets": [target]}]}
        config.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(rules)],
                    "scrape_configs": [scrape],
                }
            )
        )
        super().__init__(
            [
                shutil.which("prometheus"),
                f"--config.file={config}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ]
        )

    def get(self, path, **query):
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:  # it is still starting
                return None
            raise AssertionError(error.read().decode()) from error
        except OSError:
            return None

    def query(self, expression):
        data = self.get("query", query=expression)
        return data["result"] if data else []

    def firing(self):
        data = self.get("alerts") or {"alerts": []}
        return {alert["labels"]["alertname"] for alert in data["alerts"] if alert["state"] == "firing"}


@pytest.fixture
def make_prometheus(tmp_path):
    made = []

    def make(target, rules):
        made.append(Prometheus(tmp_path, target, rules))
        return made[-1]

    yield make
    for prometheus in made:
        prometheus.destroy()


def impatient(rules, directory):
    """The same rules, which wait for seconds where they waited for minutes."""
    text = re.sub(r"for: \d+m", "for: 1s", rules.read_text())
    text = re.sub(r"\[\d+m\]", "[10s]", text)
    path = directory / "impatient.rules.yml"
    path.write_text(text)
    return path


def test_rules_and_their_tests_pass():
    promtool("check", "rules", RULES)
    promtool("check", "config", DEPLOY / "prometheus/prometheus.yml")
    promtool("test", "rules", DEPLOY / "prometheus/fennec-gateway.tests.yml")


def test_every_alert_has_a_runbook_and_a_test():
    alerts = re.findall(r"alert: (\w+)", RULES.read_text())
    links = re.findall(r"runbook: RUNBOOK.md#(\w+)", RULES.read_text())
    runbook = (DEPLOY / "prometheus/RUNBOOK.md").read_text()
    tests = (DEPLOY / "prometheus/fennec-gateway.tests.yml").read_text()
    assert [alert.lower() for alert in alerts] == links
    for alert in alerts:
        assert f"\n## {alert}\n" in runbook and f'alertname="{alert}"' in tests


def test_rules_and_dashboard_name_only_what_there_is(gateway):
    scrape = gateway.metrics()
    # Some have no samples yet, as the end of a certificate where nobody speaks TLS.
    metrics = scrape.names() | set(re.findall(r"^# TYPE (\S+)", scrape.text, re.M))
    recorded = set(re.findall(r"record: (\S+)", RULES.read_text()))
    text = RULES.read_text() + " ".join(dashboard_expressions())
    named = set(re.findall(r"\b(?:fennec_gateway_|process_)\w+", text)) - {"fennec_gateway_build_info"}
    assert named <= metrics, named - metrics
    assert set(re.findall(r"\bfennec_gateway:[\w:]+", text)) <= recorded


def test_the_exposition_is_clean(gateway):
    text = gateway.metrics().text
    assert promtool("check", "metrics", input=text) == ""


def test_openmetrics_is_given_when_it_is_asked_for(gateway):
    request = urllib.request.Request(
        "http://{}:{}/metrics".format(*gateway.listeners["admin"]),
        headers={"Accept": "application/openmetrics-text; version=1.0.0"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
        text = answer.read().decode()
    families = {family.name: family for family in parser.text_string_to_metric_families(text)}
    assert families["fennec_gateway_sessions"].type == "counter"
    assert families["fennec_gateway_final_delay_seconds"].type == "histogram"
    assert all(family.documentation for family in families.values())
    plain_names = {name for name, _, _ in gateway.metrics().samples}
    assert {sample.name for family in families.values() for sample in family.samples} == plain_names


def test_a_real_prometheus_scrapes_and_answers_every_expression(gateway, upstream, make_prometheus):
    upstream.stream = echo
    prometheus = make_prometheus("{}:{}".format(*gateway.listeners["admin"]), RULES)
    eventually(lambda: prometheus.query("up == 1"), lambda: f"the scrape works: {prometheus.output}", timeout=30)
    with gateway.session() as client:
        client.send_audio(bytes(3200))
        client.send_eos()
        client.take_ending()
    eventually(lambda: prometheus.query("fennec_gateway_sessions_total == 1"), "the session is seen", timeout=30)
    for expression in dashboard_expressions():
        prometheus.query(plain(expression))
    rules = prometheus.get("rules")["groups"]
    assert sum(len(group["rules"]) for group in rules) == 14
    eventually(
        lambda: all(rule["health"] == "ok" for group in prometheus.get("rules")["groups"] for rule in group["rules"]),
        "all rules are evaluated",
        timeout=60,
    )


@pytest.mark.timeout(240)
def test_alerts_fire_when_things_go_wrong(make_gateway, upstream, make_prometheus, tmp_path):
    """Five faults at once: a key that is refused, a ledger without a directory, a bad reload, a full house, the end."""
    gateway = make_gateway(
        upstream, usage={"ledger": str(tmp_path / "none" / "usage.sqlite")}, sessions={"max": 1, "connect_timeout": "1s"}
    )
    target = "{}:{}".format(*gateway.listeners["admin"])
    prometheus = make_prometheus(target, impatient(RULES, tmp_path))
    eventually(lambda: prometheus.query("up == 1"), lambda: f"the scrape works: {prometheus.output}", timeout=30)
    gateway.config.write_text("listeners: nonsense\n")
    gateway.process.send_signal(1)
    eventually(
        lambda: {"FennecGatewayLedgerFailing", "FennecGatewayReloadFailed"} <= prometheus.firing(),
        lambda: f"ledger and reload alert: {prometheus.firing()}",
        timeout=40,
    )

    def vanish(connection):
        connection.begin()
        connection.abandon()

    upstream.stream = vanish

    def lose():
        with gateway.client() as client:
            if client.try_upgrade().status == 101:
                client.send_json(START)
                client.take_ending()
        return "FennecGatewaySessionsFail" in prometheus.firing()

    eventually(lose, lambda: f"lost sessions alert: {prometheus.firing()}", timeout=40, interval=0.5)
    upstream.mint = lambda connection: connection.reply(401, "{}")
    eventually(
        lambda: (lose(), "FennecGatewayNoTokens" in prometheus.firing())[1],
        lambda: f"missing tokens alert: {prometheus.firing()}",
        timeout=60,
        interval=0.5,
    )
    gateway.process.kill()
    gateway.wait()
    gateway.process.returncode = 0
    eventually(lambda: "FennecGatewayDown" in prometheus.firing(), "its end alerts", timeout=40)


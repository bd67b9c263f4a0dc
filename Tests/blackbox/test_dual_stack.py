"""A service whose name has an IPv6 and an IPv4 address, one of which is dead (RFC 8305)."""

import pytest
import trustme
from support.faults import black_hole, server_context
from support.upstream import FakeUpstream, echo

NAME = "dual-stack.test"
OTHER = {"::1": "127.0.0.1", "127.0.0.1": "::1"}


@pytest.mark.parametrize("dead", OTHER)
def test_a_dead_address_does_not_keep_a_session_from_ready(make_gateway, tmp_path, dead):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))
    context = server_context(authority.issue_cert(NAME))
    with (
        FakeUpstream(stream=echo, tls=context, host=OTHER[dead], name=NAME) as upstream,
        black_hole(dead, upstream.port),
    ):
        # Waiting for the dead address to answer would use up all the time that there is.
        gateway = make_gateway(
            upstream,
            hosts=[f"{address} {NAME}" for address in OTHER],
            sessions={"connect_timeout": "5s"},
            upstream={"ca_file": str(tmp_path / "trusted.pem"), "token_pool": {"ceiling": 0}},
        )
        with gateway.client().open_session() as client:
            client.send_eos()
            assert client.take_ending()[1].code == 1000
        assert len(upstream.mints) == len(upstream.streams) == 1

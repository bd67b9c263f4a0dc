"""Endpoints that fail in the ways that networks and servers do."""

import contextlib
import datetime
import socket
import ssl
import threading
import time

import trustme

from .peer import Ended


def drip(conn, data, interval=1.0):
    """One byte in each interval, until the other side goes."""
    with contextlib.suppress(Ended, OSError):
        for byte in data:
            conn.send(bytes([byte]))
            time.sleep(interval)


def flood(conn, size, chunk=1 << 16):
    """So many bytes, or as many as are taken."""
    with contextlib.suppress(Ended, OSError):
        for _ in range(size // chunk):
            conn.send(b" " * chunk)


@contextlib.contextmanager
def black_hole(host="127.0.0.1", port=0):
    """A port that answers no SYN: its queue of connections is full and nobody empties it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.bind((host, port))
    listener.listen(0)
    fillers = []
    try:
        while True:
            filler = socket.socket(family)
            filler.settimeout(0.3)
            fillers.append(filler)
            try:
                filler.connect(listener.getsockname())
            except TimeoutError:
                break
            assert len(fillers) < 10, "the queue does not fill"
        yield listener.getsockname()[1]
    finally:
        for sock in [*fillers, listener]:
            sock.close()


@contextlib.contextmanager
def resetting_port():
    """A port that resets each connection as soon as it stands."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            sock.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def server_context(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def bad_certificate(kind, directory):
    """(the server's context, the path of what the gateway trusts) for a certificate that must not be accepted."""
    trusted, stranger = trustme.CA(), trustme.CA()
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=2)
    certificate = {
        "expired": lambda: trusted.issue_cert("localhost", not_after=past),
        "wrong host": lambda: trusted.issue_cert("other.example"),
        "self-signed": lambda: stranger.issue_cert("localhost"),
    }[kind]()
    path = directory / "trusted.pem"
    trusted.cert_pem.write_to_path(str(path))
    return server_context(certificate), str(path)

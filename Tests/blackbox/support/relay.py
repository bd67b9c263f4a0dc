"""A TCP relay between a browser and a gateway: the network, which can be cut."""

import contextlib
import socket
import struct
import threading


class Relay:
    """Listens on a free port of 127.0.0.1 and passes everything on to `target`, an address that may change."""

    def __init__(self, target=None):
        self.target = target
        self.open = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self._pairs = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def origin(self):
        return "http://{}:{}".format(*self.address)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self.open or not self.target:
                self._reset(client)
                continue
            try:
                server = socket.create_connection(self.target)
            except OSError:
                self._reset(client)
                continue
            with self._lock:
                self._pairs.add((client, server))
            for source, sink in ((client, server), (server, client)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(source, sink, (client, server)), daemon=True).start()

    def _pass(self, source, sink, pair):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
            return
        self._end(pair)

    @staticmethod
    def _reset(connection):
        # With a linger time of zero a close is a reset: nothing that waits is delivered.
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def _end(self, pair):
        with self._lock:
            self._pairs.discard(pair)
        for connection in pair:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            self._reset(connection)

    def cut(self):
        """Breaks every connection; how many there were."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._end(pair)
        return len(pairs)

    def close(self):
        self._listener.close()
        self.cut()

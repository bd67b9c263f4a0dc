"""An HTTP proxy that tunnels (RFC 9110 §9.3.6) and keeps what it was asked for."""

import socket
import threading


class ConnectProxy:
    """Listens on loopback until closed. `answer` may be changed to refuse or misbehave."""

    def __init__(self):
        self.requests = []
        self.answer = b"HTTP/1.1 200 Connection established\r\n\r\n"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def targets(self):
        """What each request asked for, in order."""
        return [request.split(b" ")[1].decode() for request in self.requests]

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        with sock:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                data = sock.recv(1)
                if not data:
                    return
                head += data
            self.requests.append(head)
            method, target, _ = head.split(b" ", 2)
            assert method == b"CONNECT", head
            if not self.answer.startswith(b"HTTP/1.1 200") or not self.answer.endswith(b"\r\n\r\n"):
                sock.sendall(self.answer)
                return
            host, port = target.decode().rsplit(":", 1)
            with socket.create_connection((host, int(port))) as beyond:
                sock.sendall(self.answer)
                back = threading.Thread(target=self._pump, args=(beyond, sock), daemon=True)
                back.start()
                self._pump(sock, beyond)
                back.join(5)

    @staticmethod
    def _pump(source, target):
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self._listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

"""A web server for pages of somebody else's, with whatever headers a test wants."""

import http.server
import threading

TYPES = {"html": "text/html; charset=utf-8", "js": "text/javascript", "css": "text/css", "wav": "audio/wav"}


class PageServer:
    """Serves `files`, path → text or bytes, from a free port of 127.0.0.1; `headers` go with each answer.

    With `tls`, a server's SSLContext, over https.
    """

    def __init__(self, files=None, headers=None, tls=None):
        self.files = dict(files or {})
        self.headers = dict(headers or {})
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = server.files.get(self.path.partition("?")[0])
                if callable(body):
                    body = body()
                self.send_response(404 if body is None else 200)
                body = body or b""
                body = body.encode() if isinstance(body, str) else body
                self.send_header("Content-Type", TYPES.get(self.path.rpartition(".")[2], TYPES["html"]))
                self.send_header("Content-Length", str(len(body)))
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

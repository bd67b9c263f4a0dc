"""An identity provider: keys, JWTs of every kind, and the server that its public keys come from."""

import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

ISSUER = "https://id.example.com"
AUDIENCE = "fennec-gateway"


def encode(data):
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def number(value, size=None):
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A key pair with an id."""

    def __init__(self, kid, algorithm="RS256"):
        self.kid, self.algorithm = kid, algorithm
        if algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        elif algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = rsa.generate_private_key(65537, 2048)

    @property
    def jwk(self):
        public = self.private.public_key()
        if self.algorithm == "ES256":
            numbers = public.public_numbers()
            values = {"kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32)}
        elif self.algorithm == "EdDSA":
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            values = {"kty": "OKP", "crv": "Ed25519", "x": encode(raw)}
        else:
            numbers = public.public_numbers()
            values = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
        return {**values, "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    @property
    def pem(self):
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form)

    def sign(self, data):
        if self.algorithm == "ES256":
            r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        if self.algorithm == "EdDSA":
            return self.private.sign(data)
        if self.algorithm == "PS256":
            return self.private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def claims(**changes):
    """The usual claims; None takes one out."""
    values = {"iss": ISSUER, "aud": AUDIENCE, "sub": "user-7", "exp": int(time.time()) + 600, **changes}
    return {name: value for name, value in values.items() if value is not None}


def jwt(key, header=None, sign=None, body=None, **changes):
    """A token; `header` adds to its header, `sign` signs instead of the key."""
    head = {"alg": key.algorithm, "kid": key.kid, "typ": "JWT", **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    signed = f"{encode(head)}.{encode(claims(**changes) if body is None else body)}"
    return f"{signed}.{encode((sign or key.sign)(signed.encode()))}"


def with_hmac(secret):
    """Signs as HS256 does, with this as the secret."""
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()


class KeyServer:
    """Serves a JWK set over HTTPS, or what `answer` says; counts how often."""

    def __init__(self, certificate):
        self.keys, self.answer, self.requests = [], None, 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                owner.requests += 1
                status, body = owner.answer or (200, json.dumps({"keys": owner.keys}).encode())
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_address[1]}/jwks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

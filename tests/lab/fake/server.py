"""The HTTPS server of the fake Azure: reads requests, lets faults strike, routes by host and keeps the log."""

import dataclasses
import http.server
import json
import re
import socket
import ssl
import threading
import time
import traceback
import urllib.parse
import uuid

from . import arm, data_plane, entra, graph, state
from .state import LOCK, LOG, STATE


@dataclasses.dataclass
class Request:
    """One request, as the parts of the fake read it."""

    method: str
    host: str
    path: str
    raw_path: str
    query: dict
    headers: object
    body: bytes
    data: object = None

    @property
    def text(self):
        return self.body.decode("latin-1")


class Fault:
    """A rule of `STATE["faults"]`: which requests it strikes, and what happens to them.

    `path` and `host` are regexes, `methods` a list; `after` requests pass before it strikes `times` times (one if it
    does not say). It answers with `code`, `body` and `headers`, or does one of: `hangUp`, `workThenHangUp`,
    `workThenPause` (for `seconds`), `pause` (for `seconds`, before the work).
    """

    @staticmethod
    def find(request):
        for rule in STATE["faults"]:
            if rule.get("times", 1) <= 0 or not re.search(rule.get("path", ""), request.path):
                continue
            if not re.search(rule.get("host", ""), request.host):
                continue
            if request.method not in rule.get("methods", [request.method]):
                continue
            if rule.get("after", 0) > 0:
                rule["after"] -= 1
                continue
            rule["times"] = rule.get("times", 1) - 1
            rule["hits"] = rule.get("hits", 0) + 1
            return rule
        return None


def route(request, signer):
    cloud = state.CLOUDS[STATE["cloud"]]
    try:
        if request.host == cloud["login"]:
            return entra.answer(request)
        if request.host == cloud["graph"]:
            return graph.answer(request)
        if request.host == cloud["arm"]:
            return arm.answer(request)
        return data_plane.answer(request, signer)
    except state.Refuse as refusal:
        return refusal.answer
    except Exception:  # The fake's own mistake: shown, and an answer that no test expects.
        traceback.print_exc()
        return state.error("FakeBroke", 500, traceback.format_exc())


def remember(request, status):
    hosts = state.CLOUDS[STATE["cloud"]]
    shown = request.text[:1500] if request.host in (hosts["arm"], hosts["graph"]) else ""
    LOG.append(
        {
            "method": request.method,
            "host": request.host,
            "path": request.path,
            "body": shown,
            "status": status,
            # So that a test sees whether there was a moment without.
            "assignments": len(STATE["assignments"]),
        }
    )


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet: otherwise each answer waits 40 ms for the acknowledgement of its head.
    wbufsize = -1
    disable_nagle_algorithm = True
    signer = None

    def log_message(self, *_):
        pass

    def read(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        if not length and "chunked" in (self.headers.get("Transfer-Encoding") or ""):
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                body += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    break
        parts = urllib.parse.urlsplit(self.path)
        host = (self.headers.get("Host") or "").split(":")[0]
        query = dict(urllib.parse.parse_qsl(parts.query))
        path = urllib.parse.unquote(parts.path)
        return Request(self.command, host, path, self.path, query, self.headers, body)

    def hang_up(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def send(self, status, body=None, headers=None):
        if body is None:
            data = b""
        else:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
        out = dict(headers or {})
        if body is not None and not any(key.lower() == "content-type" for key in out):
            out["Content-Type"] = "application/json; charset=utf-8"
        out.setdefault("Content-Length", str(len(data)))
        out.setdefault("x-ms-request-id", str(uuid.uuid4()))
        self.send_response(status)
        for key, value in out.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def handle_request(self):
        request = self.read()
        with LOCK:
            fault = Fault.find(request) or {}
        do = fault.get("do")
        if do == "pause":
            time.sleep(fault.get("seconds", 1))
        with LOCK:
            if do == "hangUp":
                remember(request, "hung up")
                return self.hang_up()
            if "code" in fault:
                remember(request, fault["code"])
                return self.send(fault["code"], fault.get("body"), fault.get("headers"))
            answer = route(request, self.signer)
            remember(request, answer[0])
        if do == "workThenHangUp":
            return self.hang_up()
        if do == "workThenPause":
            time.sleep(fault.get("seconds", 5))
        return self.send(*answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_request


class Server(http.server.ThreadingHTTPServer):
    """Wraps each connection in TLS in its own thread, so that a slow handshake holds up nobody."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address, handler, context):
        super().__init__(address, handler)
        self.context = context

    def finish_request(self, request, client_address):
        try:
            wrapped = self.context.wrap_socket(request, server_side=True)
        except (OSError, ssl.SSLError):
            return
        try:
            super().finish_request(wrapped, client_address)
        except OSError:
            pass
        finally:
            wrapped.close()


def start(folder):
    """Serves on 127.0.0.1:443 with the certificates of a folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    Handler.signer = data_plane.Signer(folder / "token.crt", folder / "token.key")
    server = Server(("127.0.0.1", 443), Handler, context)
    threading.Thread(target=server.serve_forever, daemon=True).start()

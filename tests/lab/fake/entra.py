"""Entra ID: discovery, and tokens for the one caller of the lab."""

import base64
import json
import urllib.parse

from . import state
from .state import STATE


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned_jwt(claims):
    """A token that nobody verifies: az only reads it."""
    head = base64url(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    return f"{head}.{base64url(json.dumps(claims).encode())}.c2ln"


def answer(request):
    base = f"https://{request.host}"
    if request.path.endswith("/.well-known/openid-configuration"):
        tenant = request.path.strip("/").split("/")[0]
        return 200, {
            "issuer": f"{base}/{tenant}/v2.0",
            "authorization_endpoint": f"{base}/{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/{tenant}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/{tenant}/oauth2/v2.0/devicecode",
        }
    if request.path.endswith("/discovery/instance"):
        host = request.host
        return 200, {
            "tenant_discovery_endpoint": f"{base}/common/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }
    if request.path.endswith("/token"):
        return token(dict(urllib.parse.parse_qsl(request.text)))
    return 404, {"error": "not_found", "error_description": request.path}


def token(form):
    caller = STATE["caller"]
    if form.get("client_id") != caller["appId"] or form.get("client_secret") != caller["secret"]:
        return 401, {
            "error": "invalid_client",
            "error_description": "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the "
            "request is the client secret value, not the client secret ID.",
        }
    claims = {
        "tid": STATE["tenant"],
        "oid": caller["objectId"],
        "appid": caller["appId"],
        "idtyp": "app",
        "aud": form.get("scope", "").removesuffix("/.default"),
        "iss": f"https://sts.windows.net/{STATE['tenant']}/",
        "iat": int(state.now()),
        "exp": int(state.now()) + 3600,
    }
    return 200, {
        "token_type": "Bearer",
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "access_token": unsigned_jwt(claims),
    }

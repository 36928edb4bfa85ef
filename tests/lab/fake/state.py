"""What the fake Azure knows: its state, the log of its requests, and the lock under which both are read and changed."""

import base64
import copy
import datetime
import os
import re
import threading
import time
import uuid

# Everything that waits in the lab is this much faster than in Azure: delays of the fake, `sleep` and az's own pauses.
TIME_SCALE = 10

CLOUDS = {
    "public": {
        "arm": "management.azure.com",
        "graph": "graph.microsoft.com",
        "login": "login.microsoftonline.com",
    },
    "china": {
        "arm": "management.chinacloudapi.cn",
        "graph": "microsoftgraph.chinacloudapi.cn",
        "login": "login.chinacloudapi.cn",
    },
}

LOCK = threading.RLock()
STATE = {}
LOG = []
# Operations that are polled: their key, and at what time they end with which result.
PENDING = {}


class Refuse(Exception):
    """Ends a request with this answer."""

    def __init__(self, answer):
        super().__init__(answer)
        self.answer = answer


def empty():
    """A tenant with one subscription and nothing in it."""
    return {
        "tenant": "99999999-8888-7777-6666-555555555555",
        "cloud": "public",
        "caller": {
            "appId": "c0ffee00-0000-4000-8000-000000000001",
            "objectId": "c0ffee00-0000-4000-8000-000000000002",
            "secret": "login-secret",
        },
        "subscriptions": {},
        "registries": [],
        "clusters": [],
        "assignments": [],
        "apps": [],
        "sps": [],
        # Seconds of Azure's time until something new is seen elsewhere: `graph` by Graph's other replicas, `principal`
        # by ARM, `slot` a password in a used slot of a token, `secret` another new password, `role` a role by the
        # registry, the lists of assignments and tokens; `lro` makes long operations polled.
        "delays": {},
        # Regexes of ARM actions, or of `graph/apps/read`, `graph/sps/write`, ...: answered by 403.
        "denied": [],
        # See `server.Fault`.
        "faults": [],
        "limits": {"tokens": 100, "scopeMaps": 100},
        # What the token service says for a repository that a credential may not pull: "401", or a token without access.
        "zeroAccess": "401",
        "kubeconfig": "",
        "secretPrefix": None,
        # Every secret that was ever given out.
        "issued": [],
    }


def reset(changes):
    """A new world: everything before is forgotten."""
    with LOCK:
        STATE.clear()
        STATE.update(empty())
        STATE.update(copy.deepcopy(changes))
        LOG.clear()
        PENDING.clear()


def snapshot():
    """A copy of the state that no request changes."""
    with LOCK:
        return copy.deepcopy(STATE)


def requests():
    """A copy of the log."""
    with LOCK:
        return list(LOG)


def now():
    return time.time()


def after(delay):
    """The time at which something that is new now is seen elsewhere."""
    return now() + STATE["delays"].get(delay, 0) / TIME_SCALE


def iso(seconds=None):
    """As ARM writes times."""
    moment = datetime.datetime.fromtimestamp(now() if seconds is None else seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def iso_seconds(seconds=None):
    """As Graph writes times."""
    moment = datetime.datetime.fromtimestamp(now() if seconds is None else seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text):
    """The time that either of them wrote."""
    text = re.sub(r"(\.\d{1,6})\d*", r"\1", text).replace("Z", "+00:00")
    return datetime.datetime.fromisoformat(text).timestamp()


def secret(prefix):
    """A new secret, with characters that are special to shells, JSON and URLs."""
    made = prefix + base64.b64encode(os.urandom(27)).decode().replace("=", "") + "+/$"
    STATE["issued"].append(made)
    return made


def error(code, status, message):
    """An error as ARM answers it."""
    return status, {"error": {"code": code, "message": message}}


def require(action, scope):
    """Refuses an ARM action that the state denies."""
    if any(re.fullmatch(pattern, action, re.IGNORECASE) for pattern in STATE["denied"]):
        caller = STATE["caller"]
        raise Refuse(
            error(
                "AuthorizationFailed",
                403,
                f"The client '{caller['appId']}' with object id '{caller['objectId']}' does not have authorization to "
                f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently "
                "granted, please refresh your credentials.",
            )
        )


def long_operation(host, result=None):
    """Headers that make az poll, if operations take time in this world."""
    if not STATE["delays"].get("lro"):
        return {}
    key = str(uuid.uuid4())
    PENDING[key] = (after("lro"), result)
    return {
        "Azure-AsyncOperation": f"https://{host}/subscriptions/x/providers/fake/operations/{key}?api-version=1",
        "Retry-After": "1",
    }

"""A stand-in for awslambdaric's one native module, for platforms that it has no wheels for.

The rest of awslambdaric is Python and runs unchanged on it: this module does what the native one does with libcurl. It
asks the Runtime API for events and posts answers, over one connection that is kept, without any timeout.
"""

import http.client
import os
import sys
import time

ENDPOINT = os.environ.get("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
BASE = "/2018-06-01/runtime/invocation"

_STALE = (http.client.RemoteDisconnected, ConnectionError)
_OPTIONAL = (
    "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Client-Context",
    "Content-Type",
    "Lambda-Runtime-Cognito-Identity",
    "Lambda-Runtime-Aws-Tenant-Id",
    "Lambda-Runtime-Invocation-Id",
)

_user_agent = ""
_connection = None


def initialize_client(user_agent):
    """Sets what the client calls itself."""
    global _user_agent
    _user_agent = user_agent


def next():  # noqa: A001 - the name is awslambdaric's
    """Waits for an event, for as long as it takes; returns its bytes and its headers."""
    response, body = _call("GET", "/next", {}, None, "Failed to get next")
    request_id = _header(response, "Lambda-Runtime-Aws-Request-Id")
    if request_id is None:
        raise RuntimeError("Failed to get next")
    deadline = _header(response, "Lambda-Runtime-Deadline-Ms")
    headers = {name: _header(response, name) for name in _OPTIONAL}
    headers["Lambda-Runtime-Aws-Request-Id"] = request_id
    headers["Lambda-Runtime-Invoked-Function-Arn"] = (
        _header(response, "Lambda-Runtime-Invoked-Function-Arn") or ""
    )
    headers["Lambda-Runtime-Deadline-Ms"] = int(deadline) if deadline else 0
    return body, headers


def post_invocation_result(request_id, result, content_type, invocation_id=None):
    """Posts what the handler returned, as bytes."""
    headers = {"content-type": content_type or "text/html"}
    _post(
        f"/{request_id}/response",
        headers,
        result,
        invocation_id,
        "Failed to post invocation response",
    )


def post_error(request_id, error, xray_cause, invocation_id=None):
    """Posts what the handler raised, as JSON text, with its cause for X-Ray."""
    headers = {"content-type": "application/json"}
    if xray_cause:
        headers["lambda-runtime-function-xray-error-cause"] = xray_cause
    _post(
        f"/{request_id}/error",
        headers,
        error.encode("utf-8"),
        invocation_id,
        "Failed to post invocation error",
    )


def _post(path, headers, body, invocation_id, failure):
    if invocation_id:
        headers["lambda-runtime-invocation-id"] = invocation_id
    _call("POST", path, {**headers, "content-length": str(len(body))}, body, failure)


def _call(method, path, headers, body, failure):
    global _connection
    is_kept = _connection is not None
    try:
        try:
            response, content = _send(method, path, headers, body)
        except _STALE:
            _close()
            # As libcurl: a connection that was kept may have died since; a new one is tried once.
            if not is_kept:
                raise
            response, content = _send(method, path, headers, body)
    except (OSError, http.client.HTTPException):
        _close()
        raise RuntimeError(failure) from None
    if response.will_close:
        _close()
    if not 200 <= response.status <= 299:
        if path.endswith("/response"):
            # The one refusal that the native module logs.
            text = content.decode("utf-8", "replace")
            sys.stderr.write(
                f"[ERROR] [{time.time_ns() // 1_000_000}] LAMBDA_RUNTIME Failed to post handler success response. "
                f"Http response code: {response.status}. {text}\n"
            )
        raise RuntimeError(failure)
    return response, content


def _send(method, path, headers, body):
    global _connection
    if _connection is None:
        # An explicit None: a default that the function sets for its own sockets would end the long poll.
        _connection = http.client.HTTPConnection(ENDPOINT, timeout=None)
    _connection.putrequest(method, BASE + path, skip_accept_encoding=True)
    _connection.putheader("Accept", "*/*")
    _connection.putheader("User-Agent", _user_agent)
    for name, value in headers.items():
        # As bytes: a text would be encoded in latin-1.
        _connection.putheader(name, value.encode("utf-8"))
    _connection.endheaders(body)
    response = _connection.getresponse()
    return response, response.read()


def _close():
    global _connection
    if _connection is not None:
        _connection.close()
        _connection = None


def _header(response, name):
    value = response.getheader(name)
    return value.encode("latin-1").decode("utf-8") if value else None

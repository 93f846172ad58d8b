"""Starlette's CORSMiddleware with uvicorn, behind the server protocol of cors-conformance.

    cors-conformance run --server 'target/servers/starlette/bin/python examples/servers/starlette/server.py'
"""

import asyncio
import base64
import json
import re
import sys

import starlette
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

ABOUT = {
    "name": "starlette",
    "version": starlette.__version__,
    "language": "Python",
    "issues": "https://github.com/Kludex/starlette/issues",
}


class Unsupported(Exception):
    """The middleware does not support the policy."""


def arguments(policy):
    """Returns the arguments for a policy, as https://starlette.dev/middleware/#corsmiddleware documents them."""
    if policy["methods"] == "any":
        raise Unsupported('any method: allow_methods=["*"] is "all standard methods"')
    if policy["methods"] == "mirror":
        raise Unsupported("mirrored method: allow_methods is a list")
    if policy["request_headers"] == "any":
        raise Unsupported('any request header: allow_headers=["*"] mirrors, which includes Authorization')
    result = {
        "allow_credentials": policy["credentials"],
        # The middleware refuses other methods with 400. The default is GET alone.
        "allow_methods": ["GET", "HEAD", "POST", *policy["methods"]],
        # "You can use ['*'] to allow all headers."
        "allow_headers": ["*"] if policy["request_headers"] == "mirror" else policy["request_headers"],
        "expose_headers": ["*"] if policy["exposed_headers"] == "any" else policy["exposed_headers"],
        "allow_private_network": policy["private_network"],
    }
    if policy["max_age"] is not None:
        result["max_age"] = policy["max_age"]
    if policy["origins"] == "any":
        return result | {"allow_origins": ["*"]}
    if policy["origins"] == "mirror":
        # "A regex string to match against origins that should be permitted to make cross-origin requests."
        return result | {"allow_origin_regex": ".*"}
    patterns = [pattern for pattern in policy["origins"] if "*" in pattern]
    if patterns:
        result["allow_origin_regex"] = "|".join(map(regex, patterns))
    return result | {"allow_origins": [origin for origin in policy["origins"] if "*" not in origin]}


PORT = "([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"


def regex(pattern):
    """Returns the regular expression for a pattern: `https://*.a.example` is any subdomain, and `:*` any port."""
    escaped = re.escape(pattern).replace(r"\*\.", r"([a-z0-9_-]+\.)+")
    return escaped.replace(r":\*", f"(:{PORT})?")


def application(policy):
    """Returns the application that the protocol describes, with the middleware of a policy.

    None asks for the control, which has no middleware.
    """
    calls = 0

    def respond(script):
        response = Response(script["body"] if script["status"] not in (204, 205, 304) else b"", script["status"])
        for name, value in script["headers"]:
            response.headers.append(name, value)
        response.headers["X-Conformance-Handler"] = "called"
        return response

    class Respond:
        """An endpoint for every method."""

        async def __call__(self, scope, receive, send):
            nonlocal calls
            calls += 1
            text = scope["path_params"]["script"]
            script = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if script.get("fail"):
                raise RuntimeError("the handler fails, as scripted")
            await respond(script)(scope, receive, send)

    async def get_only(request):
        nonlocal calls
        calls += 1
        return respond({"status": 200, "headers": [], "body": "ok"})

    async def count_calls(request):
        return PlainTextResponse(str(calls))

    return Starlette(
        routes=[
            Route("/respond/{script}", Respond()),
            Route("/get-only", get_only),
            Route("/calls", count_calls),
        ],
        middleware=[] if policy is None else [Middleware(CORSMiddleware, **arguments(policy))],
    )


class Current:
    """Forwards each request to the application of the last policy, so that one server is enough."""

    application = None

    async def __call__(self, scope, receive, send):
        await self.application(scope, receive, send)


async def main():
    current = Current()
    server = uvicorn.Server(uvicorn.Config(current, port=0, lifespan="off", log_level="critical"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            current.application = application(json.loads(line)["policy"])
            # Starlette builds its middlewares at the first request. Building them here shows their errors.
            current.application.middleware_stack = current.application.build_middleware_stack()
            answer = {"listening": f"127.0.0.1:{port}", **ABOUT}
        except Unsupported as reason:
            answer = {"unsupported": str(reason)}
        except Exception as error:
            answer = {"rejected": str(error)}
        print(json.dumps(answer), flush=True)
    server.should_exit = True
    await serving


asyncio.run(main())

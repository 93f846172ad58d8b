"""Starlette's CORSMiddleware behind uvicorn, by the server protocol of cors-conformance.

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
    """The middleware has no argument for it."""


def arguments(policy):
    """The arguments that a policy is said by, from https://starlette.dev/middleware/#corsmiddleware."""
    if policy["methods"] == "any":
        raise Unsupported('any method: allow_methods=["*"] is "all standard methods"')
    if policy["methods"] == "mirror":
        raise Unsupported("mirrored method: allow_methods is a list")
    if policy["request_headers"] == "any":
        raise Unsupported('any request header: allow_headers=["*"] mirrors, also Authorization')
    said = {
        "allow_credentials": policy["credentials"],
        # A preflight for any other is answered 400, and by default for all but GET.
        "allow_methods": ["GET", "HEAD", "POST", *policy["methods"]],
        # "You can use ['*'] to allow all headers."
        "allow_headers": ["*"] if policy["request_headers"] == "mirror" else policy["request_headers"],
        "expose_headers": ["*"] if policy["exposed_headers"] == "any" else policy["exposed_headers"],
        "allow_private_network": policy["private_network"],
    }
    if policy["max_age"] is not None:
        said["max_age"] = policy["max_age"]
    if policy["origins"] == "any":
        return said | {"allow_origins": ["*"]}
    if policy["origins"] == "mirror":
        # "A regex string to match against origins that should be permitted to make cross-origin requests."
        return said | {"allow_origin_regex": ".*"}
    patterns = [pattern for pattern in policy["origins"] if "*" in pattern]
    if patterns:
        said["allow_origin_regex"] = "|".join(map(regex, patterns))
    return said | {"allow_origins": [origin for origin in policy["origins"] if "*" not in origin]}


PORT = "([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"


def regex(pattern):
    """`https://*.a.example` is any subdomain, and `:*` any port."""
    escaped = re.escape(pattern).replace(r"\*\.", r"([a-z0-9_-]+\.)+")
    return escaped.replace(r":\*", f"(:{PORT})?")


def application(policy):
    """What the protocol asks for, behind the middleware of a policy or, for the control, of none."""
    calls = 0

    def respond(script):
        response = Response(script["body"] if script["status"] not in (204, 205, 304) else b"", script["status"])
        for name, value in script["headers"]:
            response.headers.append(name, value)
        response.headers["X-Conformance-Handler"] = "called"
        return response

    class Respond:
        """An endpoint of every method."""

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

    async def tell_calls(request):
        return PlainTextResponse(str(calls))

    return Starlette(
        routes=[
            Route("/respond/{script}", Respond()),
            Route("/get-only", get_only),
            Route("/calls", tell_calls),
        ],
        middleware=[] if policy is None else [Middleware(CORSMiddleware, **arguments(policy))],
    )


class Current:
    """One server for every policy: the application of the last."""

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
            # Starlette makes its middlewares at the first request.
            current.application.middleware_stack = current.application.build_middleware_stack()
            answer = {"listening": f"127.0.0.1:{port}", **ABOUT}
        except Unsupported as why:
            answer = {"unsupported": str(why)}
        except Exception as error:
            answer = {"rejected": str(error)}
        print(json.dumps(answer), flush=True)
    server.should_exit = True
    await serving


asyncio.run(main())

"""What is answered over HTTP. Of everything that is wrong its name is told, and nothing else."""

import asyncio
import hmac

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from medusa.web.metrics import CONTENT_TYPE, exposition
from medusa.web.status import Status

_READ = ["GET", "HEAD"]
_ANEW = {"Cache-Control": "no-store"}


def make_app(status: Status, token: str | None) -> FastAPI:
    """The four pages. `token`: who asks for the figures must show it; None: everybody may have them."""
    app = FastAPI(
        title="Medusa", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, debug=False
    )

    @app.api_route("/live", methods=_READ)
    async def live() -> Response:
        """This process answers."""
        return JSONResponse({"status": "alive"}, headers=_ANEW)

    @app.api_route("/ready", methods=_READ)
    async def ready() -> Response:
        """Whether it can do its work, and what is red where it cannot."""
        found = await status.readiness()
        parts = {name: "green" if is_well else "red" for name, is_well in found.parts.items()}
        return JSONResponse(
            {"ready": found.is_ready, "phase": found.phase.value, "parts": parts},
            status_code=200 if found.is_ready else 503,
            headers=_ANEW,
        )

    @app.api_route("/version", methods=_READ)
    async def version() -> Response:
        """What is at work."""
        found = status.versions()
        if found is None:
            return JSONResponse({"phase": "starting"}, status_code=503, headers=_ANEW)
        names = {"medusa": found.bot, "python": found.python, "kurigram": found.kurigram}
        return JSONResponse({**names, "yt-dlp": found.ytdlp.version, "pyav": found.pyav}, headers=_ANEW)

    @app.api_route("/metrics", methods=_READ)
    async def metrics(request: Request) -> Response:
        """Figures for Prometheus."""
        if token is not None and not may_read(request.headers.get("authorization", ""), token):
            return PlainTextResponse("Unauthorized\n", 401, {"WWW-Authenticate": "Bearer"})
        figures = await status.figures()
        text = await asyncio.to_thread(exposition, figures)
        return Response(text, headers={**_ANEW, "Content-Type": CONTENT_TYPE})

    return app


def may_read(authorization: str, token: str) -> bool:
    """Whether the header shows the token; how long that takes says nothing of it."""
    scheme, _, given = authorization.partition(" ")
    is_same = hmac.compare_digest(given.strip().encode(), token.encode())
    return is_same and scheme.lower() == "bearer"

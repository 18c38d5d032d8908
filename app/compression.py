"""Static text travels compressed. Pages do not: they hold secrets beside what a stranger may have chosen (BREACH)."""

import gzip
from functools import lru_cache
from http import HTTPStatus

import brotli
from flask import Flask, Response, request

SMALLEST = 500
TEXTS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/manifest+json")


def init_compression(app: Flask) -> None:
    """Compress what /static/ answers."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if request.endpoint != "static" or response.mimetype not in TEXTS or response.status_code != HTTPStatus.OK:
        return response
    response.vary.add("Accept-Encoding")
    coding = request.accept_encodings.best_match(("br", "gzip"))
    if coding is None or request.method != "GET":
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST:
        return response
    response.set_data(_compressed(content, coding))
    response.headers["Content-Encoding"] = coding
    etag, _is_weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)
    return response


@lru_cache(maxsize=128)
def _compressed(content: bytes, coding: str) -> bytes:
    """Once for each file and process."""
    if coding == "br":
        return bytes(brotli.compress(content))
    return gzip.compress(content, mtime=0)

"""Static text travels compressed, pages do not, and what is compressed is what lies on the disk."""

import gzip
from pathlib import Path

import brotli
import pytest

CSS = "/static/css/app.css"
CONTENT = Path(__file__).resolve().parents[2].joinpath("app", "static", "css", "app.css").read_bytes()


@pytest.mark.parametrize(("asked", "unpack"), [("br, gzip", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_static_text_arrives_whole_in_the_coding_asked_for(client, asked, unpack):
    answer = client.get(CSS, headers={"Accept-Encoding": asked}, buffered=True)

    assert unpack(answer.data) == CONTENT
    assert answer.headers.get("Content-Encoding", "") == asked.split(",")[0]
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.content_length == len(answer.data)


def test_what_the_browser_has_is_not_sent_again(client):
    known = client.get(CSS, headers={"Accept-Encoding": "br"}, buffered=True).headers["ETag"]
    again = client.get(CSS, headers={"Accept-Encoding": "br", "If-None-Match": known}, buffered=True)

    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/sign-in", "/static/fonts/GolosText-Regular.woff2"])
def test_pages_and_fonts_are_sent_as_they_are(client, path):
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "br, gzip"}, buffered=True).headers

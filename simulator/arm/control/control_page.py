"""The control API's own description: an OpenAPI document, and a page of it for people."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Protocol

from failback.simulator.arm.wire.response import Json, Response

from .page_style import STYLE

_HTML = ("Content-Type", "text/html; charset=utf-8")


class Described(Protocol):
    """What a row of the control API says of itself."""

    @property
    def verb(self) -> str:
        """GET, POST or DELETE."""

    @property
    def path(self) -> str:
        """Below /failback/."""

    @property
    def summary(self) -> str:
        """For people."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Fields of the body."""


def openapi(rows: Iterable[Described]) -> Json:
    """OpenAPI 3 of the control API."""
    paths: dict[str, dict[str, Json]] = {}
    for row in rows:
        paths.setdefault(f"/failback/{row.path}", {})[row.verb.lower()] = _operation(row)
    info = {"title": "failback mock: control API", "version": "1", "description": "Not part of Azure's service."}
    return {"openapi": "3.0.3", "info": info, "paths": paths}


def _operation(row: Described) -> Json:
    answers = {"200": {"description": "Done."}, "400": {"description": "Bad request; error.message says why."}}
    answers["403"] = {"description": "The request came from a web page of another site."}
    name = f"{row.verb.lower()}_{row.path}"
    operation: dict[str, Json] = {"summary": row.summary, "operationId": name, "responses": answers}
    if row.verb == "POST":
        fields = {name: {"description": text} for name, text in row.fields.items()}
        schema = {"type": "object", "properties": fields}
        answers["415"] = {"description": "The Content-Type is not application/json."}
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return operation


def control_page(rows: Iterable[Described]) -> Response:
    """The same for people."""
    table = "".join(
        f"<tr><td>{row.verb} <code>/failback/{row.path}</code></td><td>{escape(row.summary)}</td>"
        f"<td>{_fields(row)}</td></tr>"
        for row in rows
    )
    body = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>failback mock: control API</title>"
        f"<style>{STYLE}</style>"
        "<h1>Control API</h1><p>These calls control the mock; Azure has no such paths. A POST needs the header "
        "<code>Content-Type: application/json</code>; its body is a JSON object. <a href=/>The front page</a> shows "
        "the state. Virtual seconds count from the <code>epoch</code> that <a href=/failback/clock>the clock</a> "
        "shows."
        f"<table><tr><th>request<th>what it does<th>fields of its body</tr>{table}</table></html>"
    )
    return Response(200, (_HTML,), body.encode())


def _fields(row: Described) -> str:
    return "<br>".join(f"<code>{escape(name)}</code>: {escape(text)}" for name, text in row.fields.items())

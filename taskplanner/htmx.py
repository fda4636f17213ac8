"""What the views share about htmx: the request's type, fragments or whole pages, events for the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class HtmxHttpRequest(HttpRequest):
    """A request as views see it: `request.htmx` is true when htmx sent it."""

    htmx: HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether the answer is swapped into a part of a page.

    Boosted links and pages that htmx restores from history want the whole page.
    """
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx) and htmx is not None and not htmx.boosted and not htmx.history_restore_request


def render_fragment(
    request: HttpRequest,
    template: str,
    partial: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the template's inline partial for htmx, and the whole template for a plain request."""
    name = f"{template}#{partial}" if wants_fragment(request) else template
    return render(request, name, context, status=status)


def trigger(response: HttpResponse, event: str, details: Mapping[str, Any] | None = None) -> HttpResponse:
    """Have the client fire an event (camelCase, past tense) when it has received the response; return it."""
    return trigger_client_event(response, event, dict(details or {}))

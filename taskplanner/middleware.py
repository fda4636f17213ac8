"""Middleware of our own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


class HtmxSignInMiddleware:
    """Send the whole window to the sign-in page where htmx would swap that page into a panel.

    After signing in, people return to the page they were on, not to the panel's address. Every HTML answer
    is marked as varying with `HX-Request`, so that no cache mixes fragments and pages up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
        if htmx and isinstance(response, HttpResponseRedirect):
            sign_in = resolve_url(settings.LOGIN_URL)
            if urlsplit(response.url).path == sign_in:
                back = htmx.current_url_abs_path or "/"
                away = HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': back})}")
                away.cookies = response.cookies
                response = away
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response

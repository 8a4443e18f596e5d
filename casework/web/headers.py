"""Security headers on every answer, errors and static files included."""

from __future__ import annotations

from flask import Flask, Response, request

#: Nothing from elsewhere, no inline code, no HTML from strings (safety rows 3.4.x).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        # One policy, for the address of the service worker (`js/offline/worker.js`).
        "trusted-types pkh-sw",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=()",
}

#: About documents and workers. JSON that a script of ours has asked for is neither, and these
#: would be twice as long as what it says.
_OF_DOCUMENTS = {
    "Content-Security-Policy",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
}


def init_app(app: Flask) -> None:
    @app.after_request
    def protect(response: Response) -> Response:
        is_data = response.is_json and request.headers.get("Sec-Fetch-Dest") == "empty"
        for name, value in HEADERS.items():
            if not (is_data and name in _OF_DOCUMENTS):
                response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint == "static" and response.status_code == 200:
            # The address holds the release: what lies behind it never changes.
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

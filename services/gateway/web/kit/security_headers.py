"""Security headers: what the browser must not do on our pages."""

from collections.abc import Sequence


def security_headers(form_targets: Sequence[str] = ()) -> dict[str, str]:
    """Build the headers of every page.

    `form_targets` are the origins a form's answer may redirect to besides our own: browsers apply `form-action` to
    redirects too, so a sign-out that ends at the identity provider needs its origin here.
    """
    policy = (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        " ".join(("form-action 'self'", *form_targets)),
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

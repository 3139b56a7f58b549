"""What severities promise, in words."""

from reports.wording import MISSING, duration_text, share_text
from scenarios.limits import Limit


def limit_text(limit: Limit | None) -> str:
    """90 % in 4 h, 95 % on the same day, or a dash where nothing is promised."""
    return MISSING if limit is None else f"{share_text(limit.share)} {within_text(limit)}"


def within_text(limit: Limit) -> str:
    """In 4 h, in 3 business days, on the same day."""
    if limit.kind == "same_day":
        return "on the same day"
    if limit.kind == "days":
        return f"in {limit.days} business day{'s' if limit.days > 1 else ''}"
    return f"in {duration_text(limit.amount_s)}"

"""Who may call the server: those who know its token. A company with Entra ID uses that instead."""

from __future__ import annotations

import os
import secrets
from typing import Any

SHORTEST_TOKEN = 16
SHARED_USER = "fenji"  # everybody who has the token


async def validate_token(token_string: str) -> Any:
    """The user behind a token; HTTP 401 for any other text, and while the server has no token."""
    from fastapi import HTTPException
    from xlwings_server.models import User

    wanted = os.environ.get("FENJI_SERVER_TOKEN", "")
    known = len(wanted) >= SHORTEST_TOKEN and secrets.compare_digest(token_string.encode(), wanted.encode())
    if not known:
        raise HTTPException(
            status_code=401,
            detail="令牌不对，请在任务窗格中重新填写。/ Wrong token: enter it again in the task pane.",
        )
    return User(id=SHARED_USER, name=SHARED_USER)

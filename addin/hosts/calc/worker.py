"""fenji's side of the pipe: answers the worksheet calls of a LibreOffice process, one line each.

A request is a JSON list, `["RFM_SEGMENT", [555]]`; an answer a JSON object: `{"result": ...}`. Error marks
are `{"error": "#N/A", "zh": ..., "en": ...}`. The process ends when its standard input ends.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO


def answer(request: str | bytes) -> str:
    """The answer to one request.

    >>> answer('["RFM_SEGMENT", [555]]')
    '{"result": "Champions"}'
    """
    from udfs import worksheet

    name, arguments = json.loads(request)
    if name not in worksheet.__all__:
        return json.dumps({"result": {"error": "#NAME?"}})
    result = getattr(worksheet, name)(*arguments)
    return json.dumps({"result": result}, default=_mark, ensure_ascii=False)


def _mark(value: Any) -> dict[str, str]:
    return {"error": value.mark, "zh": value.reason.zh, "en": value.reason.en}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Says what it is, then answers until the requests end."""
    from udfs import worksheet

    answers.write(json.dumps({"ready": len(worksheet.__all__)}).encode() + b"\n")
    answers.flush()
    for line in requests:
        answers.write(answer(line).encode("utf-8") + b"\n")
        answers.flush()


def main() -> None:
    """Serves on standard input and output; whatever else prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()

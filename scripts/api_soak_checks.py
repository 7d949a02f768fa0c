"""What `api-soak.sh` asks of every answer besides schemathesis' own checks."""

import schemathesis


@schemathesis.check
def a_refusal_for_now_says_for_how_long(_context, response, _case):
    if response.status_code in (429, 503):
        assert int(response.headers.get("retry-after", ["0"])[0]) >= 1, "Retry-After is missing"

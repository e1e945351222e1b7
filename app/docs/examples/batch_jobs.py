"""Save this as batch_jobs.py: the other examples import it."""

import os

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

url = os.environ["BATCH_JOBS_URL"]
organization_id = os.environ["BATCH_JOBS_ORGANIZATION_ID"]

session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['BATCH_JOBS_API_KEY']}"
# Waits as long as Retry-After says. Retries POST too: give it an Idempotency-Key.
retry = Retry(
    total=5,
    backoff_factor=0.5,
    status_forcelist=[429, 500, 502, 503, 504],
    allowed_methods=None,
    raise_on_status=False,
)
session.mount(url, HTTPAdapter(max_retries=retry))


def call(method, path, idempotency_key=None, **given):
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    response = session.request(method, url + path, headers=headers, timeout=30, **given)
    if not response.ok:
        error = response.json()
        raise RuntimeError(f"{response.status_code} {error['code']}: {error['detail']}")
    return response


def jobs(**filters):
    """Yields the jobs of all pages. Returns the updatedSince for the next time."""
    cursor = ""
    while cursor is not None:
        params = {"organizationId": organization_id, "pageSize": 100, "total": "none", "cursor": cursor}
        response = call("GET", "/batch/jobs", params={**params, **filters})
        page = response.json()
        yield from page["batchJobs"]
        cursor = page["nextCursor"]
    return response.headers["X-Next-Updated-Since"]

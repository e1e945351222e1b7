from pathlib import Path

from batch_jobs import jobs

# All jobs the first time, then those that have changed since: run it as often as you like. Some may come again.
state = Path("updated-since.txt")
since = {"updatedSince": state.read_text()} if state.exists() else {}


def print_jobs():
    updated_since = yield from jobs(sort="updatedAt", **since)
    state.write_text(updated_since)


for job in print_jobs():
    print(job["id"], job["name"], job["status"])

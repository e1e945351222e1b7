import sys

from batch_jobs import call

id = sys.argv[1]  # of a batch job

started = call("POST", f"/batch/jobs/{id}/start", idempotency_key=f"start-{id}").json()
print(started["message"], started["startedAt"])

# Calls under way end normally.
cancelled = call("POST", f"/batch/jobs/{id}/cancel", idempotency_key=f"cancel-{id}").json()
print(cancelled["message"], cancelled["contactsCancelled"])

from datetime import datetime, timedelta, timezone

from batch_jobs import jobs

# Last month, in UTC.
to = datetime.now(timezone.utc).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
begin = (to - timedelta(days=1)).replace(day=1)

for job in jobs(status="failed", completedFrom=begin.isoformat(), completedTo=to.isoformat()):
    print(job["id"], job["name"], job["completedAt"])

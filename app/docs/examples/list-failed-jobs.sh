set -eu
# Last month, in UTC. On macOS: from=$(date -u -v-1m +%Y-%m-01T00:00:00Z)
from=$(date -u -d "$(date -u +%Y-%m-15) -1 month" +%Y-%m-01T00:00:00Z)
to=$(date -u +%Y-%m-01T00:00:00Z)

# CSV has the jobs of all pages.
curl -sS --fail-with-body --retry 5 --get "$BATCH_JOBS_URL/batch/jobs" \
  -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
  -H "Accept: text/csv" \
  -d "organizationId=$BATCH_JOBS_ORGANIZATION_ID" \
  -d "status=failed&completedFrom=$from&completedTo=$to"

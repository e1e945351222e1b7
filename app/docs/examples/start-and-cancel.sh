set -eu
id=$1 # of a batch job

curl -sS --fail-with-body --retry 5 -X POST "$BATCH_JOBS_URL/batch/jobs/$id/start" \
  -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
  -H "Idempotency-Key: start-$id"

# Calls under way end normally.
curl -sS --fail-with-body --retry 5 -X POST "$BATCH_JOBS_URL/batch/jobs/$id/cancel" \
  -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
  -H "Idempotency-Key: cancel-$id"

set -eu
# The same request with the same Idempotency-Key creates the job once.
curl -sS --fail-with-body --retry 5 "$BATCH_JOBS_URL/batch/create" \
  -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: january-renewals" \
  -d '{
    "name": "January Renewal Campaign",
    "fromPhoneNumberId": "phone_ghi789",
    "contacts": [{ "phone": "+12025550101", "name": "John Smith", "plan": "Premium" }],
    "scheduledStartTime": "2030-02-28T09:00:00",
    "timezone": "America/New_York"
  }'

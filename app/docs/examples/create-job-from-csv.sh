set -eu
printf 'phone,name,plan\n+12025550101,John Smith,Premium\n' > contacts.csv
curl -sS --fail-with-body --retry 5 "$BATCH_JOBS_URL/batch/create?include=skippedRows" \
  -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
  -H "Idempotency-Key: january-renewals-csv" \
  -F file=@contacts.csv \
  -F name="January Renewal Campaign" \
  -F fromPhoneNumberId=phone_ghi789 \
  -F scheduledStartTime=2030-02-28T09:00:00 \
  -F timezone=America/New_York

set -eu
post() {
  curl -sS --fail-with-body --retry 5 "$BATCH_JOBS_URL/batch/calls/$1" -d "$2" \
    -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
    -H "Content-Type: application/json" \
    -H "Idempotency-Key: $1-$$-$(date +%s)"
}

claim=$(post claim '{ "dialer": "example", "max": 1 }')
id=$(echo "$claim" | jq -r '.calls[0].callId // empty')
if [ -n "$id" ]; then
  # Dial only if this succeeds. Repeat it before leaseUntil for as long as the call goes on.
  post "$id/dialing" '{ "leaseSeconds": 300 }' > /dev/null
  echo "Call $(echo "$claim" | jq -r '.calls[0].phoneNumber') here."
  post "$id/result" '{ "status": "completed", "callDuration": 42 }'
fi

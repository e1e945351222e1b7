set -eu
post() {
  path=$1 body=$2
  shift 2
  curl -sS --fail-with-body --retry 5 "$BATCH_JOBS_URL/batch/calls/$path" -d "$body" \
    -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
    -H "Content-Type: application/json" "$@"
}

# The other requests can be repeated without an Idempotency-Key.
claim=$(post claim '{ "dialer": "example", "max": 1 }' -H "Idempotency-Key: claim-$$-$(date +%s)")
id=$(echo "$claim" | jq -r '.calls[0].callId // empty')
if [ -n "$id" ]; then
  # Dial only if this succeeds. Repeat it before leaseUntil for as long as the call goes on.
  post "$id/dialing" '{ "leaseSeconds": 300 }' > /dev/null
  echo "Call $(echo "$claim" | jq -r '.calls[0].phoneNumber') here."
  post "$id/result" '{ "status": "completed", "callDuration": 42 }'
fi

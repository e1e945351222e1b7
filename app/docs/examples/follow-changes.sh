set -eu
# All jobs the first time, then those that have changed since: run it as often as you like. Some may come again.
since=$(cat updated-since.txt 2> /dev/null || true)
cursor=
while [ "$cursor" != null ]; do
  next=$(curl -sS --fail-with-body --retry 5 --get "$BATCH_JOBS_URL/batch/jobs" \
    -H "Authorization: Bearer $BATCH_JOBS_API_KEY" \
    -d "organizationId=$BATCH_JOBS_ORGANIZATION_ID" \
    -d "sort=updatedAt&pageSize=100&total=none&cursor=$cursor${since:+&updatedSince=$since}" \
    -o page.json -w "%header{x-next-updated-since}")
  jq -r '.batchJobs[] | "\(.id) \(.name) \(.status)"' page.json
  cursor=$(jq -r .nextCursor page.json)
done
echo "$next" > updated-since.txt

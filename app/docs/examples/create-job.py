from batch_jobs import call

body = {
    "name": "January Renewal Campaign",
    "fromPhoneNumberId": "phone_ghi789",
    "contacts": [{"phone": "+12025550101", "name": "John Smith", "plan": "Premium"}],
    "scheduledStartTime": "2030-02-28T09:00:00",
    "timezone": "America/New_York",
}
# The same request with the same Idempotency-Key creates the job once.
job = call("POST", "/batch/create", idempotency_key="january-renewals", json=body).json()
print(job["batchJobId"], job["status"], job["scheduledStartTime"])

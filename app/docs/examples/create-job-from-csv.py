from pathlib import Path

from batch_jobs import call

Path("contacts.csv").write_text("phone,name,plan\n+12025550101,John Smith,Premium\n")
form = {
    "name": "January Renewal Campaign",
    "fromPhoneNumberId": "phone_ghi789",
    "scheduledStartTime": "2030-02-28T09:00:00",
    "timezone": "America/New_York",
}
job = call(
    "POST",
    "/batch/create",
    idempotency_key="january-renewals-csv",
    params={"include": "skippedRows"},
    data=form,
    files={"file": Path("contacts.csv").read_bytes()},
).json()
print(job["batchJobId"], job["totalContacts"], job["skippedRows"])

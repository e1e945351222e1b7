import uuid

from batch_jobs import call

body = {"dialer": "example", "max": 1}
# The other requests can be repeated without an Idempotency-Key.
claim = call("POST", "/batch/calls/claim", idempotency_key=str(uuid.uuid4()), json=body).json()
for claimed in claim["calls"]:
    path = f"/batch/calls/{claimed['callId']}"
    # Dial only if this succeeds. Repeat it before leaseUntil for as long as the call goes on.
    call("POST", f"{path}/dialing", json={"leaseSeconds": 300})
    print(f"Call {claimed['phoneNumber']} here.")
    result = call("POST", f"{path}/result", json={"status": "completed", "callDuration": 42}).json()
    print(result["contact"]["id"], result["contact"]["status"])

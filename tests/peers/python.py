"""cos-python-sdk-v5 does what the plan says, and this prints what it got: one JSON object a line.

The plan comes on standard input.
"""

import io
import json
import logging
import sys

import requests
from qcloud_cos import CosClientError, CosConfig, CosS3Client, CosServiceError

# As in a program that keeps a log: the SDK's own lines go there too.
log = io.StringIO()
logging.basicConfig(stream=log, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
program = logging.getLogger("program")

plan = json.load(sys.stdin)

OPERATIONS = {
    "get-object": ("get_object", {"Range": "bytes=0-0"}),
    "head-object": ("head_object", {}),
    "get-bucket": ("list_objects", {"MaxKeys": 1}),
    "head-bucket": ("head_bucket", {}),
    "get-bucket-policy": ("get_bucket_policy", {}),
    "get-bucket-lifecycle": ("get_bucket_lifecycle", {}),
}


def client(account, at, region, timeout=None):
    """A client that goes through the sandbox, and the responses that it is going to see."""
    seen = []
    session = requests.Session()
    session.trust_env = False
    session.hooks["response"].append(lambda response, **_: seen.append(response))
    who = {"Anonymous": True} if account is None else {
        "SecretId": account["id"], "SecretKey": account["key"], "Token": account.get("token")}
    config = CosConfig(Region=region, Scheme="http", Proxies={"http": f"http://{at}"}, Timeout=timeout or 10,
                       AllowRedirects=False, AutoSwitchDomainOnRetry=False, **who)
    # The first answer is what is compared.
    return CosS3Client(config, retry=0, session=session), seen


def logged(action, *arguments):
    """What an action wrote into the log."""
    log.seek(0)
    log.truncate()
    action(*arguments)
    return log.getvalue().rstrip("\n")


def printed(error, by_the_sdk):
    """What programs print of an error that they have just caught."""
    texts = {
        "the SDK's own log": by_the_sdk,
        "a log line with str": logged(program.error, "download failed: %s", error),
        "print of repr": repr(error),
        "a logged traceback": logged(program.exception, "download failed"),
        "a logged traceback with str": logged(program.exception, "download failed: %s", error),
    }
    if isinstance(error, CosServiceError):
        texts["print of get_digest_msg"] = str(error.get_digest_msg())
    return texts


def bad(wanted):
    method, own = OPERATIONS[wanted["op"]]
    cos, seen = client(plan["accounts"][wanted["as"]], plan["addresses"][wanted["at"]], wanted["region"],
                       wanted.get("timeout"))
    parameters = {"Bucket": wanted["bucket"], **own}
    if "key" in wanted:
        parameters["Key"] = wanted["key"]
    result = {"name": wanted["name"], "failed": True, "status": None, "code": None, "message": None, "id": None}
    logged(lambda: None)
    try:
        getattr(cos, method)(**parameters)
        result.update(failed=False, status=seen[-1].status_code)
    except CosServiceError as error:
        result["printed"] = printed(error, log.getvalue().rstrip("\n"))
        for name, get in (("status", error.get_status_code), ("code", error.get_error_code),
                          ("message", error.get_error_msg), ("id", error.get_request_id)):
            try:
                result[name] = get()
            except Exception as broken:
                result[name] = f"({type(broken).__name__} in the SDK)"
    except CosClientError as error:
        result["printed"] = printed(error, log.getvalue().rstrip("\n"))
        result["message"] = str(error)
    except Exception as broken:
        result["message"] = f"({type(broken).__name__} in the SDK) {broken}"
    # The SDK's errors hold no headers; these are what it was given.
    result["header_id"] = seen[-1].headers.get("x-cos-request-id") if seen else None
    return result


def good():
    checks = []
    bucket = plan["good"]["bucket"]

    def check(name, action):
        try:
            ok, detail = bool(action()), None
        except Exception as error:
            ok, detail = False, f"{type(error).__name__}: {error}"
        checks.append({"name": name, "ok": ok, "detail": detail})

    for who in ("owner", "temporary"):
        cos, _ = client(plan["accounts"][who], plan["addresses"]["sandbox"], plan["region"])
        for key in plan["good"]["keys"]:
            body = f"python {who} {key}\n".encode() + b"\x00\xff"
            at, copy = f"python/{key}", f"copy/{key}"
            source = {"Bucket": bucket, "Key": at, "Region": plan["region"]}
            check(f"{who}: put {key}", lambda: cos.put_object(Bucket=bucket, Body=body, Key=at)["ETag"])
            check(f"{who}: get back equal bytes of {key}",
                  lambda: cos.get_object(Bucket=bucket, Key=at)["Body"].get_raw_stream().read() == body)
            check(f"{who}: head {key}",
                  lambda: int(cos.head_object(Bucket=bucket, Key=at)["Content-Length"]) == len(body))
            check(f"{who}: copy {key}", lambda: cos.copy_object(Bucket=bucket, Key=copy, CopySource=source)["ETag"])
            check(f"{who}: list {key}", lambda: any(
                one["Key"] == copy for one in cos.list_objects(Bucket=bucket, Prefix=copy)["Contents"]))
            for name in (at, copy):
                def gone(name=name):
                    cos.delete_object(Bucket=bucket, Key=name)
                    return not cos.object_exists(Bucket=bucket, Key=name)
                check(f"{who}: delete {name}", gone)
    return checks


def main():
    print(json.dumps({"good": good()}), flush=True)
    for wanted in plan["cases"]:
        print(json.dumps(bad(wanted)), flush=True)


if __name__ == "__main__":
    main()

"""Ordinary work with cos-python-sdk-v5: one JSON object a step. The plan comes on standard input."""

import json
import sys
import time

import requests
from qcloud_cos import CosConfig, CosS3Client, CosServiceError

plan = json.load(sys.stdin)
HOST = "{}.cos." + plan["region"] + ".myqcloud.com"
PHOTOS, NEW = "photos-1250000000", "python-steps-1250000000"
MIB = 1024 * 1024


def client(account):
    session = requests.Session()
    session.trust_env = False
    who = plan["accounts"][account]
    config = CosConfig(Region=plan["region"], Scheme="http", Proxies={"http": f"http://{plan['address']}"}, Timeout=20,
                       SecretId=who["id"], SecretKey=who["key"], Token=who.get("token"), AutoSwitchDomainOnRetry=False)
    return CosS3Client(config, retry=0, session=session)


cos = client("owner")


def step(name, action):
    try:
        ok, detail = bool(action()), None
    except Exception as error:  # Whatever the SDK makes of an answer is a result.
        ok, detail = False, f"{type(error).__name__}: {error}"[:300]
    print(json.dumps({"name": name, "ok": ok, "detail": detail}), flush=True)


def fails(code, action, status=None):
    """Whether the SDK tells this code of an action."""
    def run():
        try:
            result = action()
        except CosServiceError as error:
            if error.get_error_code() != code or status not in (None, error.get_status_code()):
                raise
            return True
        raise AssertionError(f"no error: {result}")
    return run


def read(**where):
    return cos.get_object(**{"Bucket": NEW, **where})["Body"].get_raw_stream().read()


def source(key, bucket=NEW):
    return {"Bucket": bucket, "Key": key, "Region": plan["region"]}


def buckets():
    step("bucket: head before it exists", fails("NoSuchResource", lambda: cos.head_bucket(NEW), 404))
    step("bucket: create", lambda: cos.create_bucket(NEW) is None or True)
    step("bucket: create again", fails("BucketAlreadyOwnedByYou", lambda: cos.create_bucket(NEW), 409))
    step("bucket: create another's", fails("BucketAlreadyExists", lambda: cos.create_bucket("partner-1251111111"), 409))
    step("bucket: head", lambda: cos.head_bucket(NEW)["x-cos-bucket-region"] == plan["region"])
    step("bucket: exists", lambda: cos.bucket_exists(NEW) and not cos.bucket_exists("none-1250000000"))
    step("bucket: on the list", lambda: NEW in [one["Name"] for one in cos.list_buckets()["Buckets"]["Bucket"]])
    step("bucket: location", lambda: cos.get_bucket_location(NEW)["LocationConstraint"] == plan["region"])
    step("bucket: delete one that is not empty", fails("BucketNotEmpty", lambda: cos.delete_bucket(PHOTOS), 409))


def objects():
    body = b"python \x00\xff" * 10
    step("object: put", lambda: cos.put_object(Bucket=NEW, Key="a", Body=body)["ETag"])
    step("object: get", lambda: read(Key="a") == body)
    step("object: range", lambda: read(Key="a", Range="bytes=0-5") == b"python")
    step("object: range that cannot be", fails("InvalidRange", lambda: read(Key="a", Range="bytes=900-"), 416))
    step("object: head", lambda: int(cos.head_object(NEW, "a")["Content-Length"]) == len(body))
    step("object: default type", lambda: cos.head_object(NEW, "a")["Content-Type"] == "application/octet-stream")
    step("object: crc64", lambda: cos.head_object(NEW, "a")["x-cos-hash-crc64ecma"].isdigit())
    step("object: exists", lambda: cos.object_exists(NEW, "a") and not cos.object_exists(NEW, "none"))
    step("object: get one that is missing", fails("NoSuchKey", lambda: read(Key="none"), 404))
    cos.put_object(Bucket=NEW, Key="meta", Body=body, Metadata={"x-cos-meta-color": "blue"}, StorageClass="STANDARD_IA",
                   ContentType="text/x-meta", ContentDisposition="attachment", CacheControl="max-age=60",
                   ServerSideEncryption="AES256")
    for name, value in [("x-cos-meta-color", "blue"), ("x-cos-storage-class", "STANDARD_IA"), ("Content-Type", "text/x-meta"),
                        ("Content-Disposition", "attachment"), ("Cache-Control", "max-age=60"),
                        ("x-cos-server-side-encryption", "AES256")]:
        step(f"metadata: {name}", lambda name=name, value=value: cos.head_object(NEW, "meta")[name] == value)
    step("metadata: unknown storage class",
         fails("NotSupportedStorageClass", lambda: cos.put_object(Bucket=NEW, Key="x", Body=b"", StorageClass="GLACIER"), 400))
    step("metadata: response override", lambda: cos.get_object(
        Bucket=NEW, Key="a", ResponseContentType="text/override")["Content-Type"] == "text/override")
    step("object: put with MD5", lambda: cos.put_object(Bucket=NEW, Key="md5", Body=body, EnableMD5=True)["ETag"])
    step("object: wrong MD5", fails("BadDigest", lambda: cos.put_object(
        Bucket=NEW, Key="x", Body=b"other", ContentMD5="XUFAKrxLKna5cZ2REBfFkg=="), 400))
    step("object: append", lambda: cos.append_object(NEW, "log", 0, b"abc")["x-cos-next-append-position"] == "3")
    step("object: append at the end", lambda: cos.append_object(NEW, "log", 3, b"def") and read(Key="log") == b"abcdef")
    step("object: append at a wrong place", fails("AppendPositionErr", lambda: cos.append_object(NEW, "log", 1, b"x"), 409))
    step("object: append to a normal one", fails("ObjectNotAppendable", lambda: cos.append_object(NEW, "a", 80, b"x"), 409))
    step("object: upload a stream of unknown length", lambda: cos.put_object(
        Bucket=NEW, Key="stream", Body=(piece for piece in [b"one", b"two"])) and read(Key="stream") == b"onetwo")
    step("object: presigned URL", lambda: requests.get(
        cos.get_presigned_url(NEW, "a", "GET"), proxies={"http": f"http://{plan['address']}"}, timeout=10).content == body)
    cos.put_object(Bucket=NEW, Key="old", Body=b"x", StorageClass="ARCHIVE")
    step("archive: get", fails("InvalidObjectState", lambda: read(Key="old"), 403))
    step("archive: restore", lambda: cos.restore_object(NEW, "old", {"Days": 1, "CASJobParameters": {"Tier": "Standard"}}) is None)
    step("archive: restore again", fails("RestoreAlreadyInProgress", lambda: cos.restore_object(
        NEW, "old", {"Days": 1, "CASJobParameters": {"Tier": "Standard"}}), 409))
    step("delete: several", lambda: len(cos.delete_objects(
        NEW, {"Object": [{"Key": "md5"}, {"Key": "none"}], "Quiet": "false"})["Deleted"]) == 2)
    step("delete: one that may not go", lambda: cos.delete_objects(
        NEW, {"Object": [{"Key": "locked/a"}], "Quiet": "true"})["Error"][0]["Code"] == "AccessDenied")


def copies():
    step("copy: same bucket", lambda: cos.copy_object(NEW, "copy", source("meta"))["ETag"] == cos.head_object(NEW, "meta")["ETag"])
    step("copy: keeps metadata", lambda: cos.head_object(NEW, "copy")["x-cos-meta-color"] == "blue")
    step("copy: replaces metadata", lambda: cos.copy_object(
        NEW, "copy", source("meta"), "Replaced", Metadata={"x-cos-meta-color": "red"})
        and cos.head_object(NEW, "copy")["x-cos-meta-color"] == "red")
    step("copy: other bucket", lambda: cos.copy_object(NEW, "copy", source("2024/a.txt", PHOTOS))["ETag"])
    step("copy: missing source", fails("NoSuchCopySource", lambda: cos.copy_object(NEW, "copy", source("none")), 404))
    step("copy: archived source", fails("InvalidObjectState", lambda: cos.copy_object(NEW, "copy", source("archive/2019.tar", PHOTOS)), 403))
    step("copy: late failure in a 200", fails("InternalError", lambda: cos.copy_object(NEW, "copy", source("fail-late", PHOTOS)), 200))


def conditions():
    etag = cos.head_object(NEW, "a")["ETag"]
    past, future = "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2037 07:28:00 GMT"
    step("condition: If-Match", lambda: read(Key="a", IfMatch=etag))
    step("condition: If-Match fails", fails("PreconditionFailed", lambda: read(Key="a", IfMatch='"0"'), 412))
    step("condition: If-None-Match", lambda: read(Key="a", IfNoneMatch='"0"'))
    step("condition: If-Modified-Since", lambda: read(Key="a", IfModifiedSince=past))
    step("condition: If-Unmodified-Since", lambda: read(Key="a", IfUnmodifiedSince=future))
    step("condition: If-Unmodified-Since fails", fails("PreconditionFailed", lambda: read(Key="a", IfUnmodifiedSince=past), 412))
    step("condition: copy", fails("PreconditionFailed", lambda: cos.copy_object(
        NEW, "copy", source("a"), CopySourceIfMatch='"0"'), 412))

    def not_modified():
        try:
            got = cos.get_object(Bucket=NEW, Key="a", IfModifiedSince=future)
        except CosServiceError as error:
            return error.get_status_code() == 304
        return got["Body"].get_raw_stream().status == 304
    step("condition: 304", not_modified)


def multipart():
    upload = cos.create_multipart_upload(NEW, "big", Metadata={"x-cos-meta-color": "blue"})["UploadId"]
    part = {}
    for number, length in [(1, MIB), (2, 10), (3, 20)]:
        def put(number=number, length=length):
            part[number] = cos.upload_part(NEW, "big", b"a" * length, number, upload)["ETag"]
            return part[number]
        step(f"multipart: part {number}", put)
    parts = lambda *numbers: {"Part": [{"PartNumber": n, "ETag": part.get(n, '"0"')} for n in numbers]}
    complete = lambda *numbers: lambda: cos.complete_multipart_upload(NEW, "big", upload, parts(*numbers))
    step("multipart: list parts", lambda: [one["PartNumber"] for one in cos.list_parts(NEW, "big", upload)["Part"]] == ["1", "2", "3"])
    step("multipart: list parts by pages", lambda: cos.list_parts(NEW, "big", upload, MaxParts=1)["IsTruncated"] == "true")
    step("multipart: list uploads", lambda: upload in [one["UploadId"] for one in cos.list_multipart_uploads(NEW)["Upload"]])
    step("multipart: part to no upload", fails("NoSuchUpload", lambda: cos.upload_part(NEW, "big", b"", 1, "none"), 404))
    step("multipart: list parts of no upload", fails("NoSuchUpload", lambda: cos.list_parts(NEW, "big", "none"), 404))
    step("multipart: wrong order", fails("InvalidPartOrder", complete(3, 1), 400))
    step("multipart: missing part", fails("InvalidPart", complete(1, 7), 400))
    step("multipart: small part", fails("EntityTooSmall", complete(1, 2, 3), 400))
    step("multipart: no parts", fails("MalformedXML", complete(), 400))
    step("multipart: complete", lambda: complete(1, 3)()["ETag"].strip('"').endswith("-2"))
    step("multipart: complete again", fails("NoSuchUpload", complete(1, 3), 404))
    step("multipart: content and metadata", lambda: len(read(Key="big")) == MIB + 20 and cos.head_object(
        NEW, "big")["x-cos-meta-color"] == "blue")
    other = cos.create_multipart_upload(NEW, "copied")["UploadId"]
    step("multipart: copy a part", lambda: cos.upload_part_copy(NEW, "copied", 1, other, source("big"), "bytes=0-9")["ETag"])
    step("multipart: copy a whole object", lambda: cos.upload_part_copy(NEW, "copied", 2, other, source("a"))["ETag"])
    step("multipart: abort", lambda: cos.abort_multipart_upload(NEW, "copied", other) is None or True)
    step("multipart: abort again", fails("NoSuchUpload", lambda: cos.abort_multipart_upload(NEW, "copied", other), 404))
    step("multipart: 20 MB by upload_file_from_buffer", lambda: cos.put_object(Bucket=NEW, Key="20", Body=b"a" * 20 * MIB)["ETag"])


def sub_resources():
    step("acl: object stays", lambda: cos.put_object_acl(NEW, "a", ACL="public-read") is None and read(Key="a").startswith(b"python"))
    step("acl: object is public", lambda: any(
        grant["Permission"] == "READ" for grant in cos.get_object_acl(NEW, "a")["AccessControlList"]["Grant"]))
    step("acl: anybody reads it", lambda: requests.get(
        f"http://{HOST.format(NEW)}/a", proxies={"http": f"http://{plan['address']}"}, timeout=10).status_code == 200)
    step("acl: bucket", lambda: cos.put_bucket_acl(NEW, ACL="public-read") is None and len(
        cos.get_bucket_acl(NEW)["AccessControlList"]["Grant"]) == 2)
    tags = {"TagSet": {"Tag": [{"Key": "a", "Value": "1"}]}}
    step("tagging: object", lambda: cos.put_object_tagging(NEW, "a", tags) is None
         and cos.get_object_tagging(NEW, "a")["TagSet"]["Tag"][0]["Value"] == "1" and read(Key="a").startswith(b"python"))
    step("tagging: object, deleted", lambda: cos.delete_object_tagging(NEW, "a") is None and read(Key="a").startswith(b"python"))
    step("tagging: too many", fails("InvalidTag", lambda: cos.put_object_tagging(
        NEW, "a", {"TagSet": {"Tag": [{"Key": f"k{n}", "Value": "1"} for n in range(11)]}}), 400))
    step("tagging: bucket", lambda: cos.put_bucket_tagging(NEW, tags) is None
         and cos.get_bucket_tagging(NEW)["TagSet"]["Tag"][0]["Key"] == "a")
    step("tagging: bucket, deleted", lambda: cos.delete_bucket_tagging(NEW) is None)
    step("tagging: bucket, none", fails("NoSuchTagSet", lambda: cos.get_bucket_tagging(NEW), 404))
    step("cors: put is not implemented", fails("NotImplemented", lambda: cos.put_bucket_cors(
        NEW, {"CORSRule": [{"AllowedOrigin": ["*"], "AllowedMethod": ["GET"]}]}), 501))
    step("cors: get", lambda: cos.get_bucket_cors(PHOTOS)["CORSRule"])
    step("cors: none", fails("NoSuchCORSConfiguration", lambda: cos.get_bucket_cors(NEW), 404))
    step("lifecycle: none", fails("NoSuchLifecycleConfiguration", lambda: cos.get_bucket_lifecycle(NEW), 404))


def lists():
    for key in ("dir/1", "dir/2", "dir/sub/3", "相册/猫.jpg"):
        cos.put_object(Bucket=NEW, Key=f"list/{key}", Body=b"x")

    def keys(**query):
        page = cos.list_objects(NEW, **query)
        return [one["Key"] for one in page.get("Contents", [])], [one["Prefix"] for one in page.get("CommonPrefixes", [])]
    step("list: prefix", lambda: keys(Prefix="list/dir/")[0] == ["list/dir/1", "list/dir/2", "list/dir/sub/3"])
    step("list: delimiter", lambda: keys(Prefix="list/", Delimiter="/") == ([], ["list/dir/", "list/相册/"]))
    step("list: encoded", lambda: keys(Prefix="list/相", EncodingType="url")[0] == ["list/%E7%9B%B8%E5%86%8C/%E7%8C%AB.jpg"])
    step("list: marker", lambda: cos.list_objects(NEW, Prefix="list/", MaxKeys=2)["NextMarker"] == "list/dir/2"
         and keys(Prefix="list/", Marker="list/dir/2")[0][0] == "list/dir/sub/3")
    step("list: limit that cannot be", fails("InvalidArgument", lambda: keys(MaxKeys=1001), 400))


def versions():
    step("versions: off", lambda: not cos.get_bucket_versioning(NEW).get("Status"))
    step("versions: on", lambda: cos.put_bucket_versioning(NEW, "Enabled") is None and cos.get_bucket_versioning(NEW)["Status"] == "Enabled")
    ids = [cos.put_object(Bucket=NEW, Key="v", Body=body).get("x-cos-version-id") for body in (b"1", b"2")]
    step("versions: two IDs", lambda: all(ids) and ids[0] != ids[1])
    step("versions: read the first", lambda: read(Key="v", VersionId=ids[0]) == b"1")
    step("versions: none of this ID", fails("NoSuchVersion", lambda: read(Key="v", VersionId="none"), 404))
    step("versions: delete leaves a marker", lambda: cos.delete_object(NEW, "v")["x-cos-delete-marker"] == "true")
    step("versions: deleted", fails("NoSuchKey", lambda: read(Key="v"), 404))
    step("versions: list", lambda: len(cos.list_objects_versions(NEW, Prefix="v")["Version"]) == 2
         and len(cos.list_objects_versions(NEW, Prefix="v")["DeleteMarker"]) == 1)
    step("versions: delete the marker", lambda: cos.delete_object(
        NEW, "v", VersionId=cos.list_objects_versions(NEW, Prefix="v")["DeleteMarker"][0]["VersionId"]) and read(Key="v") == b"2")


def credentials():
    for account, code in [("wrong-key", "SignatureDoesNotMatch"), ("unknown-id", "InvalidAccessKeyId"), ("expired-token", "ExpiredToken"),
                          ("sub-user", "AccessDenied"), ("stranger", "AccessDenied")]:
        step(f"credentials: {account}", fails(code, lambda account=account: client(account).put_object(Bucket=NEW, Key="x", Body=b"")))
    plan["accounts"]["blank"] = {**plan["accounts"]["owner"], "id": plan["accounts"]["owner"]["id"] + "x"}
    step("credentials: one letter more", fails("InvalidAccessKeyId", lambda: client("blank").get_object(Bucket=PHOTOS, Key="cat.jpg")))


def the_end():
    for entry in cos.list_objects_versions(NEW, MaxKeys=1000).get("Version", []) + cos.list_objects_versions(NEW).get("DeleteMarker", []):
        cos.delete_object(NEW, entry["Key"], VersionId=entry["VersionId"])
    step("bucket: delete", lambda: cos.delete_bucket(NEW) is None or True)
    time.sleep(0)
    step("bucket: gone", lambda: not cos.bucket_exists(NEW))


for group in (buckets, objects, copies, conditions, multipart, sub_resources, lists, versions, credentials, the_end):
    try:
        group()
    except Exception as error:
        print(json.dumps({"name": f"{group.__name__}: goes on", "ok": False, "detail": f"{type(error).__name__}: {error}"[:300]}), flush=True)

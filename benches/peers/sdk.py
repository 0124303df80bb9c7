"""Sends GETs with the vendor's SDK for Python, 32 at once: `python3 sdk.py PORT NUMBER`."""

import sys
from concurrent.futures import ThreadPoolExecutor

from qcloud_cos import CosConfig, CosS3Client, CosServiceError

port, total = map(int, sys.argv[1:])
config = CosConfig(
    Region="ap-guangzhou",
    SecretId="AKIDfakeIDfakeIDfakeIDfakeIDfakeID01",
    SecretKey="fakeKEYfakeKEYfakeKEYfakeKEY0123",
    Scheme="http",
    Domain=f"127.0.0.1:{port}",
    PoolConnections=32,
    PoolMaxSize=32,
)
client = CosS3Client(config, retry=0)


def is_denied(at):
    try:
        client.get_object(Bucket="photos-1250000000", Key=f"photos/{at}")
    except CosServiceError as error:
        return error.get_error_code() == "AccessDenied"
    return False


with ThreadPoolExecutor(32) as pool:
    denied = sum(pool.map(is_denied, range(total)))
sys.exit(denied != total)

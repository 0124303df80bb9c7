//! `cosdiag sandbox`: the look-alike on its own, with lines to paste into an SDK.

use std::net::SocketAddr;

use anyhow::Context;
use clap::Args;

use super::interrupt::stop_signal;
use super::runtime::Runtime;
use super::status::{INTERRUPTED, print};
use crate::config::flags::address;
use crate::domain::credentials::Credentials;
use crate::sandbox::{LIMITS, Role, Sandbox, account};

/// Where to listen.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Listen on this loopback address; port 0 takes a free port
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR:PORT", value_parser = address)]
    listen: SocketAddr,
}

/// Runs the command until it is interrupted.
pub fn run(args: &SandboxArgs) -> anyhow::Result<u8> {
    let listen = args.listen;
    Runtime::new()?.block_on(async {
        let sandbox = Sandbox::start(listen).await.with_context(|| format!("--listen {listen}"))?;
        print(&banner(sandbox.addr(), &account(Role::Owner)))?;
        stop_signal().await;
        Ok(INTERRUPTED)
    })
}

/// The address, the credentials, and snippets that work as they stand.
fn banner(address: SocketAddr, owner: &Credentials) -> String {
    let (id, key) = (&owner.id, owner.expose_key());
    let (request, room) = LIMITS;
    format!(
        r"cosdiag sandbox: a COS look-alike on loopback. This is NOT Tencent Cloud COS; nothing leaves this machine.

address     http://{address}   (TLS on the same port)
SecretId    {id}
SecretKey   {key}
buckets     photos-1250000000, public-1250000000, web-1250000000, … in ap-guangzhou
limits      {request} MiB a request (COS: 5 GB) and {room} MiB in all. Of the settings of buckets and objects only
            ACLs, tags and versioning can be changed; other changes get 501 NotImplemented.

# cosdiag
COS_SECRET_ID={id} COS_SECRET_KEY={key} \
  cosdiag probe photos-1250000000 --region ap-guangzhou --scheme http --connect-to {address}

# Node.js: npm install cos-nodejs-sdk-v5
const COS = require('cos-nodejs-sdk-v5');
const cos = new COS({{ SecretId: '{id}', SecretKey: '{key}', Protocol: 'http:', Proxy: 'http://{address}' }});
cos.getObject({{ Bucket: 'photos-1250000000', Region: 'ap-guangzhou', Key: 'missing.txt' }}, (err, data) => console.log(err));

# Python: pip install cos-python-sdk-v5
from qcloud_cos import CosConfig, CosS3Client
client = CosS3Client(CosConfig(Region='ap-guangzhou', SecretId='{id}', SecretKey='{key}',
                               Scheme='http', Proxies={{'http': 'http://{address}'}}))
print(client.list_objects(Bucket='photos-1250000000'))

Ctrl-C stops it.
"
    )
}

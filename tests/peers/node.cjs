// cos-nodejs-sdk-v5 does what the plan says, and this prints what it got: one JSON object a line.
// The plan comes on standard input; the SDK is found through NODE_PATH.
'use strict';

const fs = require('node:fs');
const util = require('node:util');
const COS = require('cos-nodejs-sdk-v5');

const plan = JSON.parse(fs.readFileSync(0, 'utf8'));

function client(account, at, timeout) {
  const options = {
    Protocol: 'http:',
    Proxy: `http://${at}`,
    Timeout: timeout ? timeout * 1000 : 10000,
    // The first answer is what is compared; nothing may leave loopback.
    AutoSwitchHost: false,
    FollowRedirect: false,
  };
  if (account === null) {
    options.getAuthorization = (_, done) => done({ Authorization: '' });
  } else {
    Object.assign(options, { SecretId: account.id, SecretKey: account.key, SecurityToken: account.token });
  }
  return new COS(options);
}

const OPERATIONS = {
  'get-object': ['getObject', { Range: 'bytes=0-0' }],
  'head-object': ['headObject', {}],
  'get-bucket': ['getBucket', { MaxKeys: 1 }],
  'head-bucket': ['headBucket', {}],
  'get-bucket-policy': ['getBucketPolicy', {}],
  'get-bucket-lifecycle': ['getBucketLifecycle', {}],
};

/** What programs print of an error: console.log and console.error print what util.format makes. */
function printed(error) {
  return {
    'console.log': util.format(error),
    'console.error with words': util.format('download failed:', error),
    'JSON.stringify': JSON.stringify(error),
    'a logger of JSON lines': JSON.stringify({ level: 'error', msg: 'download failed', err: error }),
  };
}

/** Resolves to the error or the data, as the SDK's callback gives them. */
function call(cos, method, parameters) {
  return new Promise((resolve) => {
    cos[method](parameters, (error, data) => resolve({ error, data }));
  });
}

function text(value) {
  return value === undefined || value === null ? null : String(value);
}

async function bad(wanted) {
  const [method, own] = OPERATIONS[wanted.op];
  const parameters = { Bucket: wanted.bucket, Region: wanted.region, ...own };
  if (wanted.key !== undefined) parameters.Key = wanted.key;
  const cos = client(plan.accounts[wanted.as], plan.addresses[wanted.at], wanted.timeout);
  const { error, data } = await call(cos, method, parameters);
  const headerId = (headers) => text(headers && headers['x-cos-request-id']);
  if (!error) {
    const id = text(data.RequestId);
    return { name: wanted.name, failed: false, status: data.statusCode, id, header_id: headerId(data.headers) };
  }
  const inner = error.error && typeof error.error === 'object' ? error.error : {};
  return {
    name: wanted.name,
    failed: true,
    status: error.statusCode ?? null,
    code: text(inner.Code ?? error.code),
    message: text(inner.Message ?? error.message),
    id: text(error.RequestId),
    header_id: headerId(error.headers),
    printed: printed(error),
  };
}

async function good() {
  const { bucket, keys } = plan.good;
  const at = { Bucket: bucket, Region: plan.region };
  const checks = [];
  const check = (name, ok) => checks.push({ name, ok: Boolean(ok) });
  for (const who of ['owner', 'temporary']) {
    const cos = client(plan.accounts[who], plan.addresses.sandbox);
    for (const key of keys) {
      const body = Buffer.from(`node ${who} ${key}\n\u0000\u00ff`, 'utf8');
      const put = await call(cos, 'putObject', { ...at, Key: `node/${key}`, Body: body });
      check(`${who}: put ${key}`, !put.error && put.data.statusCode === 200 && put.data.ETag);
      const got = await call(cos, 'getObject', { ...at, Key: `node/${key}` });
      check(`${who}: get back equal bytes of ${key}`, !got.error && Buffer.compare(got.data.Body, body) === 0);
      const head = await call(cos, 'headObject', { ...at, Key: `node/${key}` });
      check(`${who}: head ${key}`, !head.error && Number(head.data.headers['content-length']) === body.length);
      const source = `${bucket}.cos.${plan.region}.myqcloud.com/${encodeURIComponent(`node/${key}`)}`;
      const copy = await call(cos, 'putObjectCopy', { ...at, Key: `copy/${key}`, CopySource: source });
      check(`${who}: copy ${key}`, !copy.error && copy.data.ETag === put.data?.ETag);
      const list = await call(cos, 'getBucket', { ...at, Prefix: `copy/${key}` });
      check(`${who}: list ${key}`, !list.error && list.data.Contents.some((one) => one.Key === `copy/${key}`));
      for (const prefix of ['node', 'copy']) {
        const gone = await call(cos, 'deleteObject', { ...at, Key: `${prefix}/${key}` });
        const after = await call(cos, 'headObject', { ...at, Key: `${prefix}/${key}` });
        check(`${who}: delete ${prefix}/${key}`, !gone.error && after.error && after.error.statusCode === 404);
      }
    }
  }
  return checks;
}

async function main() {
  const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
  print({ good: await good() });
  for (const wanted of plan.cases) print(await bad(wanted));
}

main().catch((error) => {
  process.stderr.write(`node.cjs: ${error.stack}\n`);
  process.exitCode = 1;
});

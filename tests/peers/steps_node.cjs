// Ordinary work with cos-nodejs-sdk-v5: one JSON object a step. The plan comes on standard input; the
// SDK is found through NODE_PATH.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const COS = require('cos-nodejs-sdk-v5');

const plan = JSON.parse(fs.readFileSync(0, 'utf8'));
const PHOTOS = 'photos-1250000000';
const NEW = plan.bucket ?? 'node-steps-1250000000';
const MIB = 1024 * 1024;

function client(account) {
  const who = plan.accounts[account];
  return new COS({
    SecretId: who.id, SecretKey: who.key, SecurityToken: who.token, Protocol: 'http:', Proxy: `http://${plan.address}`,
    Timeout: 20000, AutoSwitchHost: false, ChunkRetryTimes: 0, SliceSize: MIB, ChunkSize: MIB,
  });
}

const owner = client('owner');
const call = (method, parameters = {}, cos = owner) =>
  cos[method]({ Bucket: NEW, Region: plan.region, ...parameters });
const read = async (parameters) => (await call('getObject', parameters)).Body.toString();
const from = (key, bucket = NEW) => `${bucket}.cos.${plan.region}.myqcloud.com/${encodeURIComponent(key).replaceAll('%2F', '/')}`;

async function step(name, action) {
  let ok = false;
  let detail = null;
  try {
    ok = Boolean(await action());
  } catch (error) {
    detail = `${error.code} ${error.statusCode} ${error.message}`.slice(0, 300);
  }
  process.stdout.write(`${JSON.stringify({ name, ok, detail })}\n`);
}

/** A step that the SDK must end with this code. */
const fails = (name, code, action) => step(name, async () => {
  try {
    await action();
  } catch (error) {
    if (error.code === code) return true;
    throw error;
  }
  throw new Error('no error');
});

async function buckets() {
  await fails('bucket: head before it exists', '404', () => call('headBucket'));
  await step('bucket: create', () => call('putBucket'));
  await fails('bucket: create again', 'BucketAlreadyOwnedByYou', () => call('putBucket'));
  await fails("bucket: create another's", 'BucketAlreadyExists', () => call('putBucket', { Bucket: 'partner-1251111111' }));
  await step('bucket: head', () => call('headBucket'));
  await step('bucket: on the list', async () => (await call('getService')).Buckets.some((one) => one.Name === NEW));
  await step('bucket: location', async () => (await call('getBucketLocation')).LocationConstraint === plan.region);
  await fails('bucket: delete one that is not empty', 'BucketNotEmpty', () => call('deleteBucket', { Bucket: PHOTOS }));
}

async function objects() {
  await step('object: put', async () => (await call('putObject', { Key: 'a', Body: 'node' })).ETag);
  await step('object: get', async () => (await read({ Key: 'a' })) === 'node');
  await step('object: range', async () => (await read({ Key: 'a', Range: 'bytes=0-0' })) === 'n');
  await fails('object: range that cannot be', 'InvalidRange', () => read({ Key: 'a', Range: 'bytes=900-' }));
  await step('object: default type', async () => (await call('headObject', { Key: 'a' })).headers['content-type']);
  await fails('object: get one that is missing', 'NoSuchKey', () => read({ Key: 'none' }));
  const wanted = {
    'x-cos-meta-color': 'blue', 'x-cos-storage-class': 'STANDARD_IA', 'content-type': 'text/x-meta',
    'content-disposition': 'attachment', 'cache-control': 'max-age=60', 'x-cos-server-side-encryption': 'AES256',
  };
  await call('putObject', {
    Key: 'meta', Body: 'm', StorageClass: 'STANDARD_IA', ContentType: 'text/x-meta', ContentDisposition: 'attachment',
    CacheControl: 'max-age=60', 'x-cos-meta-color': 'blue', ServerSideEncryption: 'AES256',
  });
  for (const [name, value] of Object.entries(wanted)) {
    await step(`metadata: ${name}`, async () => (await call('headObject', { Key: 'meta' })).headers[name] === value);
  }
  await fails('metadata: unknown storage class', 'NotSupportedStorageClass',
    () => call('putObject', { Key: 'x', Body: 'x', StorageClass: 'GLACIER' }));
  await step('metadata: response override', async () =>
    (await call('getObject', { Key: 'a', ResponseContentType: 'text/override' })).headers['content-type'] === 'text/override');
  await fails('object: wrong MD5', 'BadDigest', () => call('putObject', { Key: 'x', Body: 'other', ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' }));
  await step('object: append', async () =>
    (await call('appendObject', { Key: 'log', Body: 'abc', Position: 0 })).headers['x-cos-next-append-position'] === '3');
  await step('object: append at the end', async () => {
    await call('appendObject', { Key: 'log', Body: 'def', Position: 3 });
    return (await read({ Key: 'log' })) === 'abcdef';
  });
  await fails('object: append at a wrong place', 'AppendPositionErr', () => call('appendObject', { Key: 'log', Body: 'x', Position: 1 }));
  await fails('object: append to a normal one', 'ObjectNotAppendable', () => call('appendObject', { Key: 'a', Body: 'x', Position: 4 }));
  await call('putObject', { Key: 'old', Body: 'x', StorageClass: 'ARCHIVE' });
  const restore = () => call('restoreObject', { Key: 'old', RestoreRequest: { Days: 1, CASJobParameters: { Tier: 'Expedited' } } });
  await fails('archive: get', 'InvalidObjectState', () => read({ Key: 'old' }));
  await step('archive: restore', restore);
  await fails('archive: restore again', 'RestoreAlreadyInProgress', restore);
  await step('delete: several', async () =>
    (await call('deleteMultipleObject', { Objects: [{ Key: 'x' }, { Key: 'none' }] })).Deleted.length === 2);
  await step('delete: one that may not go', async () =>
    (await call('deleteMultipleObject', { Objects: [{ Key: 'locked/a' }] })).Error[0].Code === 'AccessDenied');
}

async function copies() {
  const copy = (source, parameters = {}) => call('putObjectCopy', { Key: 'copy', CopySource: source, ...parameters });
  await step('copy: same bucket', async () => (await copy(from('meta'))).ETag);
  await step('copy: keeps metadata', async () => (await call('headObject', { Key: 'copy' })).headers['x-cos-meta-color'] === 'blue');
  await step('copy: replaces metadata', async () => {
    await copy(from('meta'), { MetadataDirective: 'Replaced', 'x-cos-meta-color': 'red' });
    return (await call('headObject', { Key: 'copy' })).headers['x-cos-meta-color'] === 'red';
  });
  await step('copy: other bucket', async () => (await copy(from('2024/a.txt', PHOTOS))).ETag);
  await fails('copy: missing source', 'NoSuchCopySource', () => copy(from('none')));
  await fails('copy: archived source', 'InvalidObjectState', () => copy(from('archive/2019.tar', PHOTOS)));
  await fails('copy: condition', 'PreconditionFailed', () => copy(from('a'), { CopySourceIfMatch: '"0"' }));
}

async function conditions() {
  const { ETag } = await call('headObject', { Key: 'a' });
  const [past, future] = ['Wed, 21 Oct 2015 07:28:00 GMT', 'Wed, 21 Oct 2037 07:28:00 GMT'];
  await step('condition: If-Match', () => read({ Key: 'a', IfMatch: ETag }));
  await fails('condition: If-Match fails', 'PreconditionFailed', () => read({ Key: 'a', IfMatch: '"0"' }));
  await step('condition: If-Modified-Since', () => read({ Key: 'a', IfModifiedSince: past }));
  await step('condition: 304 of a HEAD', async () => (await call('headObject', { Key: 'a', IfModifiedSince: future })).NotModified);
  await step('condition: 304 of a GET', async () => (await call('getObject', { Key: 'a', IfModifiedSince: future })).NotModified);
  await fails('condition: If-Unmodified-Since fails', 'PreconditionFailed', () => read({ Key: 'a', IfUnmodifiedSince: past }));
}

async function multipart() {
  const { UploadId } = await call('multipartInit', { Key: 'big', 'x-cos-meta-color': 'blue' });
  const upload = { Key: 'big', UploadId };
  const tags = {};
  for (const [number, length] of [[1, MIB], [2, 10], [3, 20]]) {
    await step(`multipart: part ${number}`, async () => {
      tags[number] = (await call('multipartUpload', { ...upload, PartNumber: number, Body: Buffer.alloc(length) })).ETag;
      return tags[number];
    });
  }
  const complete = (...numbers) => () => call('multipartComplete', {
    ...upload, Parts: numbers.map((number) => ({ PartNumber: number, ETag: tags[number] ?? '"0"' })),
  });
  await step('multipart: list parts', async () => (await call('multipartListPart', upload)).Part.map((one) => one.PartNumber).join() === '1,2,3');
  await step('multipart: list uploads', async () => (await call('multipartList')).Upload.some((one) => one.UploadId === UploadId));
  await fails('multipart: list parts of no upload', 'NoSuchUpload', () => call('multipartListPart', { Key: 'big', UploadId: 'none' }));
  await fails('multipart: wrong order', 'InvalidPartOrder', complete(3, 1));
  await fails('multipart: missing part', 'InvalidPart', complete(1, 7));
  await fails('multipart: small part', 'EntityTooSmall', complete(1, 2, 3));
  await step('multipart: complete', async () => (await complete(1, 3)()).ETag.replaceAll('"', '').endsWith('-2'));
  await fails('multipart: complete again', 'NoSuchUpload', complete(1, 3));
  await step('multipart: metadata', async () => (await call('headObject', { Key: 'big' })).headers['x-cos-meta-color'] === 'blue');
  const other = { Key: 'copied', UploadId: (await call('multipartInit', { Key: 'copied' })).UploadId };
  await step('multipart: copy a part', async () => (await call('uploadPartCopy', {
    ...other, PartNumber: 1, CopySource: from('big'), CopySourceRange: 'bytes=0-9',
  })).ETag);
  await step('multipart: abort', () => call('multipartAbort', other));
  await fails('multipart: abort again', 'NoSuchUpload', () => call('multipartAbort', other));
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'cosdiag-steps-')), 'file');
  fs.writeFileSync(file, Buffer.alloc(5 * MIB + 1));
  await step('multipart: upload a file in slices', () => call('sliceUploadFile', { Key: 'slices', FilePath: file }));
  await step('multipart: copy in slices', () => call('sliceCopyFile', { Key: 'slices2', CopySource: from('slices'), CopySliceSize: 2 * MIB }));
  await step('multipart: the copy is whole', async () => (await call('headObject', { Key: 'slices2' })).headers['content-length'] === `${5 * MIB + 1}`);
  await step('multipart: 20 MB in one request', () => call('putObject', { Key: 'large', Body: Buffer.alloc(20 * MIB) }));
  fs.rmSync(path.dirname(file), { recursive: true });
}

async function subResources() {
  await step('acl: object stays', async () => {
    await call('putObjectAcl', { Key: 'a', ACL: 'public-read' });
    return (await read({ Key: 'a' })) === 'node';
  });
  await step('acl: object is public', async () => (await call('getObjectAcl', { Key: 'a' })).ACL === 'public-read');
  await step('acl: bucket', async () => {
    await call('putBucketAcl', { ACL: 'public-read' });
    return (await call('getBucketAcl')).ACL === 'public-read';
  });
  const Tags = [{ Key: 'a', Value: '1' }];
  await step('tagging: object', async () => {
    await call('putObjectTagging', { Key: 'a', Tags });
    return (await call('getObjectTagging', { Key: 'a' })).Tags[0].Value === '1' && (await read({ Key: 'a' })) === 'node';
  });
  await step('tagging: object, deleted', async () => {
    await call('deleteObjectTagging', { Key: 'a' });
    return (await read({ Key: 'a' })) === 'node';
  });
  await step('tagging: object, none', async () => (await call('getObjectTagging', { Key: 'a' })).Tags.length === 0);
  await step('tagging: bucket', async () => {
    await call('putBucketTagging', { Tags });
    return (await call('getBucketTagging')).Tags[0].Key === 'a';
  });
  await step('tagging: bucket, deleted', () => call('deleteBucketTagging'));
  await fails('cors: put is not implemented', 'NotImplemented', () => call('putBucketCors', {
    CORSRules: [{ AllowedOrigin: ['*'], AllowedMethod: ['GET'] }],
  }));
  await step('cors: get', async () => (await call('getBucketCors', { Bucket: PHOTOS })).CORSRules.length === 1);
  await step('cors: none', async () => (await call('getBucketCors')).CORSRules.length === 0);
  await step('options: allowed', async () => !(await call('optionsObject', {
    Bucket: PHOTOS, Key: 'cat.jpg', Origin: 'https://photos.example.com', AccessControlRequestMethod: 'GET',
  })).OptionsForbidden);
  await step('options: forbidden', async () => (await call('optionsObject', {
    Key: 'a', Origin: 'https://photos.example.com', AccessControlRequestMethod: 'GET',
  })).OptionsForbidden);
}

async function lists() {
  for (const key of ['dir/1', 'dir/2', 'dir/sub/3', '相册/猫.jpg']) await call('putObject', { Key: `list/${key}`, Body: 'x' });
  const keys = async (query) => (await call('getBucket', query)).Contents.map((one) => one.Key).join();
  await step('list: prefix', async () => (await keys({ Prefix: 'list/dir/' })) === 'list/dir/1,list/dir/2,list/dir/sub/3');
  await step('list: delimiter', async () => (await call('getBucket', { Prefix: 'list/', Delimiter: '/' })).CommonPrefixes
    .map((one) => one.Prefix).join() === 'list/dir/,list/相册/');
  await step('list: marker', async () => (await keys({ Prefix: 'list/', Marker: 'list/dir/2' })) === 'list/dir/sub/3,list/相册/猫.jpg');
  await fails('list: limit that cannot be', 'InvalidArgument', () => keys({ MaxKeys: 1001 }));
}

async function versions() {
  const status = async () => (await call('getBucketVersioning')).VersioningConfiguration.Status;
  await step('versions: off', async () => !(await status()));
  await step('versions: on', async () => {
    await call('putBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
    return (await status()) === 'Enabled';
  });
  const ids = [];
  for (const Body of ['1', '2']) ids.push((await call('putObject', { Key: 'v', Body })).headers['x-cos-version-id']);
  await step('versions: two IDs', () => ids[0] && ids[1] && ids[0] !== ids[1]);
  await step('versions: read the first', async () => (await read({ Key: 'v', VersionId: ids[0] })) === '1');
  await fails('versions: none of this ID', 'NoSuchVersion', () => read({ Key: 'v', VersionId: 'none' }));
  await step('versions: delete leaves a marker', async () => (await call('deleteObject', { Key: 'v' })).headers['x-cos-delete-marker'] === 'true');
  await fails('versions: deleted', 'NoSuchKey', () => read({ Key: 'v' }));
  const list = () => call('listObjectVersions', { Prefix: 'v' });
  await step('versions: list', async () => (await list()).Versions.length === 2 && (await list()).DeleteMarkers.length === 1);
  await step('versions: delete the marker', async () => {
    await call('deleteObject', { Key: 'v', VersionId: (await list()).DeleteMarkers[0].VersionId });
    return (await read({ Key: 'v' })) === '2';
  });
}

async function credentials() {
  for (const [account, code] of [['wrong-key', 'SignatureDoesNotMatch'], ['unknown-id', 'InvalidAccessKeyId'],
    ['expired-token', 'ExpiredToken'], ['sub-user', 'AccessDenied'], ['stranger', 'AccessDenied']]) {
    await fails(`credentials: ${account}`, code, () => call('putObject', { Key: 'x', Body: 'x' }, client(account)));
  }
}

async function theEnd() {
  const { Versions, DeleteMarkers } = await call('listObjectVersions');
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) await call('deleteObject', { Key, VersionId });
  await step('bucket: delete', () => call('deleteBucket'));
  await fails('bucket: gone', '404', () => call('headBucket'));
}

async function main() {
  for (const group of [buckets, objects, copies, conditions, multipart, subResources, lists, versions, credentials, theEnd]) {
    try {
      await group();
    } catch (error) {
      await step(`${group.name}: goes on`, () => { throw error; });
    }
  }
}

main();

// Sends GETs with the vendor's SDK for Node.js, 32 at once: `node sdk.js PORT NUMBER`.
const COS = require('cos-nodejs-sdk-v5');
const [port, total] = process.argv.slice(2).map(Number);
const cos = new COS({
  SecretId: 'AKIDfakeIDfakeIDfakeIDfakeIDfakeID01',
  SecretKey: 'fakeKEYfakeKEYfakeKEYfakeKEY0123',
  Protocol: 'http:',
  Domain: `127.0.0.1:${port}`,
  KeepAlive: true,
  ChunkRetryTimes: 0,
});
let [begun, denied] = [0, 0];
const next = () => {
  if (begun === total) return;
  begun += 1;
  const what = { Bucket: 'photos-1250000000', Region: 'ap-guangzhou', Key: `photos/${begun}` };
  cos.getObject(what, (error) => {
    denied += error?.code === 'AccessDenied' ? 1 : 0;
    next();
  });
};
for (let at = 0; at < 32; at += 1) next();
process.on('exit', () => { process.exitCode = denied === total ? 0 : 1; });

// The floor of a row: what podpose cannot do without, without podpose. Reads a manifest with the same libraries, starts a
// podman service unless one listens, as podpose does, and sends the requests of a file.
//
//   node bench/floor.cjs DIRECTORY FILE [READER MANIFEST]
//
// FILE has a tree: a node has requests, which are made one after another, and nodes that follow at the same time.
// DIRECTORY is for the sockets. Another PODPOSE_BENCH_ROUND is another service. READER is the bundled
// bench/floor-reader.ts, for rows in which podpose reads a manifest.
const { readFileSync, writeFileSync } = require('node:fs');

const [directory, file, reader, manifest] = process.argv.slice(2);
const { PODPOSE_BENCH_ROUND: round = 'warm', PODPOSE_SERVICE: seconds = '60' } = process.env;
const socketPath = `${directory}/floor-${round}.sock`;

/** With the code cache of an earlier run, as podpose loads its files (src/platform/node/code-cache.ts). */
function readManifest() {
  const { Script } = require('node:vm');
  const cache = `${reader}.cache`;
  let cachedData;
  try {
    cachedData = readFileSync(cache);
  } catch {
    // The first run writes it.
  }
  const script = new Script(readFileSync(reader, 'latin1'), { filename: reader, cachedData });
  const bundle = { exports: {} };
  script.runInThisContext()(bundle, bundle.exports, require);
  bundle.exports.read(readFileSync(manifest, 'utf8'));
  if (cachedData === undefined || script.cachedDataRejected) writeFileSync(cache, script.createCachedData());
}

function canConnect() {
  const { connect } = require('node:net');
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function openService() {
  if (await canConnect()) return;
  const { spawn } = require('node:child_process');
  const args = ['system', 'service', '--time', seconds, `unix://${socketPath}`];
  const env = { GOGC: '400', ...process.env };
  spawn('podman', args, { cwd: '/', env, stdio: 'ignore', detached: true }).unref();
  while (!(await canConnect())) await new Promise((resolve) => setTimeout(resolve, 2));
}

function send({ method, path, body }) {
  const { request } = require('node:http');
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, method, path: `/v4.0.0/libpod${path}`, headers, agent: false },
      (response) => {
        let answer = '';
        response.on('data', (chunk) => (answer += chunk));
        response.once('end', () => {
          if (response.statusCode < 400) resolve();
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
        });
      },
    );
    sent.once('error', reject);
    sent.end(text);
  });
}

/** How many nodes of the tree are made at the same time: as many as podpose runs steps. */
let free = 0;
const waiting = [];

async function make({ requests, then = [] }) {
  if (free > 0) free -= 1;
  else await new Promise((resolve) => waiting.push(resolve));
  for (const each of requests) await send(each);
  const next = waiting.shift();
  if (next === undefined) free += 1;
  else next();
  await Promise.all(then.map(make));
}

async function makeAll(stages) {
  free = 2 * require('node:os').availableParallelism();
  await openService();
  for (const stage of stages) await Promise.all(stage.map(make));
}

if (reader !== undefined) readManifest();
const stages = JSON.parse(readFileSync(file, 'utf8'));
if (stages.length === 0) process.exit();
makeAll(stages).then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);

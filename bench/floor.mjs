// The floor of a row: the requests that podpose makes, without podpose. Starts a podman service unless one listens, as
// podpose does, and sends the requests of a file.
//
//   node bench/floor.mjs DIRECTORY FILE
//
// FILE has a tree: a node has requests, which are made one after another, and nodes that follow at the same time.
// DIRECTORY is for the sockets. Another PODPOSE_BENCH_ROUND is another service.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';

const [directory, file] = process.argv.slice(2);
const { PODPOSE_BENCH_ROUND: round = 'warm', PODPOSE_SERVICE: seconds = '60' } = process.env;
const socketPath = `${directory}/floor-${round}.sock`;

function canConnect() {
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
  const args = ['system', 'service', '--time', seconds, `unix://${socketPath}`];
  const env = { GOGC: '400', ...process.env };
  spawn('podman', args, { cwd: '/', env, stdio: 'ignore', detached: true }).unref();
  while (!(await canConnect())) await new Promise((resolve) => setTimeout(resolve, 2));
}

function send({ method, path, body }) {
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

// As many nodes at the same time as podpose runs steps.
let free = 2 * availableParallelism();
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

await openService();
for (const stage of JSON.parse(readFileSync(file, 'utf8'))) await Promise.all(stage.map(make));
process.exit();

// `podman system service`: the socket. The model answers.
import { rmSync } from 'node:fs';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArguments } from './arguments.ts';
import { mutates } from './commands.ts';
import { PodmanError } from './errors.ts';
import { obey, play, type Play } from './play.ts';
import { refusal, routed, type Routed } from './requests.ts';
import { rulesFor } from './rules.ts';
import { appendToLog, appendToServices, readSettings, withState } from './store.ts';
import { number } from './values.ts';

/**
 * Answers requests at a socket until it was idle for `--time`. Returns the exit code.
 * @param argv all arguments: `system service --time 5 unix:///run/a.sock`
 */
export async function serve(
  directory: string,
  argv: readonly string[],
  edge: Omit<Play, 'begin'>,
): Promise<number> {
  appendToServices(directory, { pid: process.pid, argv });
  const ended = await obey(edge, 'before');
  if (ended !== undefined) return ended.result;
  try {
    const { values, words } = parseArguments('system service', argv.slice(2));
    return await listen(directory, (words[0] ?? '').replace(/^unix:\/\//, ''), number(values, 'time') ?? 5);
  } catch (error) {
    if (!(error instanceof PodmanError)) throw error;
    edge.err(`Error: ${error.message}\n`);
    return error.exitCode;
  }
}

function listen(directory: string, socketPath: string, seconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let open = 0;
    const server = createServer((request, response) => {
      count += 1;
      void answer(directory, count, request, response);
    });
    const end = () => {
      server.close();
      rmSync(socketPath, { force: true });
      resolve(0);
    };
    const wait = () => (seconds === 0 ? undefined : setTimeout(end, seconds * 1000));
    let timer = wait();
    server.on('connection', (socket) => {
      clearTimeout(timer);
      open += 1;
      socket.once('close', () => {
        open -= 1;
        if (open === 0) timer = wait();
      });
    });
    server.once('error', (error) => {
      reject(new PodmanError(`unable to create socket: ${error.message}`));
    });
    server.listen(socketPath);
  });
}

async function answer(
  directory: string,
  count: number,
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = routed({ method, path: url });
  if (found === undefined) {
    // Like the real service for an unknown path, which omits its version.
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not Found\n');
    return;
  }
  const isMutating = mutates(found.command);
  const entry = { pid: process.pid, request: count };
  appendToLog(directory, {
    ...entry,
    at: Date.now(),
    argv: found.command,
    mutates: isMutating,
    asked: `${method} ${url}`,
  });
  const { status, body, isBroken } = await played(directory, found, isMutating);
  const { version = '4.3.1' } = readSettings(directory);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Libpod-API-Version': version,
    Server: `Libpod/${version} (linux)`,
  });
  // The log has the end of the request before a client can have read the answer.
  appendToLog(directory, { ...entry, end: Date.now(), exitCode: status < 300 ? 0 : 125 });
  if (!isBroken) response.end(body);
  else response.write(body.slice(0, body.length / 2), () => response.destroy());
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** Sends only half of the answer. */
  readonly isBroken: boolean;
}

async function played(directory: string, { command, begin }: Routed, isMutating: boolean): Promise<Answer> {
  const { rules = [] } = readSettings(directory);
  const fitting =
    rules.length === 0
      ? []
      : withState(directory, (state) => rulesFor(rules, state.rules, command, isMutating, 'request'));
  let [body, complaints] = ['', ''];
  const { result, rule } = await play({
    directory,
    begin,
    rules: fitting,
    out: (text) => {
      body += text;
    },
    err: (text) => {
      complaints += text;
    },
    killCaller: () => {
      killCaller(directory);
    },
  });
  if (rule?.breaks === 'service') process.kill(process.pid, 'SIGKILL');
  if (rule === undefined) return { status: result, body, isBroken: false };
  if (rule.breaks === 'answer')
    return { status: 200, body: body === '' ? '[{"Id": "' : body, isBroken: true };
  if (result === 0) return { status: 200, body, isBroken: false };
  const message = complaints.trim().replace(/^Error: /, '');
  return { status: 500, body: JSON.stringify(refusal(500, message)), isBroken: false };
}

/**
 * node cannot identify the client of a socket. It is the process with this working directory that is not a podman: a
 * test that kills has exactly one.
 */
function killCaller(directory: string): void {
  const callers = readdirSync('/proc').filter((pid) => {
    const [, script = ''] = wordsOf(pid, 'cmdline');
    return (
      /\/podpose\.(?:js|ts)$/.test(script) && wordsOf(pid, 'environ').includes(`FAKE_PODMAN_DIR=${directory}`)
    );
  });
  const [caller, ...others] = callers;
  // If a wrong process is killed, the test fails.
  process.kill(caller === undefined || others.length > 0 ? process.pid : Number(caller), 'SIGKILL');
}

function wordsOf(pid: string, file: string): readonly string[] {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0') : [];
  } catch {
    return [];
  }
}

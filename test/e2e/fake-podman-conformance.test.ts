import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fakePodman } from '../fake-podman/control.ts';
import type { Behaviour, Settings } from '../fake-podman/model.ts';
import { BUSYBOX } from './support/images.ts';
import { eventually } from './support/eventually.ts';
import { at, listAt, parse } from './support/json.ts';
import { freePort } from './support/network.ts';
import { PODMAN, podman, removeThingsOf, requirePodman } from './support/podman.ts';
import { start, type Running } from './support/program.ts';

// The podman that is played for the tests of the command line must not drift from the one that it plays. Each of these scripts
// is run on both, and what they say is compared, command by command: word by word with podman 4.3, which it plays; with any other,
// which has other words for the same, whether commands succeed, and what they do.

/**
 * A line of a script: arguments, with spaces between them and single quotes around those that have some.
 * `%` begins every name of a thing that is made, IMAGE is an image that is there, and PORT a port that is
 * free. A line that begins with `&` is left running, `sleep N` waits N seconds, and `done` is for the end of
 * what was left running. A line that begins with `4.3:` is for that podman alone, and `GET` or `POST` is a request to its
 * service.
 */
type Script = readonly string[];

const STATES = "ps --all --pod --filter name=% --format '{{.Names}} {{.ExitCode}} {{.PodName}}'";

const SCRIPTS: Readonly<Record<string, Script>> = {
  'a pod with its containers, from beginning to end': [
    'pod create --name % --label %=b --share ipc,net,uts --exit-policy continue',
    'pod create --name %',
    'ps --all --pod --no-trunc --filter label=%=b --format json',
    "run --pod % --name %-init IMAGE sh -c 'echo hello; echo oops >&2; exit 3'",
    'run --detach --pod % --name %-web --restart always --label x=y --stop-timeout 0 IMAGE sleep 1000',
    'ps --all --pod --no-trunc --filter name=% --format json',
    'run --detach --pod % --name %-web IMAGE sleep 1000',
    'run --detach --replace --pod % --name %-web IMAGE sleep 1000',
    'rm %-web',
    'rm --force --time 0 %-web %-none',
    STATES,
    'pod rm %',
    STATES,
    'pod stop --time 0 %',
    'pod stop --time 0 %',
    STATES,
    'pod rm %',
    'pod rm %',
    'pod rm --force %',
  ],
  'a container makes room for another in a live pod': [
    'pod create --name %',
    'run --detach --pod % --name %-web IMAGE sleep 1000',
    'create --pod % --name %-next IMAGE sleep 2000',
    'ps --all --pod --no-trunc --filter name=%-next --format json',
    'create --pod % --name %-next IMAGE sleep 2000',
    'rename %-next %-web',
    'stop --time 0 %-web',
    'start %-next',
    'start %-next',
    'top %-next pid',
    'top %-web pid',
    'top %-none pid',
    'rm %-web',
    'rename %-next %-web',
    'rename %-next %-web',
    'rename %-web',
    STATES,
    "pod inspect --format '{{.Name}} {{.NumContainers}} {{.ExitPolicy}}' %",
    'pod kill %',
    'pod kill %',
    STATES,
    'start %-web',
    STATES,
    'pod rm --force --time 0 %',
    STATES,
  ],
  'a note is put down, gets its name and goes with its pod': [
    'pod create --name %',
    'create --pod % --name %_files_1 --no-healthcheck --label a=b IMAGE',
    'create --pod % --name %_files_1 --no-healthcheck --label a=c IMAGE',
    'rename %_files_1 %_files',
    STATES,
    'create --pod % --name %_files_2 --no-healthcheck IMAGE',
    'rename %_files_2 %_files',
    'rm --force --time 0 %_files',
    'rename %_files_2 %_files',
    STATES,
    'pod rm --force --time 0 %',
    STATES,
  ],
  'secrets come and go': [
    'secret create --env %-s HOME',
    'secret create --env %-s HOME',
    'secret create --env --label a=b %-t PATH',
    'secret create --env %-u NOBODY_HAS_THIS_VARIABLE',
    'secret create %-u',
    "secret ls --filter name=%-s --format '{{.Name}} {{.Driver}}'",
    'create --name %-none --secret %-none,type=env,target=X IMAGE true',
    'create --name %-a --secret %-s,type=env,target=X IMAGE true',
    'secret rm %-none %-s',
    'secret rm %-t',
    'secret rm',
    "secret ls --filter name=%-s --format '{{.Name}}'",
    'rm %-a',
  ],
  'a container starts its pod again': [
    'pod create --name %',
    'run --detach --pod % --name %-a IMAGE sleep 1000',
    'run --pod % --name %-b IMAGE true',
    'pod stop --time 0 %',
    'create --pod % --name %-c IMAGE sleep 1000',
    "ps --all --filter pod=% --format '{{.IsInfra}} {{.ExitCode}}'",
    'start %-a',
    "ps --all --filter pod=% --format '{{.IsInfra}} {{.ExitCode}}'",
    'pod stop --time 0 %',
    'run --detach --pod % --name %-d IMAGE sleep 1000',
    STATES,
    'pod stop --time 0 %',
    'pod start %',
    STATES,
    'pod rm --force --time 0 %',
  ],
  'a pod whose containers have all ended is removed': [
    'pod create --name %',
    'run --pod % --name %-a IMAGE true',
    'pod rm %',
    STATES,
  ],
  'what is not there': [
    'rm %-none',
    'rm --force %-none',
    'rm --ignore %-none',
    'stop %-none',
    'stop --ignore %-none',
    'start %-none',
    'kill %-none',
    'rename %-none %-other',
    'update --cpus 1 %-none',
    'logs %-none',
    'wait %-none',
    'inspect %-none',
    'container inspect %-none',
    'container exists %-none',
    'image inspect localhost/%-none:1',
    `image inspect --format '[{{json .RepoTags}}]' localhost/%-none:1 IMAGE localhost/%-none:2`,
    'image exists localhost/%-none:1',
    'volume inspect %-none',
    'volume exists %-none',
    'volume rm %-none',
    'volume rm --force %-none',
    'pod rm %-none',
    'pod rm --ignore %-none',
    'pod stop %-none',
    'pod start %-none',
    'pod kill %-none',
    'pod exists %-none',
    'pod inspect %-none',
    'run --detach --pod %-none --name %-a IMAGE true',
    'run --detach --pull never --name %-a localhost/%-none:1',
    'run --detach --name %-a --volume /%-none:/there IMAGE true',
    'create --name %-a --volume /%-none:/there IMAGE true',
    'pull %-none',
    STATES,
  ],
  'arguments that podman does not take': [
    'run --nosuch IMAGE true',
    'run -Z IMAGE true',
    'run --name',
    'run',
    'run --stop-timeout x IMAGE true',
    'pod create --nosuch',
    'pod create --name % extra',
    'pod create --name % --share nosuch',
    '4.3: update --restart always %',
    'logs --tail x %',
    'nosuch',
    'pod nosuch',
    'volume nosuch',
    'rm',
    'pod rm',
    'volume rm',
    'start',
    'stop',
    'top',
    'volume mount %',
    'unshare nosuchprogram',
    'unshare false',
    'unshare',
  ],
  'volumes come and go': [
    'volume create --label q=r --opt o=uid=0,gid=0 %-v',
    'volume create %-v',
    'volume create %/v',
    'volume ls --filter name=% --format json',
    'volume exists %-v',
    "volume inspect --format '{{.Name}} {{.MountCount}}' %-v",
    "volume inspect --format '{{.Mountpoint}}' %-v",
    'unshare podman volume mount %-v',
    "volume inspect --format '{{.MountCount}}' %-v",
    'unshare podman volume unmount %-v',
    'run --detach --name %-a --volume %-v:/v:nocopy --volume %-auto:/auto IMAGE sleep 1000',
    "volume ls --filter name=% --format '{{.Name}}'",
    'volume rm %-none %-v',
    'rm --force --time 0 %-a',
    'volume rm %-none %-v %-auto',
    "volume ls --filter name=% --format '{{.Name}}'",
    'volume create --opt type=tmpfs --opt device=tmpfs --opt o=mode=0777 %-m',
    'unshare podman volume mount %-m',
    "volume inspect --format '{{.MountCount}}' %-m",
    'unshare podman volume mount %-m',
    "volume inspect --format '{{.MountCount}}' %-m",
    'unshare podman volume unmount %-m',
    'unshare podman volume unmount %-m',
    'volume rm %-m',
  ],
  'logs of a container that has run more than once': [
    'create --name %-a IMAGE sh -c "echo one; echo two >&2; exit 4"',
    'logs %-a',
    'logs %-none',
    'start --attach %-a',
    'start --attach %-a',
    'logs %-a',
    'logs --tail 1 %-a',
    'logs --timestamps --tail 1 %-a',
    'logs --since 1h %-a',
    'logs --since 2000-01-01T00:00:00Z %-a',
    'logs --since nonsense %-a',
    'logs --follow %-a',
    'wait %-a',
    'rm %-a',
  ],
  'how a container ends': [
    'run --detach --name %-a IMAGE sh -c "trap \'exit 7\' TERM; sleep 1000 & wait"',
    'sleep 0.5',
    'stop %-a',
    STATES,
    'kill %-a',
    'stop %-a',
    'start %-a',
    'sleep 0.5',
    'kill %-a',
    'wait %-a',
    STATES,
    'start %-a',
    'sleep 0.5',
    'kill --signal TERM %-a',
    'wait %-a',
    'rm --force %-a',
    'run --name %-b IMAGE sh -c "exit 5"',
    'rm %-b',
    'create --name %-c IMAGE true',
    'stop %-c',
    'kill %-c',
    STATES,
    'rm --force %-c',
  ],
  'a container that is waited for while somebody else ends it': [
    '& run --name %-a IMAGE sh -c "trap \'exit 7\' TERM; echo on; sleep 1000 & wait"',
    'sleep 1',
    '& logs --follow %-a',
    'sleep 0.7',
    'rename %-a %-b',
    'stop %-b',
    'done',
    'done',
    'rm %-b',
    '& run --name %-c IMAGE sh -c "trap \'exit 7\' TERM; sleep 1000 & wait"',
    'sleep 1',
    'rm --force %-c',
    'done',
  ],
  'restart policies': [
    'run --detach --name %-always --restart always IMAGE sh -c "test -e /ran && exec sleep 1000; touch /ran; echo once; exit 4"',
    'run --detach --name %-failed --restart on-failure IMAGE sh -c "test -e /ran && exec sleep 1000; touch /ran; echo once; exit 4"',
    'run --detach --name %-succeeded --restart on-failure IMAGE sh -c "exit 0"',
    'sleep 3',
    "inspect --format '{{.State.Status}}' %-always %-failed %-succeeded",
    'logs %-always',
    'logs %-failed',
    'stop --time 0 %-always %-failed',
    'sleep 1',
    "ps --all --filter name=% --filter status=running --format '{{.Names}}'",
    'rm %-always %-failed %-succeeded',
    'run --detach --name %-killed --restart always IMAGE sleep 1000',
    'kill %-killed',
    'sleep 1',
    "inspect --format '{{.State.Status}} {{.State.ExitCode}} {{.HostConfig.RestartPolicy.Name}}' %-killed",
    'rm --force --time 0 %-killed',
  ],
  'a container that can be made and not started': [
    'pod create --name %',
    'run --detach --pod % --name %-bad IMAGE nosuchcommand',
    STATES,
    'run --pod % --name %-bad2 IMAGE nosuchcommand',
    STATES,
    'run --detach --pod % --name %-ports --publish PORT:80 IMAGE true',
    'start %-bad',
    'pod rm --force --time 0 %',
  ],
  'a port that another pod has': [
    'pod create --name %-a --publish 127.0.0.1:PORT:80',
    'pod create --name %-b --publish 127.0.0.1:PORT:80',
    'run --detach --pod %-a --name %-a-c IMAGE sleep 1000',
    'run --detach --pod %-b --name %-b-c IMAGE sleep 1000',
    "ps --all --filter pod=%-b --format '{{.ExitCode}} {{.StartedAt}}'",
    'pod stop --time 0 %-a',
    'start %-b-c',
    'pod rm --force --time 0 %-a %-b',
  ],
  'requests to the service, between commands': [
    'pod create --name % --label %=b',
    'create --pod % --name %-app --label %-x=y IMAGE sleep 1000',
    'create --pod % --name %-other IMAGE true',
    'volume create --label %=c %-data',
    'GET /_ping',
    'GET /containers/json?all=true&pod=true&filters={"label":["%=b"]}',
    'GET /containers/json?all=true&pod=true&filters={"label":["%-x=y"]}',
    'GET /containers/%-app/json',
    'start %-app',
    'GET /containers/json?all=true&pod=true&filters={"label":["%=b"]}',
    'GET /containers/json?all=true&pod=true&filters={"label":["%-x=y"]}',
    'GET /containers/json?all=true&pod=true&filters={"label":["%-none"]}',
    'GET /containers/%-app/json',
    'GET /containers/%-none/json',
    'GET /images/IMAGE/json',
    'GET /images/localhost/%-none:1/json',
    'GET /volumes/json',
    'POST /containers/%-app/rename?name=%-next',
    'POST /containers/%-app/rename?name=%-next',
    'POST /containers/%-next/rename?name=%-other',
    STATES,
    'stop --time 0 %-next',
    'GET /containers/json?all=true&pod=true&filters={"label":["%-x=y"]}',
    'GET /containers/%-next/json',
    'GET /nosuch',
    'pod rm --force --time 0 %',
    'volume rm %-data',
  ],
  'the infra container': [
    'pod create --name % --infra-name %-infra',
    'run --detach --pod % --name %-a IMAGE sleep 1000',
    'rm --force %-infra',
    'stop --time 0 %-infra',
    STATES,
    'start %-infra',
    STATES,
    'pod rm --force --time 0 %',
  ],
};

const NOT_FOUND: Behaviour = {
  startFails: {
    exitCode: 127,
    stderr: 'crun: OCI runtime attempted to invoke a command that was not found',
  },
};
const FAILS_ONCE: readonly Behaviour[] = [
  { output: ['once'], exitCode: 4 },
  { runsFor: 1_000_000, onTerm: 'ignore' },
];

/** What the played podman has to be told, where a real one finds out by itself. */
const SETTINGS: Settings = {
  images: [BUSYBOX],
  behaviours: { '%-bad': NOT_FOUND, '%-bad2': NOT_FOUND, '%-always': FAILS_ONCE, '%-failed': FAILS_ONCE },
};

interface Said {
  readonly command: string;
  readonly exitCode: number | null;
  readonly stdout: unknown;
  readonly stderr: string;
}

void describe('the played podman and a real one', { concurrency: 3 }, () => {
  for (const [name, script] of Object.entries(SCRIPTS))
    void test(name, { timeout: 120_000 }, async (t) => {
      await requirePodman();
      const prefix = `conform-${Math.random().toString(36).slice(2, 8)}`;
      t.after(() => removeThingsOf(prefix));
      const port = (await freePort()).toString();
      const fake = await fakePodman(renamed(SETTINGS, prefix));
      t.after(() => {
        fake.remove();
      });
      const fakePath = `${fake.bin}:${process.env['PATH'] ?? ''}`;
      const version = (await podman('--version')).trim();
      const isPlayed = version.startsWith('podman version 4.3.');
      const lines = script
        .filter((line) => isPlayed || !line.startsWith('4.3: '))
        .map((line) => line.replace(/^4\.3: /, ''));
      fake.set({ version: version.replace(/^.* /, '') });
      const [played, real] = await Promise.all([
        report(lines, `${fake.bin}/podman`, { ...process.env, ...fake.env, PATH: fakePath }, prefix, port),
        report(lines, PODMAN, process.env, prefix, port),
      ]);
      for (const [index, said] of real.entries()) {
        const other = played[index];
        assert.ok(other !== undefined);
        if (isPlayed) assert.deepEqual(other, said);
        else assert.deepEqual(inSubstance(other, other), inSubstance(said, other));
      }
    });
});

/**
 * What a command has done, without podman's words for it.
 * @param model has those members of JSON that count; newer podmans have more
 */
function inSubstance({ command, exitCode, stdout }: Said, model: Said): object {
  return {
    command,
    hasSucceeded: exitCode === 0,
    ...(/^(GET|POST|ps|logs|wait|volume ls|volume inspect|inspect|pod inspect|done)/.test(command) &&
    (exitCode === 0 || isRequest(command))
      ? {
          stdout: isRequest(command)
            ? {
                status: statusIn(stdout),
                version: at(stdout, 'version'),
                body: likeModel(at(stdout, 'body'), at(model.stdout, 'body')),
              }
            : likeModel(stdout, model.stdout),
        }
      : {}),
  };
}

/** A name that is in use is 409 to podman 4.3 and 500 to podman 6: to podpose both are refusals. */
function statusIn(answer: unknown): unknown {
  const status = at(answer, 'status');
  return status === 409 || status === 500 ? 'refused' : status;
}

function likeModel(value: unknown, model: unknown): unknown {
  return Array.isArray(value) ? value.map((row: unknown, index) => membersOf(row, at(model, index))) : value;
}

function membersOf(row: unknown, model: unknown): unknown {
  if (typeof model !== 'object' || model === null) return row;
  return Object.fromEntries(
    Object.keys(model)
      .filter((name) => name !== 'members')
      .map((name) => [name, at(row, name)]),
  );
}

function renamed(settings: Settings, prefix: string): Settings {
  return {
    ...settings,
    behaviours: Object.fromEntries(
      Object.entries(settings.behaviours ?? {}).map(([name, behaviour]) => [
        name.replace('%', prefix),
        behaviour,
      ]),
    ),
  };
}

/** Runs a script on a podman; gives what it said, without what is different each time. */
async function report(
  script: Script,
  program: string,
  env: NodeJS.ProcessEnv,
  prefix: string,
  port: string,
): Promise<readonly Said[]> {
  const normal = normalizer(prefix, port);
  const service = script.some(isRequest) ? await startService(program, env, prefix) : undefined;
  try {
    return await reportAll(script, program, env, prefix, port, normal, service?.socket ?? '');
  } finally {
    await service?.end();
  }
}

interface Served {
  readonly socket: string;
  readonly end: () => Promise<void>;
}

async function startService(program: string, env: NodeJS.ProcessEnv, prefix: string): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), `${prefix}-`));
  const socket = join(directory, 'service.sock');
  const service = start(program, ['system', 'service', '--time', '60', `unix://${socket}`], { env });
  await eventually('the service', async () => {
    const answer = await request(socket, 'GET', '/_ping').catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
  return {
    socket,
    end: async () => {
      service.kill('SIGTERM');
      await service.end;
      rmSync(directory, { recursive: true });
    },
  };
}

function isRequest(line: string): boolean {
  return /^(GET|POST) /.test(line);
}

function request(
  socketPath: string,
  method: string,
  path: string,
): Promise<{ readonly status: number; readonly version: string; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      { socketPath, method, path: encodeURI(`/v4.0.0/libpod${path}`), agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () => {
          const version = response.headers['libpod-api-version'];
          resolve({
            status: response.statusCode ?? 0,
            version: typeof version === 'string' ? version : '',
            body,
          });
        });
      },
    );
    asking.once('error', reject);
    asking.end();
  });
}

/** An answer as far as podpose reads it, without what is different each time. */
async function ask(
  socket: string,
  line: string,
  concrete: string,
  normal: (text: string) => string,
): Promise<Said> {
  const [method = '', path = ''] = concrete.split(' ');
  const { status, version, body } = await request(socket, method, path);
  const isDone = status < 300;
  return {
    command: line,
    exitCode: isDone ? 0 : 125,
    // On lines of its own, as the commands print it.
    stdout: { status, version, body: isDone ? readBy(path, indented(body), normal) : '' },
    stderr: isDone || !body.startsWith('{') ? '' : normal(String(at(parse(body), 'message'))),
  };
}

function indented(body: string): string {
  return /^[[{]/.test(body) ? JSON.stringify(parse(body), undefined, 1) : body;
}

function readBy(path: string, body: string, normal: (text: string) => string): unknown {
  if (path.startsWith('/containers/json'))
    return rows(normal(withoutImages(body))).map((row, index) => ({
      ...row,
      created: typeof at(at(parse(body), index.toString()), 'Created'),
    }));
  if (path === '/volumes/json')
    return rows(normal(body)).filter((row) => String(at(row, 'Name')).startsWith('%'));
  if (path.startsWith('/images/')) {
    const tags = listAt(parse(body), 'RepoTags');
    const digests = listAt(parse(body), 'RepoDigests');
    const hasId = /^[0-9a-f]{64}$/.test(String(at(parse(body), 'Id')));
    return {
      hasId,
      hasTag: tags.includes(BUSYBOX),
      hasDigests: digests.every((one) => /.@sha256:/.test(String(one))),
    };
  }
  if (!path.endsWith('/json')) return body.trim();
  const all = parse(normal(body));
  const state = Object.entries(at(all, 'State') ?? {});
  return {
    ...Object.fromEntries(
      ['Id', 'Name', 'Pod', 'IsInfra', 'RestartCount'].map((name) => [name, at(all, name)]),
    ),
    state: state.filter(([name]) => /^(Status|Running|Paused|ExitCode|Error)$/.test(name)).sort(),
    hasStarted: !String(at(all, 'State', 'StartedAt')).startsWith('0001'),
    hasEnded: !String(at(all, 'State', 'FinishedAt')).startsWith('0001'),
    command: at(all, 'Config', 'Cmd'),
  };
}

async function reportAll(
  script: Script,
  program: string,
  env: NodeJS.ProcessEnv,
  prefix: string,
  port: string,
  normal: (text: string) => string,
  socket: string,
): Promise<readonly Said[]> {
  const all: Said[] = [];
  const left: Running[] = [];
  for (const line of script) {
    const seconds = /^sleep (.*)$/.exec(line)?.[1];
    if (seconds !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
      continue;
    }
    const concrete = (word: string) =>
      word.replaceAll('%', prefix).replaceAll('IMAGE', BUSYBOX).replaceAll('PORT', port);
    if (isRequest(line)) {
      all.push(await ask(socket, line, concrete(line), normal));
      continue;
    }
    const args = words(line.replace(/^& /, '')).map(concrete);
    const running = line === 'done' ? left.shift() : start(program, args, { env, input: '' });
    assert.ok(running !== undefined, 'nothing was left running');
    if (line.startsWith('& ')) {
      left.push(running);
      continue;
    }
    const { code, stdout, stderr } = await running.end;
    all.push({
      command: line,
      exitCode: code,
      stdout: line.endsWith('--format json')
        ? rows(normal(withoutImages(stdout)))
        : inOrder(line, normal(stdout)),
      stderr: inOrder(line, normal(stderr)),
    });
  }
  return all;
}

function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

/** Takes out what is no two times the same: names, ids, ports, times and places. */
function normalizer(prefix: string, port: string): (text: string) => string {
  const ids: string[] = [];
  return (text) => {
    for (const [id] of text.matchAll(/\b[0-9a-f]{64}\b|\b[0-9a-f]{25}\b/g))
      if (!ids.includes(id)) ids.push(id);
    let normal = text;
    for (const [index, id] of ids.entries())
      normal = normal.replaceAll(id, `<id ${index}>`).replaceAll(id.slice(0, 12), `<id ${index}>`);
    return (
      normal
        .replaceAll(prefix, '%')
        .replaceAll(port, 'PORT')
        .replace(/time="[^"]+"/g, 'time="..."')
        .replace(/\/\S+(\/volumes\/\S+\/_data)/g, '$1')
        .replace(/^\d{4}-\d\d-\d\dT\S+Z /gm, '<time> ')
        // Depends on which of its containers podman comes to first.
        .replace(/(a container that depends on container <id \d+>) .*/g, '$1')
        // The one that starts containers is this machine's choice, and has its own words.
        .replace(/\b(crun|runc): .*(?=OCI runtime)/gm, '')
        .replace(/ +$/gm, '')
    );
  };
}

/** Without images, whose ids are not to be counted: from podman 5.8 the infra container has none. */
function withoutImages(json: string): string {
  return json.replace(/("(?:ImageID|Image)": )"[^"]*"/g, '$1""');
}

/** Several containers are stopped and removed side by side, and told of in the order in which they go; volumes are listed in any. */
function inOrder(line: string, text: string): string {
  return /^(stop|rm|pod rm|volume ls) /.test(line) ? text.split('\n').sort().join('\n') : text;
}

/** Rows of JSON, without what tells of times, processes and images. */
function rows(text: string): readonly object[] {
  const isVolatile = /^(CreatedAt|Created|StartedAt|ExitedAt|Status|Pid|ImageID|Image)$/;
  return listAt(parse(text)).map((row) => ({
    members: Object.keys(row as object).sort(),
    hasStarted: Number(at(row, 'StartedAt')) > 0,
    ...Object.fromEntries(Object.entries(row as object).filter(([name]) => !isVolatile.test(name))),
    // An image hands its own labels on.
    Labels: Object.fromEntries(
      Object.entries(at(row, 'Labels') ?? {}).filter(([name]) => /^\w+$/.test(name)),
    ),
  }));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commandClient,
  podmanCommand,
  type PodmanClient,
  type Query,
  type RunnableCommand,
} from '../../../src/podman/client/client.ts';
import * as queries from '../../../src/podman/client/queries.ts';
import { servedClient } from '../../../src/podman/client/served-client.ts';
import {
  createChange,
  renameChange,
  startChange,
  stopChange,
  waitChange,
} from '../../../src/podman/operations/requests/container.ts';
import { pullChange } from '../../../src/podman/operations/requests/image.ts';
import { setting } from '../../../src/podman/operations/setting.ts';
import type { ApiRequest, ApiResponse, PodmanService } from '../../../src/platform/service.ts';
import { scriptedRunner } from '../../support/scripted-runner.ts';

/** All queries, by their names in queries.ts. A new one must be added here. */
const QUERIES: Readonly<Record<string, Query>> = {
  ASK_VERSION: queries.ASK_VERSION,
  LIST_VOLUMES: queries.LIST_VOLUMES,
  LIST_SECRETS: queries.LIST_SECRETS,
  LIST_NETWORKS: queries.LIST_NETWORKS,
  listContainers: queries.listContainers('a=b'),
  inspectImages: queries.inspectImages(['app:1', 'app:2']),
  inspectContainers: queries.inspectContainers(['web-app', 'web-side']),
  askVolumeDirectory: queries.askVolumeDirectory('web-data'),
  askInfraContainer: queries.askInfraContainer('web'),
  askSandboxes: queries.askSandboxes('a=b', ['web', 'web-svc']),
  askState: queries.askState('web-app'),
  askStopSignal: queries.askStopSignal('web-app'),
  askPod: queries.askPod('web'),
  askVolume: queries.askVolume('web-data'),
  askNetwork: queries.askNetwork('podpose-web'),
  askNetworkGateway: queries.askNetworkGateway('podpose-web'),
  askNetworkInterface: queries.askNetworkInterface('podpose-web'),
  askSecret: queries.askSecret('web-1'),
  askRunning: queries.askRunning('web-app'),
  pastEvents: queries.pastEvents('a=b', 1_800_000_000),
};

const COMMANDS: readonly RunnableCommand[] = [
  { ...podmanCommand('rename', 'a', 'b'), stages: [[renameChange('a', 'b')]] },
  { ...podmanCommand('top', 'a', 'pid'), api: queries.askRunning('a').api },
];

type Answer = (request: ApiRequest) => ApiResponse | Error;

/** A body that fits every request to a podman with objects. */
const right: Answer = ({ method, path }) => ({
  status: method === 'POST' ? 204 : 200,
  version: '4.3.1',
  body: /^\/(?:containers|volumes|secrets|networks)\/json/.test(path)
    ? '[]'
    : JSON.stringify({
        Id: '1',
        ID: '1',
        RepoTags: [],
        State: { Running: true, Status: 'running' },
        Config: { StopSignal: 'SIGTERM' },
        Mountpoint: '/data',
        InfraContainerID: '2',
        subnets: [{ gateway: '10.89.0.1' }],
        network_interface: 'podman1',
      }),
});

/** @param output what each command prints */
function open(answer: Answer, service: Partial<PodmanService> = {}, output = '', pulls = true) {
  const [shown, lost, sent]: [string[], string[], string[]] = [[], [], []];
  const runner = scriptedRunner(({ print, exit }) => {
    if (output !== '') print(output);
    exit(0);
  });
  const silent = commandClient(runner, 'podman');
  const show = (program: string, args: readonly string[]) => void shown.push([program, ...args].join(' '));
  const direct: PodmanClient = {
    ...silent,
    query: (query, cancel) => {
      show('podman', query.args);
      return silent.query(query, cancel);
    },
    run: (command, onLine) => {
      show('podman', command.args);
      return silent.run(command, onLine);
    },
  };
  const client = servedClient(
    direct,
    {
      isThere: () => Promise.resolve(true),
      send: (request, _cancel, onText) => {
        sent.push(`${request.method} ${request.path}`);
        const response = answer(request);
        // In parts that end within a line.
        if (!(response instanceof Error))
          for (let at = 0; at < response.body.length; at += 7) onText?.(response.body.slice(at, at + 7));
        return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
      },
      attach: () => Promise.reject(new Error('not attached')),
      follow: () => Promise.reject(new Error('not followed')),
      reopen: () => Promise.reject(new Error('not reopened')),
      flush: () => Promise.resolve(),
      abandon: () => undefined,
      ...service,
    },
    { onCommand: show, onLost: (reason) => void lost.push(reason), silent },
    pulls,
  );
  return { client, runner, shown, lost, sent };
}

async function doAll(client: PodmanClient): Promise<void> {
  for (const query of Object.values(QUERIES)) await client.query(query);
  for (const command of COMMANDS) await client.run(command, () => undefined).end;
}

const ALL = [...Object.values(QUERIES), ...COMMANDS].map(({ args }) => `podman ${args.join(' ')}`);

test('every query of queries.ts is tested here', () => {
  // Asked by command only; what does not end is followed.
  const others = ['askImageId', 'askAddress', 'followEvents'];
  const served = Object.keys(queries).filter((name) => !others.includes(name));
  assert.deepEqual(Object.keys(QUERIES).sort(), served.sort());
});

test('for each request, the equivalent command is shown once and not run', async () => {
  const { client, runner, shown, lost, sent } = open(right);
  await doAll(client);
  assert.deepEqual(shown, ALL);
  assert.deepEqual(runner.commands, []);
  assert.deepEqual(lost, []);
  assert.equal(sent.length, 24);
});

/** How a service fails, and the reported reason, up to the first request. */
const FAILURES: readonly (readonly [what: string, answer: Answer, reason: RegExp])[] = [
  [
    'breaks off',
    () => new Error('socket hang up'),
    /^podman's service did not answer GET \/_ping \(socket hang up\)$/,
  ],
  [
    'answers with a status of 500',
    (request) => ({ ...okay(request), status: 500 }),
    /^podman's service answered GET \/_ping with status 500$/,
  ],
  [
    'is another program',
    (request) => ({ ...okay(request), version: '' }),
    /^podman's service answered GET \/_ping unlike podman$/,
  ],
  [
    'answers with text',
    (request) => ({ ...okay(request), body: '<html>' }),
    /^podman's service answered GET \/volumes\/json with unexpected JSON$/,
  ],
  [
    'answers with JSON of another form',
    (request) => ({ ...okay(request), body: '"text"' }),
    /^podman's service answered GET \/volumes\/json with unexpected JSON$/,
  ],
];

function okay(request: ApiRequest): ApiResponse {
  const response = right(request);
  if (response instanceof Error) throw response;
  return response;
}

for (const [what, answer, reason] of FAILURES)
  test(`a service that ${what}: commands run, each is shown once, and the reason is reported once`, async () => {
    const { client, runner, shown, lost, sent } = open(answer);
    await doAll(client);
    assert.deepEqual(shown, ALL);
    assert.equal(lost.length, 1);
    assert.match(lost[0] ?? '', reason);
    assert.ok(sent.length <= 2, 'it is not asked again');
    assert.ok(runner.commands.length >= ALL.length - 1);
  });

test('requests that fail at the same time are reported once', async () => {
  const { client, lost, shown } = open(() => new Error('gone'));
  await Promise.all(Object.values(QUERIES).map((query) => client.query(query)));
  assert.equal(lost.length, 1);
  assert.equal(shown.length, Object.keys(QUERIES).length);
});

test('a rejected query is no failure: the command runs and explains it, and the service is used again', async () => {
  const { client, runner, shown, lost } = open((request) => ({ ...okay(request), status: 404, body: '{}' }));
  await client.run({ ...podmanCommand('top', 'a', 'pid'), api: queries.askRunning('a').api }, () => undefined)
    .end;
  await client.query(queries.LIST_VOLUMES);
  assert.deepEqual(shown, ['podman top a pid', `podman ${queries.LIST_VOLUMES.args.join(' ')}`]);
  assert.deepEqual(
    runner.commands.map(({ line }) => line),
    shown,
  );
  assert.deepEqual(lost, []);
});

const RUN: RunnableCommand = {
  ...podmanCommand('run', '--detach', '--name', 'a', 'image'),
  stages: [
    [
      createChange(
        'a',
        [setting(['--name', 'a'], { name: 'a' }), setting(['image'], { image: 'image' })],
        (word) => (typeof word === 'string' ? word : ''),
        'podman',
      ),
    ],
    [startChange('a', podmanCommand('start', 'a'), 'podman')],
  ],
};

/** Makes the changes of RUN, and returns what was sent, run and printed. */
async function runChanges(answer: Answer, command = RUN) {
  const opened = open(answer);
  const printed: string[] = [];
  const end = await opened.client.run(command, (line, stream) => printed.push(`${stream}: ${line}`)).end;
  return {
    end,
    printed,
    sent: opened.sent,
    lost: opened.lost,
    commands: opened.runner.commands.map(({ line }) => line),
  };
}

test('the changes of a command are made one stage after another, and shown as the whole command', async () => {
  const { end, sent, commands } = await runChanges(right);
  assert.deepEqual(end, { kind: 'exited', exitCode: 0 });
  assert.deepEqual(sent, ['POST /containers/create', 'POST /containers/a/start']);
  assert.deepEqual(commands, []);
});

test("a refused change is podman's error, and the next stage does not begin", async () => {
  const { end, sent, commands, printed, lost } = await runChanges((request) => ({
    ...okay(request),
    status: 500,
    body: '{"cause":"x","message":"cannot listen on the TCP port","response":500}',
  }));
  assert.deepEqual(end, { kind: 'exited', exitCode: 125 });
  assert.deepEqual(printed, ['stderr: Error: cannot listen on the TCP port']);
  assert.deepEqual([sent.length, commands, lost], [1, [], []]);
});

test('what only the command can do is done by the command, and the rest by request', async () => {
  const { end, sent, commands } = await runChanges((request) =>
    request.path === '/containers/create' ? { ...okay(request), status: 404, body: '{}' } : okay(request),
  );
  assert.deepEqual(end, { kind: 'exited', exitCode: 0 });
  assert.deepEqual(commands, ['podman create --name a image']);
  assert.deepEqual(sent, ['POST /containers/create', 'POST /containers/a/start']);
});

test('after a change without a response, podpose verifies whether it was made, and continues with commands', async () => {
  const { end, commands, lost } = await runChanges(() => new Error('socket hang up'));
  assert.deepEqual(end, { kind: 'exited', exitCode: 0 });
  // The container exists: it is not created again, only started.
  assert.deepEqual(commands, ['podman container inspect --format {{.State.Status}} a', 'podman start a']);
  assert.deepEqual(lost, ["podman's service did not answer POST /containers/create (socket hang up)"]);
});

test('the changes of one stage are made at the same time', async () => {
  const both = [stopChange('a', 1), stopChange('b', 1)];
  const { sent } = await runChanges(right, { ...podmanCommand('stop', 'a', 'b'), stages: [both] });
  assert.deepEqual(sent, ['POST /containers/a/stop?timeout=1', 'POST /containers/b/stop?timeout=1']);
});

test('a wait that reaches its limit is no failure of the service', async () => {
  const { end, lost } = await runChanges(() => ({ status: 408, version: '', body: '' }), {
    ...podmanCommand('stop', 'a'),
    stages: [[waitChange('a', 1, 'podman')]],
  });
  assert.deepEqual([end, lost], [{ kind: 'exited', exitCode: 0 }, []]);
});

const PULL: RunnableCommand = {
  ...podmanCommand('pull', 'app:1'),
  stages: [[pullChange('app:1', 'old')]],
  isPull: true,
};

const TRYING = '{"stream":"Trying to pull app:1...\\nGetting image source"}\n{"stream":" signatures\\n"}\n';
const PULLED = `${TRYING}{"images":["new"],"id":"new"}\n`;

interface Pulled {
  readonly exitCode: number;
  readonly printed: readonly string[];
  readonly commands: readonly string[];
}

const SHOWN = ['stderr: Trying to pull app:1...', 'stderr: Getting image source', 'stderr:  signatures'];
const LOST = "stderr: Error: podman's service ended during the pull. Run podpose again to pull the image.";
const ASK_ID = 'podman image inspect --format {{.Id}} app:1';

const PULLS: readonly (readonly [
  what: string,
  answer: Partial<ApiResponse> | Error,
  imageId: string,
  expected: Pulled,
])[] = [
  [
    'its progress is printed like that of the command',
    { body: PULLED },
    '',
    { exitCode: 0, printed: [...SHOWN, 'stdout: new'], commands: [] },
  ],
  [
    'the error at the end of a successful response is the error of podman',
    { body: `${TRYING}{"error":"manifest unknown"}\n` },
    '',
    { exitCode: 125, printed: [...SHOWN, 'stderr: Error: manifest unknown'], commands: [] },
  ],
  [
    'a response without a result is an error',
    { body: TRYING },
    '',
    {
      exitCode: 125,
      printed: [...SHOWN, "stderr: Error: podman's service did not finish the pull"],
      commands: [],
    },
  ],
  [
    'a refusal is the error of podman',
    { status: 401, body: '{"message":"unauthorized"}' },
    '',
    { exitCode: 125, printed: ['stderr: Error: unauthorized'], commands: [] },
  ],
  [
    'without a response, the new image shows that it was pulled',
    new Error('socket hang up'),
    'new',
    { exitCode: 0, printed: [], commands: [ASK_ID] },
  ],
  [
    'without a response and with the old image, it is not repeated',
    new Error('socket hang up'),
    'old',
    { exitCode: 125, printed: [LOST], commands: [ASK_ID] },
  ],
  [
    'what is not in a registry is left to the command',
    { status: 400, body: '{"message":"no"}' },
    '',
    { exitCode: 0, printed: [], commands: ['podman pull app:1'] },
  ],
];

for (const [what, response, imageId, expected] of PULLS)
  test(`a pull: ${what}`, async () => {
    const opened = open(
      (request) => (response instanceof Error ? response : { ...okay(request), status: 200, ...response }),
      {},
      imageId,
    );
    const printed: string[] = [];
    const end = await opened.client.stream(PULL, (line, stream) => printed.push(`${stream}: ${line}`)).end;
    assert.deepEqual(end, { kind: 'exited', exitCode: expected.exitCode });
    assert.deepEqual(
      printed.filter((line) => line !== `stdout: ${imageId}`),
      expected.printed,
    );
    assert.deepEqual(
      opened.runner.commands.map(({ line }) => line),
      expected.commands,
    );
  });

test('a pull with credentials that the service does not read is a command', async () => {
  const { client, runner, sent } = open(right, {}, '', false);
  await client.stream(PULL, () => undefined).end;
  assert.deepEqual(
    runner.commands.map(({ line }) => line),
    ['podman pull app:1'],
  );
  assert.deepEqual(sent, []);
});

const ATTACHED: RunnableCommand = {
  ...RUN,
  attached: {
    name: 'a',
    mode: { isTerminal: false, readsInput: false },
    start: podmanCommand('start', '--attach', 'a'),
  },
};

/** Whether podman attaches, and what happens then. */
const ATTACHING: readonly (readonly [
  string,
  PodmanService['attach'],
  readonly string[],
  readonly RegExp[],
])[] = [
  [
    'podman attaches, and the exit code is that of the container',
    () => Promise.resolve({ ended: Promise.resolve(), release: () => undefined }),
    [],
    [],
  ],
  [
    'podman refuses, and the command explains it',
    () => Promise.resolve(undefined),
    ['podman start --attach a'],
    [],
  ],
  [
    'the service is lost, and the command runs',
    () => Promise.reject(new Error('socket hang up')),
    ['podman start --attach a'],
    [/^podman's service did not attach to a \(socket hang up\)$/],
  ],
];

for (const [what, attach, commands, lost] of ATTACHING)
  test(`an attached container: ${what}`, async () => {
    const opened = open((request) => ({ ...okay(request), body: '3\n' }), { attach });
    const end = await opened.client.stream(ATTACHED, () => undefined).end;
    assert.deepEqual(end, { kind: 'exited', exitCode: commands.length === 0 ? 3 : 0 });
    assert.deepEqual(
      opened.runner.commands.map(({ line }) => line),
      commands,
    );
    assert.equal(opened.lost.length, lost.length);
    lost.forEach((reason, index) => {
      assert.match(opened.lost[index] ?? '', reason);
    });
  });

test('a service that does not start is reported with its fault, and commands run', async () => {
  const fault = '/run/user/1000/podpose-1.sock belongs to another user (uid 0)';
  const { client, shown, lost, sent } = open(right, { fault, isThere: () => Promise.resolve(false) });
  await doAll(client);
  assert.deepEqual([shown, lost, sent], [ALL, [fault], []]);
});

test('a cancelled request is not reported as a fault', async () => {
  const { client, lost } = open(() => new Error('destroyed'));
  const cancel = new AbortController();
  const asked = client.query(queries.LIST_VOLUMES, cancel.signal);
  cancel.abort();
  await asked;
  assert.deepEqual(lost, []);
});

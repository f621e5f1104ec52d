import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { commandOf } from '../../src/podman/operations/registry.ts';
import type { RemovePod } from '../../src/podman/operations/pod.ts';
import type { StopContainers } from '../../src/podman/operations/container.ts';
import { capabilitiesOf, type PodmanCapabilities } from '../../src/podman/inspect/version.ts';
import type { Argument } from '../../src/podman/operations/argument.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';

const STOP: StopContainers = {
  kind: 'stop-containers',
  pod: 'web',
  containers: ['web-a', 'web-b'],
  graceSeconds: 1,
  besideOthers: true,
};
const FROM_5_5 = capabilitiesOf({ major: 5, minor: 5, patch: 0 });
const BEFORE = capabilitiesOf({ major: 5, minor: 4, patch: 2 });

/** Runs the command with a podman that records its calls; `wait` takes the given number of seconds. */
function asked(t: TestContext, operation: StopContainers, waitSeconds: number): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-stop-'));
  t.after(() => {
    rmSync(directory, { recursive: true });
  });
  const podman = join(directory, 'podman');
  const inspect = 'inspect) echo SIGQUIT web-a; echo 15 web-b ;;';
  writeFileSync(
    podman,
    `#!/bin/sh\necho "$*" >>"${directory}/log"\ncase $1 in ${inspect} wait) sleep ${waitSeconds} ;; kill) exit 125 ;; esac\n`,
  );
  chmodSync(podman, 0o755);
  const { program, args } = commandOf(operation, FROM_5_5, podman);
  const words = args.map((argument) => (typeof argument === 'string' ? argument : assert.fail()));
  const { status } = spawnSync(program === 'podman' ? podman : program, words);
  assert.equal(status, 0);
  const lines = readFileSync(join(directory, 'log'), 'utf8').trim().split('\n');
  return lines.filter((line) => !line.startsWith('inspect ')).sort();
}

test('before 5.5, one podman command stops several containers in parallel', () => {
  assert.deepEqual(commandText(STOP, BEFORE), {
    program: 'podman',
    args: ['stop', '--time', '1', 'web-a', 'web-b'],
  });
});

test('from 5.5 on, each container is signalled separately, and the pod is not locked while they end', (t) => {
  assert.deepEqual(asked(t, STOP, 0), [
    'kill --signal 15 web-b',
    'kill --signal SIGQUIT web-a',
    'wait --interval 50ms web-a web-b',
  ]);
});

test('containers that run after the grace period are stopped at once', (t) => {
  assert.deepEqual(asked(t, STOP, 10), [
    'kill --signal 15 web-b',
    'kill --signal SIGQUIT web-a',
    'stop --time 0 web-a web-b',
    'wait --interval 50ms web-a web-b',
  ]);
});

test('from 5.5 on, a container that stops alone, or at once, blocks no others', () => {
  const alone: StopContainers = { ...STOP, containers: ['web-a'], besideOthers: false };
  for (const stop of [alone, { ...STOP, graceSeconds: 0 }])
    assert.deepEqual(commandText(stop, FROM_5_5), {
      program: 'podman',
      args: ['stop', '--time', stop.graceSeconds.toString(), ...stop.containers],
    });
});

const SIX = ['a', 'b', 'c', 'd', 'e', 'f'];

test("more containers than podman's workers on one CPU are stopped in parallel", () => {
  assert.deepEqual(commandOf({ ...STOP, containers: SIX }, BEFORE).args, [
    ...['--max-workers', '6', 'stop', '--time', '1'],
    ...SIX,
  ]);
});

test('a pod of many containers is stopped in parallel, including the infra container', () => {
  const remove: RemovePod = { kind: 'remove-pod', pod: 'web', graceSeconds: 1, containers: 60 };
  assert.match(words(remove, BEFORE), /"\$0" --max-workers 61 pod stop --time /);
  assert.match(words(remove, FROM_5_5), /^--max-workers 61 pod rm /);
  assert.doesNotMatch(words({ ...remove, containers: 3 }, BEFORE), /--max-workers/);
});

function words(operation: RemovePod, capabilities: typeof BEFORE): string {
  const texts = commandOf(operation, capabilities).args.map((word) =>
    typeof word === 'string' ? word : assert.fail(),
  );
  return texts.join(' ');
}

/** The command without its requests. */
function commandText(operation: Operation, capabilities: PodmanCapabilities) {
  const { program, args } = commandOf(operation, capabilities);
  return { program, args };
}

/** The requests of an operation, by stage. */
function requestsOf(operation: Operation, capabilities: PodmanCapabilities): readonly (readonly string[])[] {
  const { requests } = commandOf(operation, capabilities);
  assert.ok(requests);
  const valueOf = (argument: Argument) => (typeof argument === 'string' ? argument : 'SIGQUIT');
  return requests
    .stages(valueOf, new Uint8Array())
    .map((stage) => stage.map(({ request: { method, path } }) => `${method} ${path}`));
}

test('podman before 5 stops by command', () => {
  assert.equal(commandOf(STOP, capabilitiesOf({ major: 4, minor: 9, patch: 3 })).requests, undefined);
});

test('before 5.5, requests stop all containers at the same time', () => {
  assert.deepEqual(requestsOf(STOP, BEFORE), [
    ['POST /containers/web-a/stop?timeout=1', 'POST /containers/web-b/stop?timeout=1'],
  ]);
});

test('from 5.5 on, requests signal all containers, wait for them, and then stop what still runs', () => {
  assert.deepEqual(requestsOf(STOP, FROM_5_5), [
    ['POST /containers/web-a/kill?signal=SIGQUIT', 'POST /containers/web-b/kill?signal=SIGQUIT'],
    ['POST /containers/web-a/wait?interval=50ms', 'POST /containers/web-b/wait?interval=50ms'],
    ['POST /containers/web-a/stop?timeout=0', 'POST /containers/web-b/stop?timeout=0'],
  ]);
});

test('the requests that remove a pod', () => {
  const remove = { kind: 'remove-pod', pod: 'web', containers: 2, graceSeconds: 30 } as const;
  assert.deepEqual(requestsOf(remove, BEFORE), [
    ['POST /pods/web/stop?t=30'],
    ['DELETE /pods/web?force=true&timeout=0'],
  ]);
  assert.deepEqual(requestsOf({ ...remove, graceSeconds: 0 }, BEFORE), [
    ['DELETE /pods/web?force=true&timeout=0'],
  ]);
  assert.deepEqual(requestsOf({ ...remove, isPaused: true }, BEFORE)[0], ['POST /pods/web/unpause']);
  assert.deepEqual(requestsOf(remove, FROM_5_5), [['DELETE /pods/web?force=true&timeout=30']]);
});

test('a pod that something else created is stopped and removed by command', () => {
  const remove = {
    kind: 'remove-pod',
    pod: 'web',
    containers: 2,
    graceSeconds: 30,
    isAdopted: true,
  } as const;
  for (const capabilities of [BEFORE, FROM_5_5])
    assert.equal(commandOf(remove, capabilities).requests, undefined);
});

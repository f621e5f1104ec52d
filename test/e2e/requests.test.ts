import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecuteContext } from '../../src/apply/context.ts';
import { resolveArguments, runnableCommand } from '../../src/apply/runnable-command.ts';
import type { DesiredContainer } from '../../src/kube/spec/desired.ts';
import { WATCH_DEFAULTS } from '../../src/kubelet/watched.ts';
import { nodeService } from '../../src/platform/node/podman-service.ts';
import { nodeRunner } from '../../src/platform/node/process-runner.ts';
import { succeeded } from '../../src/platform/process.ts';
import type { PodmanService } from '../../src/platform/service.ts';
import { commandClient, type PodmanClient, type RunnableCommand } from '../../src/podman/client/client.ts';
import { servedClient } from '../../src/podman/client/served-client.ts';
import { askVersion } from '../../src/podman/inspect/ask-version.ts';
import { capabilitiesOf, formatVersion, type PodmanCapabilities } from '../../src/podman/inspect/version.ts';
import type { Command } from '../../src/podman/operations/argument.ts';
import { createReplacementCommand } from '../../src/podman/operations/container-arguments.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';
import { commandOf } from '../../src/podman/operations/registry.ts';
import { desiredContainer, desiredPod } from '../support/desired.ts';
import { planFile } from '../support/plan-case.ts';

import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { parse, textAt } from './support/json.ts';
import { PODMAN, podman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

/*
 * Every object of the golden cases is created once by command and once by request, and inspected. A setting whose two
 * forms differ fails here.
 */

const CASES = join(import.meta.dirname, '../cases');

/** The cases whose settings only the command has: no limit (-1), and nested SELinux labels. */
const COMMAND_ONLY: readonly string[] = [
  'podman-annotations: run-container',
  'se-linux-nested-on-podman-4.3: run-container',
];

/** What differs between any two objects with the same settings: identities, times and what is made of them. */
const IDENTITY =
  /^(?:Id|ID|Created|CreatedAt|UpdatedAt|[Ll]ockNumber|StartedAt|FinishedAt|InfraContainerID|ResolvConfPath|HostnamePath|HostsPath|StaticDir|OCIConfigPath|LogPath|Path|ConmonPidFile|PidFile|CgroupPath|SandboxKey|created|id|network_interface|subnets|MountLabel|ProcessLabel)$/;

interface Outcome {
  readonly kind: string;
  readonly name: string;
  /** The inspected object, or podman's error. */
  readonly result: unknown;
}

/** Each golden case adds to it. */
const CONFORMANCE_SECONDS = 700;

scenario(
  'requests create what commands create',
  async ({ id, step, after }) => {
    const processes = nodeRunner({ env: process.env });
    const direct = commandClient(processes, PODMAN);
    const version = await askVersion(direct);
    assert.ok(version.ok);
    const capabilities = capabilitiesOf(version.value);
    // A service of its own: others may be killed by other scenarios.
    const service = await nodeService(PODMAN, { ...process.env, PODPOSE_TEST: id }, 60);
    after(service.abandon);
    assert.ok(await service.isThere(), 'the service has not started');
    const served = servedClient(withoutCommands(direct), service);
    const plans = await plansFor(formatVersion(version.value));
    /** A case in which each setting has occurred before is skipped. */
    const seen = new Set<string>();
    const byCommand = new Set<string>();

    await step(`there are many different ones`, () => {
      assert.ok(plans.length > 200, `${plans.length} plans`);
    });
    await step('each is the same', async () => {
      const differences: string[] = [];
      for (const { name, operations } of plans) {
        const ours = operations.map((operation) => ownOperation(operation, id));
        const features = ours.flatMap((operation) => featuresOf(operation, capabilities));
        if (features.every((feature) => seen.has(feature))) continue;
        for (const feature of features) seen.add(feature);
        for (const operation of ours)
          if (isCommandOnly(commandFor(operation, capabilities))) byCommand.add(`${name}: ${operation.kind}`);
        const expected = await whenIdsAreFree(() => outcomesOf(ours, direct, capabilities, service));
        const actual = await whenIdsAreFree(() => outcomesOf(ours, served, capabilities, service));
        try {
          assert.deepEqual(actual, expected);
        } catch (error) {
          differences.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      assert.deepEqual(differences, [], differences.join('\n\n'));
      assert.deepEqual([...byCommand].sort(), COMMAND_ONLY);
      assert.ok(seen.size > 150, `${seen.size} different settings`);
    });
  },
  CONFORMANCE_SECONDS,
);

scenario(
  'an init container prints and returns the same by command and by request',
  async ({ id, step, after }) => {
    const direct = commandClient(nodeRunner({ env: process.env }), PODMAN);
    const version = await askVersion(direct);
    assert.ok(version.ok);
    const capabilities = capabilitiesOf(version.value);
    const service = await nodeService(PODMAN, { ...process.env, PODPOSE_TEST: id }, 60);
    after(service.abandon);
    await podman('pod', 'create', '--name', id, '--exit-policy', 'continue');
    after(() => podman('pod', 'rm', '--force', '--time', '0', id));
    const runs = async (fields: Partial<DesiredContainer>, client: PodmanClient) => {
      const container = desiredContainer({ name: 'init', role: 'init', image: BUSYBOX, ...fields });
      const pod = desiredPod({ name: id, initContainers: [container], containers: [] });
      const operation = {
        kind: 'run-container',
        project: id,
        pod,
        container,
        dns: {},
        replace: true,
      } as const;
      const command = commandOf(operation, capabilities, PODMAN);
      const resolved = await resolveArguments(command, contextOf(client, capabilities));
      assert.ok(resolved.ok);
      const lines: string[] = [];
      const runnable = runnableCommand(command, resolved.value, contextOf(client, capabilities));
      const end = await client.stream(runnable, (line, stream) => lines.push(`${stream}: ${line}`)).end;
      // The first line of `podman run --replace` can be the name of the replaced container.
      return {
        end,
        lines: lines.filter((line) => line !== `stdout: ${id}-init` && !/level=warning/.test(line)).sort(),
      };
    };
    const served = servedClient(withoutCommands(direct), service);
    for (const [what, fields, expected] of INIT_RUNS)
      await step(what, async () => {
        const byRequest = await runs(fields, served);
        assert.deepEqual(byRequest, await runs(fields, direct));
        assert.deepEqual(byRequest, expected);
      });
    await step('only a working directory that the image lacks needs a command', async () => {
      const fields = { workingDir: '/new/place', command: ['pwd'] };
      const byRequest = await runs(fields, servedClient(direct, service));
      assert.deepEqual(byRequest, { end: EXITED, lines: ['stdout: /new/place'] });
      assert.deepEqual(byRequest, await runs(fields, direct));
    });
  },
);

const EXITED = { kind: 'exited', exitCode: 0 };

type InitRun = readonly [
  what: string,
  fields: Partial<DesiredContainer>,
  expected: { readonly end: object; readonly lines: readonly string[] },
];

const INIT_RUNS: readonly InitRun[] = [
  [
    'both streams, and the exit code',
    { command: ['sh', '-c', 'echo out; echo err >&2; printf end; exit 3'] },
    { end: { kind: 'exited', exitCode: 3 }, lines: ['stderr: err', 'stdout: end', 'stdout: out'] },
  ],
  [
    'a terminal is one stream',
    { tty: true, command: ['sh', '-c', 'test -t 1 && echo a terminal; echo err >&2'] },
    { end: EXITED, lines: ['stdout: a terminal', 'stdout: err'] },
  ],
  [
    'standard input is empty',
    { stdin: true, command: ['sh', '-c', 'cat; echo end of input'] },
    { end: EXITED, lines: ['stdout: end of input'] },
  ],
  [
    'a working directory of the image',
    { workingDir: '/bin', command: ['pwd'] },
    { end: EXITED, lines: ['stdout: /bin'] },
  ],
];

/** The client of the service fails if a command runs instead of a request. */
function withoutCommands(direct: PodmanClient): PodmanClient {
  const refused = (args: readonly string[]) => new Error(`no request for: podman ${args.join(' ')}`);
  return {
    ...direct,
    query: (query) => (query.api === undefined ? direct.query(query) : Promise.reject(refused(query.args))),
    stream: ({ args }) => ({ end: Promise.reject(refused(args)), kill: () => undefined }),
    // Some settings only the command has.
    run: (command, onLine) =>
      command.stages === undefined
        ? direct.run(command, onLine)
        : { end: Promise.reject(refused(command.args)), kill: () => undefined },
  };
}

const CREATIONS: readonly string[] = [
  'create-volume',
  'create-claim-volume',
  'create-secret',
  'create-network',
  'create-pod',
  'run-container',
];

interface NamedPlan {
  readonly name: string;
  readonly operations: readonly Operation[];
}

async function plansFor(version: string): Promise<readonly NamedPlan[]> {
  const plans: NamedPlan[] = [];
  for (const name of readdirSync(CASES).sort()) {
    const { plan } = await planFile(join(CASES, name, 'pod.yaml'), pathsOf(name), version);
    if (plan === undefined) continue;
    const operations = plan.steps
      .map(({ operation }) => operation)
      .filter(({ kind }) => CREATIONS.includes(kind));
    plans.push({ name, operations });
  }
  return plans;
}

function pathsOf(name: string): Readonly<Record<string, 'directory' | 'file'>> {
  try {
    const observed = JSON.parse(readFileSync(join(CASES, name, 'observed.json'), 'utf8')) as {
      readonly paths?: Readonly<Record<string, 'directory' | 'file'>>;
    };
    return observed.paths ?? {};
  } catch {
    return {};
  }
}

/** The members that name an object of podman, besides the pod. */
const OWN_NAMES: ReadonlySet<string> = new Set(['claimName', 'project', 'network', 'network name']);

/** The operation with names of the scenario and an image that is present. */
function ownOperation(operation: Operation, id: string): Operation {
  const own = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (key === 'image' || key === 'reference') return BUSYBOX;
      return OWN_NAMES.has(key) ? `${id}-${value}` : value;
    }
    if (Array.isArray(value)) return value.map((item) => own(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        own(member, key === 'network' ? `network ${name}` : name),
      ]),
    );
  };
  const copy = own(operation, '') as Operation & { readonly pod?: string | { readonly name: string } };
  const { pod } = copy;
  if (pod === undefined) return copy;
  const name = `${id}-${typeof pod === 'string' ? pod : pod.name}`;
  return { ...copy, pod: typeof pod === 'string' ? name : { ...pod, name } } as Operation;
}

/** A volume is created and given its permissions by one script. */
function isCommandOnly({ program, requests }: Command): boolean {
  return program === 'podman' && requests === undefined;
}

/** A container is created and not started. */
function commandFor(operation: Operation, capabilities: PodmanCapabilities): Command {
  return operation.kind === 'run-container'
    ? createReplacementCommand(operation, capabilities, PODMAN)
    : commandOf(operation, capabilities, PODMAN);
}

/** The settings of an operation: each flag with its value, without names. */
function featuresOf(operation: Operation, capabilities: PodmanCapabilities): readonly string[] {
  const { args } = commandFor(operation, capabilities);
  return args.flatMap((word, index) => {
    if (typeof word !== 'string' || !word.startsWith('-')) return [];
    const value = args[index + 1];
    if (['--name', '--pod', '--label'].includes(word)) return [];
    // The aliases of a pod on its network are names, too.
    const shown = word === '--network' && typeof value === 'string' ? value.replace(/:.*/, '') : value;
    return [`${operation.kind} ${word} ${shapeOf(JSON.stringify(shown))}`];
  });
}

/** A text without the words that vary: two paths, numbers or names are the same setting. */
function shapeOf(text = ''): string {
  return text
    .replace(/[A-Za-z0-9_.]{3,}/g, (word) =>
      /^(?:type|source|ro|rslave|nocopy|subpath|seccomp|label|unmask)$/.test(word) ? word : 'x',
    )
    .replace(/\d+/g, '0');
}

/** A user namespace for high IDs takes nearly all IDs of the user, and a scenario beside this one may have some. */
function whenIdsAreFree(make: () => Promise<readonly Outcome[]>): Promise<readonly Outcome[]> {
  const isRefused = ({ result }: Outcome) => /not enough unused IDs/.test(JSON.stringify(result));
  return eventually('free IDs for a user namespace', async () => {
    const outcomes = await make();
    return outcomes.some(isRefused) ? undefined : outcomes;
  });
}

async function outcomesOf(
  operations: readonly Operation[],
  podman: PodmanClient,
  capabilities: PodmanCapabilities,
  service: PodmanService,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const made: string[] = [];
  for (const operation of operations) {
    const { path, name } = subjectOf(operation);
    const error = await make(commandFor(operation, capabilities), podman, capabilities);
    const inspect = async (inspected: string) =>
      parse((await service.send({ method: 'GET', path: `${inspected}/json` })).body);
    const object = error === undefined ? await inspect(path) : undefined;
    outcomes.push({ kind: operation.kind, name, result: error ?? normalized(object) });
    if (operation.kind === 'create-pod' && object !== undefined) {
      const infra = await inspect(`/containers/${textAt(object, 'InfraContainerID')}`);
      outcomes.push({ kind: 'infra container', name, result: normalized(withoutInfraDefaults(infra)) });
    }
    if (error === undefined) made.unshift(path);
  }
  for (const path of made) {
    const { status, body } = await service.send({ method: 'DELETE', path: `${path}?force=true&timeout=0` });
    assert.ok(status < 300, `${path}: ${status} ${body}`);
  }
  return outcomes;
}

/** The request for a pod has no members for these two. They do not matter: the infra container only waits. */
function withoutInfraDefaults(infra: unknown): unknown {
  return JSON.parse(
    JSON.stringify(infra, (key, value: unknown) =>
      ['Umask', 'sdNotifyMode'].includes(key) ? undefined : value,
    ),
  );
}

/** @returns podman's error; undefined after success */
async function make(
  command: Command,
  podman: PodmanClient,
  capabilities: PodmanCapabilities,
): Promise<string | undefined> {
  const context = contextOf(podman, capabilities);
  const resolved = await resolveArguments(command, context);
  if (!resolved.ok) return resolved.error.stderr;
  const runnable: RunnableCommand = runnableCommand(command, resolved.value, context);
  const errors: string[] = [];
  const child = podman.run(runnable, (line, stream) => {
    if (stream === 'stderr') errors.push(line);
  });
  return succeeded(await child.end) ? undefined : withoutIds(errors.join('\n'));
}

function contextOf(podman: PodmanClient, capabilities: PodmanCapabilities): ExecuteContext {
  return {
    podman,
    capabilities,
    secrets: { reveal: () => new TextEncoder().encode('value'), redact: (text: string) => text },
    settings: WATCH_DEFAULTS,
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    emit: () => undefined,
    onHookFailed: () => undefined,
    runHook: () => Promise.resolve({ kind: 'succeeded' }),
    concurrency: 1,
    stop: new AbortController().signal,
    kill: new AbortController().signal,
    retryUntil: 0,
    sidecars: {
      add: () => undefined,
      untilStarted: () => Promise.resolve(true),
      untilReady: () => Promise.resolve(true),
      restartsContainers: false,
      untilRestarted: () => Promise.resolve(true),
    },
  };
}

function subjectOf(operation: Operation): { readonly path: string; readonly name: string } {
  const subject = (kind: string, name: string) => ({ path: `/${kind}/${encodeURIComponent(name)}`, name });
  switch (operation.kind) {
    case 'create-pod':
      return subject('pods', operation.pod.name);
    case 'run-container':
      return subject('containers', `${operation.pod.name}-${operation.container.name}_new`);
    case 'create-claim-volume':
      return subject('volumes', operation.claimName);
    case 'create-volume':
      return subject('volumes', `${operation.pod}-${operation.volume}`);
    case 'create-network':
      return subject('networks', operation.network);
    case 'create-secret':
      return subject('secrets', secretOf(operation));
    default:
      throw new Error(operation.kind);
  }
}

function secretOf(operation: Operation): string {
  const { args } = commandOf(operation, capabilitiesOf({ major: 5, minor: 4, patch: 2 }));
  const name = args.at(-2);
  return typeof name === 'string' ? name : assert.fail('no name');
}

/** Lists whose order has a meaning. podman makes the others from maps, in any order. */
const ORDERED = /^(?:Cmd|Entrypoint|Args|CreateCommand|Nameservers|Dns|DnsSearch|DnsOptions)$/;

function normalized(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return withoutIds(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => normalized(item));
    const texts = new Map(items.map((item) => [item, JSON.stringify(item)]));
    return ORDERED.test(key)
      ? items
      : items.sort((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !IDENTITY.test(name))
      .map(([name, member]) => [withoutIds(name), normalized(member, name)]),
  );
}

function withoutIds(text: string): string {
  // Of several missing paths, podman names any. Each network gets the next subnet that is free. Where other pods leave too few
  // IDs for a user namespace, the request also names what it was about to do.
  return text
    .replace('failed to make pod: ', '')
    .replace(/\b10\.\d+\.\d+\.(?=\d)/g, '<subnet>.')
    .replace(/statfs \S+:/, 'statfs <path>:')
    .replace(/[0-9a-f]{64}/g, '<id>')
    .replace(/\b[0-9a-f]{12,25}\b/g, '<id>');
}

import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'node:test';
import type { State } from '../fake-podman/model.ts';
import { withState } from '../fake-podman/store.ts';
import type { FakePodman } from '../fake-podman/control.ts';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story, until, type Desk } from './support.ts';

/*
 * podpose is killed, with SIGKILL, before every single command of plans of several kinds, and after the last: podpose
 * keeps nothing but what podman has, so that after one command is before the next. Whatever it had done by then, the next
 * `up` comes to the same end as if nothing had happened: nothing doubled, nothing left over. The killed soak has moments
 * before, during and after every command of a real podman.
 */

const TWO = pod(
  'web',
  `  initContainers:
  - {name: first, image: '${IMAGE}', volumeMounts: [{name: data, mountPath: /data}]}
  - {name: second, image: '${IMAGE}'}
  containers:
  - {name: app, image: '${IMAGE}', env: [{name: A, value: '1'}], volumeMounts: [{name: data, mountPath: /data}]}
  - {name: side, image: '${IMAGE}'}
  volumes:
  - {name: data, emptyDir: {}}
  - {name: quick, emptyDir: {medium: Memory}}`,
).replace(
  "{name: second, image: '",
  "{name: second, volumeMounts: [{name: quick, mountPath: /quick}], image: '",
);

function withSecret(password: string): string {
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${password}}\n`;
  const from =
    "env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: password}}}, {name: B, value: '$(A)!'}]";
  return `${secret}---\n${TWO.replace("env: [{name: A, value: '1'}]", from)}`;
}

const FILES = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a.conf: one, gone.conf: soon}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: one}
---
${pod(
  'web',
  `  containers:
  - {name: app, image: '${IMAGE}', volumeMounts: [{name: config, mountPath: /config}, {name: login, mountPath: /login}]}
  - {name: sub, image: '${IMAGE}', volumeMounts: [{name: config, mountPath: /a.conf, subPath: a.conf}]}
  volumes:
  - {name: config, configMap: {name: settings}}
  - {name: login, secret: {secretName: login}}`,
)}`;
const OTHER_FILES = FILES.replace('a.conf: one, gone.conf: soon', 'a.conf: two, new.conf: new').replace(
  'password: one',
  'password: two',
);

interface Plot {
  readonly name: string;
  /** What runs before; nothing when absent. */
  readonly before?: string;
  readonly after: string;
  readonly args?: readonly string[];
  /** What somebody does by hand in between. */
  readonly meddle?: (fake: FakePodman) => void;
}

const PLOTS: readonly Plot[] = [
  { name: 'a new pod with init containers and volumes', after: TWO },
  {
    name: 'a container that takes the place of another',
    before: TWO,
    after: TWO.replace("value: '1'", "value: '2'"),
  },
  { name: 'a pod made anew', before: TWO, after: TWO.replace('spec:', 'spec:\n  hostname: other') },
  {
    name: 'init containers that run again',
    before: TWO,
    after: TWO.replace('first, ', "first, args: ['x'], "),
  },
  {
    name: 'a container less, a container more',
    before: TWO,
    after: TWO.replace('name: side', 'name: other'),
  },
  {
    name: 'a pod that was stopped',
    before: TWO,
    after: TWO,
    meddle: (fake) => fake.podman('pod', 'stop', '--time', '0', 'web'),
  },
  {
    name: 'a secret that has changed',
    before: withSecret('old'),
    after: withSecret('new'),
  },
  { name: 'a new pod with volumes made of files', after: FILES },
  { name: 'files that are written into a running pod', before: FILES, after: OTHER_FILES },
  {
    name: 'files in memory that were lost',
    before: FILES,
    after: FILES,
    meddle: (fake) => {
      fake.podman('pod', 'stop', '--time', '0', 'web');
      fake.podman('unshare', 'podman', 'volume', 'unmount', 'web-login');
    },
  },
  {
    name: 'an orphan that is removed',
    before: TWO,
    after: TWO.replace('name: web', 'name: shop'),
    args: ['--remove-orphans', '--yes'],
  },
];

void suite('killed at every command', SIDE_BY_SIDE, () => {
  for (const plot of PLOTS) story(plot.name, HAS_IMAGE, (desk) => survive(desk, plot), 600_000);
});

const BEFORE = ['before'] as const;
const BEFORE_AND_AFTER = ['before', 'after'] as const;

async function survive(desk: Desk, plot: Plot): Promise<void> {
  const begin = await begun(desk, plot);
  const up = ['up', '-d', ...(plot.args ?? [])];
  desk.file('pod.yaml', plot.after);

  desk.fake.forgetCommands();
  assertEnded(await desk.run(up), 0);
  const commands = desk.fake.changes().length;
  const wanted = endOf(desk.fake);
  assert.ok(commands > 1, `only ${commands} commands`);

  for (let occurrence = 1; occurrence <= commands; occurrence++)
    for (const when of occurrence < commands ? BEFORE : BEFORE_AND_AFTER) {
      rewind(desk.fake, begin);
      desk.fake.forgetCommands();
      desk.fake.set({ rules: [{ mutating: true, occurrence, when, killParent: true }] });
      const killed = await desk.run(up);
      assert.equal(killed.signal, 'SIGKILL', `${when} command ${occurrence}: ${killed.story}`);
      await until('all that was begun to end', () => desk.fake.commands().every(hasEnded));

      desk.fake.set({ rules: [] });
      const next = await desk.run(up);
      assertEnded(next, 0);
      assert.deepEqual(endOf(desk.fake), wanted, `killed ${when} command ${occurrence}\n${next.story}`);
    }
  // The last one of them has nothing left to do.
  desk.fake.forgetCommands();
  assertEnded(await desk.run(up), 0);
  assert.deepEqual(desk.fake.changes(), []);
}

/** The state in which a plot begins. */
async function begun(desk: Desk, { before, meddle }: Plot): Promise<Begin> {
  if (before !== undefined) {
    desk.file('pod.yaml', before);
    assertEnded(await desk.podpose('up', '-d'), 0);
  }
  meddle?.(desk.fake);
  const volumes = join(desk.directory, 'volumes-before');
  if (existsSync(volumesOf(desk.fake))) cpSync(volumesOf(desk.fake), volumes, COPY);
  return { state: desk.fake.state(), volumes };
}

interface Begin {
  readonly state: State;
  /** The folder with what its volumes hold; not there where there are none. */
  readonly volumes: string;
}

const COPY = { recursive: true, verbatimSymlinks: true } as const;

function rewind(fake: FakePodman, { state, volumes }: Begin): void {
  withState(fake.env.FAKE_PODMAN_DIR, (now) => Object.assign(now, structuredClone(state)));
  rmSync(volumesOf(fake), { recursive: true, force: true });
  if (existsSync(volumes)) cpSync(volumes, volumesOf(fake), COPY);
}

function volumesOf({ env }: FakePodman): string {
  return join(env.FAKE_PODMAN_DIR, 'volumes');
}

function hasEnded({ end, pid }: { readonly end?: number; readonly pid: number }): boolean {
  if (end !== undefined) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** What podman has, without what is another each time: ids and times. */
function endOf(fake: FakePodman): unknown {
  const { pods, containers, volumes, secrets } = fake.state();
  const byName = <T extends { readonly name: string }>(things: Readonly<Record<string, T>>) =>
    Object.values(things).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    secrets: byName(secrets).map(({ name, value }) => ({ name, value })),
    pods: byName(pods).map(({ name, labels }) => ({ name, labels })),
    containers: byName(containers)
      .filter(({ isInfra }) => !isInfra)
      .map(({ name, labels, state, exitCode }) => ({
        name,
        labels,
        state,
        exitCode: state === 'exited' ? exitCode : 0,
      })),
    infra: byName(containers)
      .filter(({ isInfra }) => isInfra)
      .map(({ state }) => state),
    volumes: byName(volumes).map(({ name, labels, mountCount }) => ({
      name,
      labels,
      mountCount,
      files: filesIn(join(volumesOf(fake), name, '_data')),
    })),
  };
}

/** Paths with what is there, as whoever mounts the volume sees them. */
function filesIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      const { mode } = statSync(path);
      return statSync(path).isDirectory()
        ? [`${name}/`, ...filesIn(path).map((inside) => `${name}/${inside}`)]
        : [`${name}: ${(mode & 0o777).toString(8)} ${readFileSync(path, 'utf8')}`];
    });
}

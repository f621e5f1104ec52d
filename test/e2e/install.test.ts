import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { containerState } from './support/podman.ts';
import { run } from './support/program.ts';
import { rebootablePodman } from './support/rebootable-podman.ts';
import { assertRefused, podText, scenario, type Scenario } from './support/scenario.ts';

/** systemd finds the units of a user here; XDG_CONFIG_HOME is that of the session. */
const UNITS = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd', 'user');

const SPEC = `  terminationGracePeriodSeconds: 2
  hostNetwork: true
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"] }`;

const systemctl = (...args: readonly string[]) => run('systemctl', ['--user', ...args]);

/** The unit of a scenario, which is removed at its end. */
function unitOf({ id, after }: Scenario): { readonly name: string; readonly path: string } {
  const name = `podpose-${id}.service`;
  const path = join(UNITS, name);
  after(async () => {
    await systemctl('disable', '--now', name);
    await rm(path, { force: true });
    await systemctl('daemon-reload');
    await systemctl('reset-failed', name);
  });
  return { name, path };
}

scenario('install starts the pods now and after a reboot, uninstall stops them', async (story) => {
  const { id, directory, step, podpose, after } = story;
  // The scenario's pods are in a podman of their own. systemd is that of the user.
  const machine = await rebootablePodman();
  after(machine.remove);
  const unit = unitOf(story);
  const odd = join(directory, `50% of "$HOME" it's`);
  const file = join(odd, 'pod.yaml');
  await mkdir(odd);
  await writeFile(file, podText(id, SPEC));
  const inOddDirectory = async (...args: readonly string[]) => {
    const ended = await podpose(['--podman', machine.program, '-p', id, ...args], { cwd: odd });
    assert.equal(ended.code, 0, ended.story);
    return ended;
  };
  const idOf = async () =>
    (await machine.podman('ps', '-q', '--no-trunc', '--filter', `name=${id}-app`)).trim();
  const pids = async () => (await systemctl('show', '-p', 'MainPID', '--value', unit.name)).stdout.trim();

  await step('the pod is up when install returns', async () => {
    const installed = await inOddDirectory('install', 'pod.yaml');
    assert.match(installed.stderr, /Wrote .*\nStarted /);
    assert.notEqual(await idOf(), '');
  });
  await step('systemd finds nothing wrong with the unit', async () => {
    const verified = await run('systemd-analyze', ['--user', 'verify', unit.path]);
    assert.equal(verified.code, 0, verified.story);
    assert.equal(verified.stdout + verified.stderr, '');
  });
  const [container, pid] = [await idOf(), await pids()];
  await step('installed again, nothing changes', async () => {
    assert.match((await inOddDirectory('install', 'pod.yaml')).stderr, /Nothing to do/);
    assert.equal(await pids(), pid);
  });
  await step('with another option, the unit is replaced, and its pods are restarted', async () => {
    const { stderr } = await inOddDirectory('install', '--host-ip', '0.0.0.0', 'pod.yaml');
    assert.match(stderr, /^\+ExecStart=.* --host-ip 0\.0\.0\.0 /m);
    assert.notEqual(await pids(), pid);
    assert.equal(await idOf(), container);
  });
  await step('the service goes on with a container that up -d replaces', async () => {
    await writeFile(file, podText(id, SPEC.replace('sleep 0.1', 'sleep 0.2')));
    await inOddDirectory('up', '-d', 'pod.yaml');
    assert.notEqual(await idOf(), container);
    assert.equal((await systemctl('is-active', unit.name)).stdout, 'active\n');
    assert.doesNotMatch((await inOddDirectory('ps', 'pod.yaml')).stderr, /Nobody restarts/);
  });
  const replaced = await idOf();
  await step('after a reboot, the pod starts', async () => {
    await systemctl('kill', '-s', 'KILL', unit.name);
    await machine.reboot();
    await systemctl('stop', unit.name);
    assert.equal(await idOf(), '');
    const booted = await systemctl('start', 'default.target');
    assert.equal(booted.code, 0, booted.story);
    await eventually('the pod', async () => ((await idOf()) === replaced ? true : undefined));
  });
  await step('uninstall stops the pod and removes the unit', async () => {
    assert.match((await inOddDirectory('uninstall', 'pod.yaml')).stderr, /stopped and kept/);
    assert.equal(await idOf(), '');
    assert.ok(!existsSync(unit.path));
    assert.match((await systemctl('is-enabled', unit.name)).stdout, /not-found|^$/);
    assert.match((await machine.podman('pod', 'ps', '--format', '{{.Name}}')).trim(), new RegExp(`^${id}$`));
    assert.match((await inOddDirectory('uninstall', 'pod.yaml')).stderr, /is not installed/);
  });
});

scenario('install refuses what it cannot do', async (story) => {
  const { id, directory, step, pod, podpose } = story;
  const unit = unitOf(story);
  await pod(SPEC);
  await step('a unit of somebody else is kept', async () => {
    await mkdir(dirname(unit.path), { recursive: true });
    await writeFile(unit.path, '[Unit]\n');
    for (const command of ['install', 'uninstall'])
      assertRefused(await podpose([command]), 1, /was not written by podpose install/);
    assert.equal(await readFile(unit.path, 'utf8'), '[Unit]\n');
    await rm(unit.path);
  });
  await step('without a session of systemd, nothing is written', async () => {
    const env = { XDG_RUNTIME_DIR: directory, DBUS_SESSION_BUS_ADDRESS: undefined };
    assertRefused(await podpose(['install'], { env }), 1, /cannot reach the systemd/, /Log in as this user/);
    assert.ok(!existsSync(unit.path));
  });
  await step('a start that fails is reported, and where its log is', async () => {
    await pod(`  containers: [{ name: app, image: localhost/missing:1, imagePullPolicy: Never }]`);
    assertRefused(
      await podpose(['install']),
      1,
      /did not start/,
      new RegExp(`journalctl --user -u ${unit.name}`),
    );
    const log = await run('journalctl', ['--user', '-u', unit.name, '-o', 'cat']);
    assert.match(log.stdout, /localhost\/missing:1/);
    assert.equal((await podpose(['uninstall'])).code, 0);
    assert.ok(!existsSync(unit.path));
    await assert.rejects(containerState(`${id}-app`));
  });
});

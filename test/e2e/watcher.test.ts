import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { lockDirectoryPath } from '../../src/platform/node/lock-directory.ts';
import { eventually } from './support/eventually.ts';
import { imageWith } from './support/changed-image.ts';
import { BUSYBOX } from './support/images.ts';
import { at, listAt, parse } from './support/json.ts';
import { containerState, podman } from './support/podman.ts';
import { assertNothingLeft, scenario, type Scenario } from './support/scenario.ts';
import { servicesOf, suspend, watchers } from './support/watchers.ts';

/** Back-offs of a second where a cluster has ten. */
const FAST = { env: { PODPOSE_BACK_OFF: '1' } };

const CRASHING = (name: string) =>
  `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "echo run; sleep 1; exit 3"] }`;
const STEADY = `    - { name: steady, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"] }`;

const STUBBORN = `    - { name: stubborn, image: ${BUSYBOX}, command: [sh, -c, "trap '' TERM; while :; do sleep 0.1; done"] }`;

async function statusOf(story: Scenario, container: string) {
  const status = (await statusesOf(story)).find((one) => at(one, 'name') === container);
  return {
    restarts: Number(at(status, 'restartCount')),
    reason: at(status, 'state', 'waiting', 'reason'),
    lastExitCode: at(status, 'lastState', 'terminated', 'exitCode'),
  };
}

async function statusesOf({ podpose, id }: Scenario): Promise<readonly unknown[]> {
  const ps = await podpose(['-p', id, 'ps', '-o', 'json'], FAST);
  return listAt(parse(ps.stdout), 'items', 0, 'status', 'containerStatuses');
}

/** The start has failed, or the next one is waited for. */
function isFailedStart({ reason, lastExitCode }: Awaited<ReturnType<typeof statusOf>>): boolean {
  return reason === 'RunContainerError' || (reason === 'CrashLoopBackOff' && lastExitCode === 128);
}

scenario(
  'A container that ends at once is restarted with back-off, and each restart counts',
  async (story) => {
    const { id, directory, step, pod, podpose, start } = story;
    await mkdir(join(directory, 'log'));
    await pod(`  terminationGracePeriodSeconds: 0
  containers:
    - { name: crash, image: ${BUSYBOX}, command: [sh, -c, "echo run | tee -a /log/runs; exit 3"], volumeMounts: [{ name: log, mountPath: /log }] }
  volumes: [{ name: log, hostPath: { path: log } }]`);
    const up = await podpose(['up', '-d'], FAST);
    assert.equal(up.code, 1, up.story);
    // At once, then after 1, 2 and 4 s.
    await step('RESTARTS is the number of runs but the first', () =>
      eventually('four restarts', async () => {
        const { restarts, reason, lastExitCode } = await statusOf(story, 'crash');
        const runs = (await readFile(join(directory, 'log', 'runs'), 'utf8')).trim().split('\n').length;
        assert.deepEqual([restarts, runs, reason, lastExitCode], [4, 5, 'CrashLoopBackOff', 3]);
        return true;
      }),
    );
    const next = await step('describe tells the time of the next start', () =>
      eventually('the time', async () => {
        const { stdout } = await podpose(['-p', id, 'describe', 'pod', id], FAST);
        const words = /Reason: +CrashLoopBackOff\n +Message: +back-off \d+s .*=crash, next start at (\S+Z)\n/;
        return words.exec(stdout)?.[1];
      }),
    );
    await step('an up that begins during the back-off waits for the restart', async () => {
      const attached = start(['up'], FAST);
      await eventually('the restart', () => {
        // The watcher in the background may have done the fifth one before this one took over.
        assert.match(attached.output(), /crash restarted \(restart [56]\)/);
        return true;
      });
      const { startedAt } = await containerState(`${id}-crash`);
      assert.ok(
        startedAt > Date.parse(next) - 1000,
        `started at ${new Date(startedAt).toISOString()}, not ${next}`,
      );
      attached.kill('SIGINT');
      const ended = await attached.end;
      assert.equal(ended.code, 130, ended.story);
      // The journal drops lines of a user with many, and podpose then says so.
      assert.match(ended.story, /crash +\| run|rate limit/);
      assert.doesNotMatch(ended.story, /ended with exit code/);
    });
  },
);

scenario('up -d leaves a watcher, which restarts with back-off and ends with the pods', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 2\n  containers:\n${CRASHING('crash')}\n${STEADY}`);
  // It exits with 1 if the container has ended before the look.
  const up = await podpose(['up', '-d'], FAST);
  assert.match(up.stderr, /container\/steady +started/, up.story);

  await step('ps waits until it has begun', async () => {
    assert.doesNotMatch((await podpose(['-p', id, 'ps'], FAST)).stderr, /Nobody restarts/);
  });
  await step('podman has no restart policy for them', async () => {
    const policy = ['container', 'inspect', '--format', '{{.HostConfig.RestartPolicy.Name}}', `${id}-crash`];
    assert.match((await podman(...policy)).trim(), /^(?:no)?$/);
  });
  const crashing = await step('ps shows the restarts and CrashLoopBackOff', () =>
    eventually('two restarts', async () => {
      const status = await statusOf(story, 'crash');
      assert.equal(status.reason, 'CrashLoopBackOff');
      assert.ok(status.restarts >= 2);
      return status;
    }),
  );
  assert.equal(crashing.lastExitCode, 3);
  await step('one process watches; killed, it loses nothing', async () => {
    // One that it has just forked looks like it until it executes its program.
    const watcher = await eventually('one process', async () => {
      const [first, ...others] = await watchers(id);
      return others.length === 0 ? first : undefined;
    });
    process.kill(watcher, 'SIGKILL');
    await eventually('ps says that nobody watches', async () =>
      (await podpose(['-p', id, 'ps'], FAST)).stderr.includes('Nobody restarts') ? true : undefined,
    );
    assert.equal((await containerState(`${id}-steady`)).status, 'running');
    assert.ok((await statusOf(story, 'crash')).restarts >= crashing.restarts);
  });
  const logFile = join(lockDirectoryPath(process.env), `${id}.watcher.log`);
  await step('the next up -d starts it again, and the count goes on', async () => {
    // Half of the limit of 10 MB, without the first line of the next watcher: there are at most two files.
    const size = (await stat(logFile)).size;
    await appendFile(logFile, `${'-'.repeat(99)}\n`.repeat((5_000_000 - size) / 100 - 1));
    await podpose(['up', '-d'], FAST);
    const { restarts } = await eventually('another restart', async () => {
      const status = await statusOf(story, 'crash');
      return status.restarts > crashing.restarts ? status : undefined;
    });
    assert.ok(restarts > crashing.restarts);
    // A watcher that is killed loses the events of its last 5 s: this one has to see an end.
    await eventually('its back-off', async () => {
      const { stdout } = await podpose(['-p', id, 'events'], FAST);
      return /BackOff .*crash/.test(stdout) ? true : undefined;
    });
    assert.match(
      (await podpose(['-p', id, 'logs', '--watcher'], FAST)).stdout,
      /crash ended \(exit code 3\)/,
    );
    const { stdout } = await podpose(['logs', '--watcher', '--tail', '1', id], FAST);
    assert.match(stdout, /^[^\n]+\n$/);
  });
  await step('its log is at most 10 MB', async () => {
    await eventually('the older file, and an emptied one', async () => {
      const [older, log] = [await stat(`${logFile}.1`), await stat(logFile)];
      return older.size >= 5_000_000 && older.size + log.size < 10_000_000 ? true : undefined;
    });
  });
  await step('it ends after down', async () => {
    const down = await podpose(['-p', id, 'down'], FAST);
    assert.equal(down.code, 0, down.story);
    await assertNothingLeft(story);
    await eventually('no watcher', async () => ((await watchers(id)).length === 0 ? true : undefined));
    await assertNothingLeft(story);
    const { stdout } = await podpose(['-p', id, 'events'], FAST);
    assert.match(stdout, /BackOff .*crash/, 'its events stay');
  });
});

scenario('attached up watches instead of the background, and Ctrl-C stops for good', async (story) => {
  const { id, step, pod, podpose, start } = story;
  await pod(`  terminationGracePeriodSeconds: 2\n  containers:\n${CRASHING('crash')}\n${STEADY}`);
  await podpose(['up', '-d'], FAST);
  await eventually('a watcher', async () => ((await watchers(id)).length === 1 ? true : undefined));
  const up = start(['up'], FAST);
  await step('the process in the background ends, and restarts are reported here', async () => {
    await eventually('restarted', () => {
      assert.match(up.output(), /crash restarted/);
      return true;
    });
    await eventually('no watcher', async () => ((await watchers(id)).length === 0 ? true : undefined));
  });
  await step('a process in the background that starts late leaves the watch to it', async () => {
    const late = await podpose(['watch', '--project', id], FAST);
    assert.equal(late.code, 0, late.story);
    assert.match(late.stderr, /another podpose watches already/);
  });
  await step('a second up takes over until it is killed, and the first one goes on', async () => {
    const second = start(['up'], FAST);
    await eventually('taken over', () => {
      assert.match(up.output(), /Another podpose watches project '\S+' from now on/);
      assert.match(second.output(), /crash restarted[^]*crash restarted/);
      return true;
    });
    // An end that the other one follows with a restart may be reported.
    const over = /from now on[^]*(?:ended with exit code 3(?! and is being restarted)|Stopped)/;
    assert.doesNotMatch(up.output(), over);
    second.kill('SIGKILL');
    await eventually('watched again', () => {
      assert.match(up.output(), /The other podpose has ended: this one restarts[^]*crash restarted/);
      return true;
    });
  });
  await step('after Ctrl-C nothing is started again', async () => {
    up.kill('SIGINT');
    const first = await up.end;
    assert.equal(first.code, 130, first.story);
    const states = () => Promise.all(['crash', 'steady'].map((name) => containerState(`${id}-${name}`)));
    const stopped = await states();
    assert.deepEqual(
      stopped.map(({ status }) => status),
      ['exited', 'exited'],
    );
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.deepEqual(await states(), stopped);
  });
  await step('stop by another podpose is no failure, for a service as for a person', async () => {
    const again = start(['up'], FAST);
    await eventually('up', () => (/Following the logs/.test(again.output()) ? true : undefined));
    await podpose(['-p', id, 'stop'], FAST);
    assert.equal((await again.end).code, 0, again.output());
    assert.match(again.output(), /Stopped\. The same command starts what has not completed/);
  });
});

scenario('a watcher goes on when it, or podman beside it, was stopped or killed', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 2\n  containers:\n${CRASHING('crash')}`);
  await podpose(['up', '-d'], { env: { ...FAST.env, OWN_SERVICE_OF: id } });
  const restartsAfter = async (restarts: number) =>
    eventually('another restart', async () => {
      const status = await statusOf(story, 'crash');
      return status.restarts > restarts ? status.restarts : undefined;
    });
  let restarts = await restartsAfter(0);
  await step('SIGSTOP and SIGCONT', async () => {
    const [watcher] = await watchers(id);
    assert.ok(watcher !== undefined);
    process.kill(watcher, 'SIGSTOP');
    const begin = performance.now();
    await podpose(['-p', id, 'ps'], FAST);
    assert.ok(performance.now() - begin < 10_000, 'ps waits 200 ms for it');
    assert.match(
      (await podpose(['up', '-d'], FAST)).stderr,
      /another process watches them and does not answer/,
    );
    process.kill(watcher, 'SIGCONT');
    restarts = await restartsAfter(restarts);
  });
  await step("podman's service hangs", async () => {
    const services = await servicesOf(id);
    assert.ok(services.length > 0);
    await suspend(services);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const service of services) process.kill(service, 'SIGCONT');
    restarts = await restartsAfter(restarts);
  });
  await step("podman's service is killed", async () => {
    for (const service of await servicesOf(id)) process.kill(service, 'SIGKILL');
    restarts = await restartsAfter(restarts);
  });
});

scenario('a restart opens the subPath again, without following links', async (story) => {
  const { id, directory, step, pod, podpose, start } = story;
  const data = join(directory, 'data');
  await mkdir(join(data, 'sub'), { recursive: true });
  await pod(`  terminationGracePeriodSeconds: 0
  containers:
    - name: writer
      image: ${BUSYBOX}
      command: [sh, -c, "touch /part/run; sleep 0.5; exit 1"]
      volumeMounts: [{ name: data, mountPath: /part, subPath: sub }]
  volumes: [{ name: data, hostPath: { path: ${data} } }]`);
  await podpose(['up', '-d'], FAST);
  await step('a directory in its place is mounted', async () => {
    await rename(join(data, 'sub'), join(data, 'before'));
    await mkdir(join(data, 'sub'));
    await eventually('a file in the new directory', async () =>
      (await readdir(join(data, 'sub'))).includes('run') ? true : undefined,
    );
  });
  await step('a link out of the volume is a failed start', async () => {
    await mkdir(join(directory, 'elsewhere'));
    await rename(join(data, 'sub'), join(data, 'moved'));
    await symlink(join(directory, 'elsewhere'), join(data, 'sub'));
    await eventually('the reason', async () => {
      const { stdout } = await podpose(['-p', id, 'logs', '--watcher'], FAST);
      return stdout.includes('the path sub leaves the volume') ? true : undefined;
    });
    assert.deepEqual(await readdir(join(directory, 'elsewhere')), []);
  });
  const failing = await step('ps shows it', () =>
    eventually('a failed start', async () => {
      const status = await statusOf(story, 'writer');
      return isFailedStart(status) ? status : undefined;
    }),
  );
  await step('it is recorded', () =>
    eventually('the record', async () => {
      const label = '{{index .Config.Labels "podpose.watcher"}}';
      const record = parse(await podman('inspect', '--format', label, `${id}-writer_updated`));
      return Number(at(record, 'restarts')) >= failing.restarts ? record : undefined;
    }),
  );
  await step('a watcher that is killed loses none of them', async () => {
    for (const watcher of await watchers(id)) process.kill(watcher, 'SIGKILL');
    await eventually('no watcher', async () => ((await watchers(id)).length === 0 ? true : undefined));
    const unwatched = await statusOf(story, 'writer');
    assert.ok(unwatched.restarts >= failing.restarts, `${unwatched.restarts} of ${failing.restarts}`);
    assert.ok(isFailedStart(unwatched), JSON.stringify(unwatched));
    const watch = start(['-p', id, 'watch'], FAST);
    const status = await eventually('another failed start', async () => {
      const now = await statusOf(story, 'writer');
      return now.restarts > unwatched.restarts ? now : undefined;
    });
    assert.ok(isFailedStart(status), JSON.stringify(status));
    assert.equal(status.restarts, unwatched.restarts + 1);
    watch.kill('SIGINT');
    await watch.end;
  });
});

scenario('a restart that podman cannot make counts, and succeeds when its cause has gone', async (story) => {
  const { id, directory, step, pod, file, podpose } = story;
  const inDirectory = (path: string) => join(directory, path);
  await mkdir(inDirectory('mounted'));
  await mkdir(inDirectory('gate'));
  const container = (name: string, volume: string, atEnd: string) => `    - name: ${name}
      image: ${BUSYBOX}
      command: [sh, -c, "[ -e /begun ] && exec sleep 3600; touch /begun; until [ -e /gate/end ]; do sleep 0.1; done; ${atEnd}"]
      volumeMounts: [{ name: ${volume}, mountPath: /gate }]`;
  await pod(`  terminationGracePeriodSeconds: 0
  containers:
${container('mounted', 'mounted', 'exit 3')}
${container('program', 'gate', 'rm /bin/sh; exit 3')}
  volumes:
    - { name: mounted, hostPath: { path: mounted } }
    - { name: gate, hostPath: { path: gate } }`);
  const up = await podpose(['up', '-d'], FAST);
  assert.equal(up.code, 0, up.story);
  const names = ['mounted', 'program'];
  const statuses = () => Promise.all(names.map((name) => statusOf(story, name)));
  await step('a directory that it mounts has gone, or the program has removed itself', async () => {
    await rename(inDirectory('mounted'), inDirectory('moved'));
    await file('moved/end', '');
    await file('gate/end', '');
    await eventually('both have failed again, and wait', async () => {
      const all = await statuses();
      return all.every((one) => isFailedStart(one) && one.restarts >= 2) ? true : undefined;
    });
    await eventually('the time of the last try', async () => {
      const { stdout } = await podpose(['-p', id, 'ps'], FAST);
      for (const name of names)
        assert.match(stdout, new RegExp(`^ +container/${name} .* \\d+ \\(\\d+s ago\\) `, 'm'));
      return true;
    });
  });
  await step('mended, they run again, and each try counts', async () => {
    await rename(inDirectory('moved'), inDirectory('mounted'));
    await podman('cp', `${id}-program:/bin/busybox`, inDirectory('sh'));
    await podman('cp', inDirectory('sh'), `${id}-program:/bin/sh`);
    await eventually('both run', async () => {
      const { stdout } = await podpose(['-p', id, 'logs', '--watcher'], FAST);
      const tries = names.map((name) => stdout.split(`/${name} failed to start`).length);
      assert.deepEqual(
        await statuses(),
        tries.map((restarts) => ({ restarts, reason: undefined, lastExitCode: 128 })),
        stdout,
      );
      return true;
    });
  });
});

scenario('a container that nobody has probed has not started', async (story) => {
  const { id, pod, step, podpose } = story;
  const numbers = 'periodSeconds: 1, failureThreshold: 4';
  await pod(`  terminationGracePeriodSeconds: 1
  containers:
${STEADY.replace('] }', `], startupProbe: { exec: { command: ["false"] }, ${numbers} } }`)}`);
  await podpose(['up', '-d'], FAST);
  const [watcher] = await eventually('a watcher', async () => {
    const found = await watchers(id);
    return found.length === 0 ? undefined : found;
  });
  assert.ok(watcher !== undefined);
  process.kill(watcher, 'SIGKILL');
  await step('although it runs for longer than its startup probe allows', async () => {
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const up = await podpose(['up', '-d', '--wait', '--timeout', '12s'], FAST);
    assert.equal(up.code, 1, up.story);
    assert.match(up.stderr, /startup exec false/);
    assert.match((await podpose(['-p', id, 'ps'], FAST)).stdout, new RegExp(`^${id} +0/1 `, 'm'));
  });
});

scenario('stop and start by the user are no crashes', async (story) => {
  const { id, pod, step, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 2\n  containers:\n${STEADY}`);
  const ok = async (...args: readonly string[]) => {
    const done = await podpose(['-p', id, ...args], FAST);
    assert.equal(done.code, 0, done.story);
  };
  const waits = async () => {
    const { stdout } = await podpose(['-p', id, 'logs', '--watcher'], FAST);
    return stdout.split('\n').flatMap((line) => / ended \(exit code 137\), (.*)/.exec(line)?.[1] ?? []);
  };
  await podpose(['up', '-d'], FAST);
  await step('the next end is followed by a restart at once', async () => {
    await ok('stop');
    await ok('start');
    await ok('restart', id);
    await ok('restart', `${id}/steady`);
    await ok('kill', `${id}/steady`);
    await eventually('a restart', async () => {
      assert.deepEqual(await waits(), ['restarting']);
      return (await containerState(`${id}-steady`)).status === 'running' ? true : undefined;
    });
  });
});

scenario('of several containers that crash, each is restarted in its turn', async (story) => {
  const { step, pod, podpose } = story;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await pod(`  terminationGracePeriodSeconds: 2\n  containers:\n${names.map(CRASHING).join('\n')}`);
  await podpose(['up', '-d'], FAST);
  await step('three times', () =>
    eventually(
      'restarts',
      async () => {
        const counts = (await statusesOf(story)).map((one) => Number(at(one, 'restartCount')));
        assert.equal(counts.length, names.length);
        assert.ok(Math.min(...counts) >= 3, counts.join(' '));
        return true;
      },
      120,
    ),
  );
});

scenario('kill, stop and start of a container that is watched', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 10\n  containers:\n${STEADY}\n${STUBBORN}`);
  await podpose(['up', '-d'], FAST);
  const state = () => containerState(`${id}-steady`);
  await step('after kill it is restarted, and that is counted', async () => {
    const kill = await podpose(['-p', id, 'kill', `${id}/steady`], FAST);
    assert.equal(kill.code, 0, kill.story);
    await eventually('a restart', async () =>
      (await statusOf(story, 'steady')).restarts === 1 ? true : undefined,
    );
    assert.equal((await state()).status, 'running');
  });
  await step('a restart by the user does not count for the back-off', async () => {
    for (const _ of [1, 2]) await podpose(['-p', id, 'restart', `${id}/steady`], FAST);
    await podpose(['-p', id, 'kill', `${id}/steady`], FAST);
    await eventually('the back-off of the second end', async () => {
      const { stdout } = await podpose(['-p', id, 'logs', '--watcher'], FAST);
      const restarting = stdout.split('\n').filter((line) => / ended .*, restarting/.test(line));
      assert.deepEqual(
        restarting.map((line) => line.replace(/^.*, /, '')),
        ['restarting', 'restarting in 1 s'],
      );
      return true;
    });
    await eventually('it runs', async () => ((await state()).status === 'running' ? true : undefined));
  });
  await step('after stop it stays down, and the watcher ends', async () => {
    const begin = Date.now();
    const stop = await podpose(['-p', id, 'stop'], FAST);
    assert.equal(stop.code, 0, stop.story);
    await eventually('no watcher', async () => ((await watchers(id)).length === 0 ? true : undefined));
    assert.equal((await state()).status, 'exited');
    const { status, exitCode, finishedAt } = await containerState(`${id}-stubborn`);
    assert.deepEqual([status, exitCode], ['exited', 137], 'killed after SIGTERM');
    assert.ok(finishedAt - begin > 9900, 'after the grace period');
    assert.ok(finishedAt - begin < 19_900, 'after one grace period');
    const { stdout } = await podpose(['-p', id, 'logs', '--watcher'], FAST);
    const restarting = stdout.split('\n').filter((line) => / ended .*, restarting/.test(line));
    assert.equal(restarting.length, 2, `what is stopped will not be restarted:\n${stdout}`);
  });
  await step('start watches again', async () => {
    const start = await podpose(['-p', id, 'start'], FAST);
    assert.equal(start.code, 0, start.story);
    assert.equal((await state()).status, 'running');
    await eventually('a watcher', async () => ((await watchers(id)).length === 1 ? true : undefined));
  });
});

scenario('an up that fails leaves a watcher for what it has started', async (story) => {
  const { id, pod, step, podpose } = story;
  const lost = `    - { name: lost, image: ${BUSYBOX}, command: [/no/such/program] }`;
  // podman rejects it before it calls the OCI runtime.
  const early = `    - { name: early, image: ${BUSYBOX}, command: [sh], workingDir: /etc/passwd }`;
  // podman 4.3.1 has no trace of this start.
  const image = await imageWith(story, 'USER=ghost');
  const ghost = `    - { name: ghost, image: "${image}", imagePullPolicy: Never, command: [sh] }`;
  const containers = [CRASHING('crash'), lost, early, ghost].join('\n');
  await pod(`  terminationGracePeriodSeconds: 1\n  containers:\n${containers}`);
  const up = await podpose(['up', '-d'], FAST);
  assert.equal(up.code, 1, up.story);
  await step('the container that crashes is restarted, and the starts that failed are tried again', () =>
    eventually('all wait for their next start', async () => {
      const crash = await statusOf(story, 'crash');
      const retried = await Promise.all(['lost', 'early', 'ghost'].map((name) => statusOf(story, name)));
      const isLooping = [crash, ...retried].every(({ reason }) => reason === 'CrashLoopBackOff');
      const haveFailed = retried.every(({ lastExitCode }) => lastExitCode === 128);
      return isLooping && crash.restarts > 0 && haveFailed ? true : undefined;
    }),
  );
  await step('a new watcher does not forget the restarts', async () => {
    for (const pid of await watchers(id)) process.kill(pid, 'SIGKILL');
    const { restarts } = await statusOf(story, 'crash');
    await podpose(['up', '-d'], FAST);
    assert.ok((await statusOf(story, 'crash')).restarts >= restarts && restarts > 0);
  });
});

scenario('while an init container runs, the other pods are restarted', async (story) => {
  const { id, file, step, podpose, start } = story;
  const podOf = (name: string, spec: string) =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${id}-${name} }\nspec:\n  terminationGracePeriodSeconds: 0\n${spec}`;
  const db = podOf(
    'db',
    `  containers:
    - name: db
      image: ${BUSYBOX}
      command: [sh, -c, "[ -f /d/x ] && exec httpd -f -p 8080 -h /d; touch /d/x; exit 1"]
      volumeMounts: [{ name: d, mountPath: /d }]
  volumes: [{ name: d, emptyDir: {} }]
`,
  );
  const web = podOf(
    'web',
    `  initContainers:
    - { name: wait, image: ${BUSYBOX}, command: [sh, -c, "until wget -qO- http://${id}-db:8080/x; do sleep 0.5; done"] }
  containers:
    - { name: web, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"] }
`,
  );
  const late = podOf(
    'late',
    `  initContainers:
    - { name: wait, image: ${BUSYBOX}, command: [sleep, '3600'] }
  containers:
    - { name: late, image: ${BUSYBOX}, command: [sleep, '3600'] }
`,
  );
  await step('one that it waits for has crashed at first', async () => {
    await file('pod.yaml', db + web);
    const up = await podpose(['up', '-d', '--timeout', '60'], FAST);
    assert.match(up.story, /container\/web +started/, up.story);
    assert.equal((await containerState(`${id}-db-db`)).status, 'running');
  });
  await step('one that the plan does not change, and a watcher in the background has watched', async () => {
    await file('pod.yaml', db + web + late);
    const up = start(['up', '-d', '--timeout', '60'], FAST);
    await eventually('the init container', async () =>
      (await containerState(`${id}-late-wait`)).status === 'running' ? true : undefined,
    );
    const before = await containerState(`${id}-web-web`);
    await podman('kill', `${id}-web-web`);
    await eventually('restarted', async () => {
      const { status, startedAt } = await containerState(`${id}-web-web`);
      return status === 'running' && startedAt > before.startedAt ? true : undefined;
    });
    const { stderr } = await podpose(['-p', id, 'ps'], FAST);
    assert.doesNotMatch(stderr, /Nobody restarts/);
    up.kill('SIGINT');
    assert.equal((await up.end).code, 130);
  });
});

scenario('an attached up that ends leaves a watcher for the pods of other files', async (story) => {
  const { id, file, step, podpose, start } = story;
  const podOf = (name: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${id}-${name} }\nspec:\n  terminationGracePeriodSeconds: 0\n  containers:\n${CRASHING('crash')}\n`;
  await file('a.yaml', podOf('a'));
  await file('b.yaml', podOf('b'));
  await podpose(['up', '-d', 'b.yaml'], FAST);
  const up = start(['up', 'a.yaml'], FAST);
  await eventually('it watches', () => (/-a\/crash restarted/.test(up.output()) ? true : undefined));
  await step('after Ctrl-C, the other pod is restarted', async () => {
    up.kill('SIGINT');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    await eventually('a watcher', async () => ((await watchers(id)).length === 1 ? true : undefined));
    await eventually('it answers', async () => {
      const { stderr } = await podpose(['-p', id, 'ps'], FAST);
      assert.doesNotMatch(stderr, /Nobody restarts/);
      return true;
    });
    assert.equal((await containerState(`${id}-a-crash`)).status, 'exited');
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { PODMAN, podman } from './support/podman.ts';
import { run } from './support/program.ts';
import { scenario, type Scenario } from './support/scenario.ts';

/** Settings with which the log driver is k8s-file, on podmans that take settings in addition to their own. */
async function inFiles({ file }: Scenario): Promise<NodeJS.ProcessEnv> {
  return {
    CONTAINERS_CONF_OVERRIDE: await file('override.conf', '[containers]\nlog_driver = "k8s-file"\n'),
    // A podman that serves had its settings before.
    PODPOSE_SERVICE: '0',
  };
}

/** The numbers at the beginning of the lines, as ranges: `1-5 8-9`. */
function ranges(text: string): string {
  const found: [number, number][] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const number = Number(/(?:^|\| )(\d+) x+$/.exec(line)?.[1]);
    const last = found.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map((range) => range.join('-')).join(' ');
}

/** How long a burst the log driver keeps whole: journald lets no more pass, and drops what others log at the time. */
async function longestBurst(env: NodeJS.ProcessEnv, longest: number): Promise<number> {
  const driver = await run(PODMAN, ['info', '--format', '{{.Host.LogDriver}}'], {
    env: { ...process.env, ...env },
  });
  return driver.stdout.trim() === 'k8s-file' ? longest : 2000;
}

scenario('a burst of lines is shown whole', async (story) => {
  const { step, pod, podpose } = story;
  const env = await inFiles(story);
  const lines = await longestBurst(env, 100_000);
  await pod(`
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    - name: c
      image: ${BUSYBOX}
      command: [sh, -c, 'seq 1 ${lines} | sed "s/$/ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/"']`);
  const up = await podpose(['up'], { env });
  const check = ({ code, stdout, stderr, story: told }: typeof up) => {
    assert.equal(code, 0, told.slice(0, 2000));
    assert.equal(ranges(stdout), `1-${lines}`);
    assert.doesNotMatch(stderr, /dropped/);
  };
  await step('by up', () => {
    check(up);
  });
  await step('by logs', async () => {
    check(await podpose(['logs'], { env }));
  });
  await step('by logs -f of a container that has ended, which ends', async () => {
    check(await podpose(['logs', '-f'], { env }));
  });
  await step('--tail gives the last of them', async () => {
    const { stdout } = await podpose(['logs', '--tail', '1000'], { env });
    assert.equal(ranges(stdout), `${lines - 999}-${lines}`);
  });
});

/** Long lines, shortened: a difference is to be read. */
function short(text: string): string {
  return text.replace(/(x|ä)\1{99,}/g, (same, [one = '']) => `<${same.length} ${one}>`);
}

scenario('lines come as they were printed', async (story) => {
  const { step, pod, ok, start } = story;
  await pod(`
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  containers:
    - name: c
      image: ${BUSYBOX}
      command:
        - sh
        - -c
        - |
          printf 'no newline yet'; sleep 0.3; printf ' ...done\\n'
          for i in 1 2 3; do echo $i-out; sleep 0.5; echo $i-err >&2; sleep 0.5; done
          yes x | head -n 40000 | tr -d '\\n'; echo
          yes ä | head -n 20000 | tr -d '\\n'; echo
          printf '\\nprogress 1\\rprogress 2\\n'
          printf 'last'`);
  const lines = [
    'no newline yet ...done',
    ...['1-out', '1-err', '2-out', '2-err', '3-out', '3-err'],
    '<40000 x>',
    '<20000 ä>',
    '',
    'progress 1\rprogress 2',
    'last',
  ];
  const text = async (...args: readonly string[]) => short((await ok('logs', '--no-prefix', ...args)).stdout);
  const up = start(['up']);
  await step('by up, with the last one that has no end', async () => {
    const { stdout } = await up.end;
    assert.deepEqual(
      short(stdout)
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\S+ c \| ?/, '')),
      lines,
    );
  });
  await step('by logs, to the byte', async () => {
    assert.equal(await text(), lines.join('\n'));
    assert.equal(await text('-f'), lines.join('\n'));
  });
  await step('--tail counts lines and not parts', async () => {
    assert.equal(await text('--tail', '4'), lines.slice(-4).join('\n'));
  });
  const stamped = await step('-t puts one time before each line', async () => {
    const found = (await text('-t'))
      .trimEnd()
      .split('\n')
      .map((line) => /^(\d{4}-\d\d-\d\dT\S+) (.*)$/s.exec(line));
    assert.deepEqual(
      found.map((match) => match?.[2]),
      lines,
    );
    return found.map((match) => match?.[1] ?? '');
  });
  await step('--since begins with the line of that time', async () => {
    assert.equal(await text('--since', stamped[4] ?? ''), lines.slice(4).join('\n'));
  });
});

scenario('logs -f shows the last words of a pod that is taken down, and ends', async (story) => {
  const { step, pod, podpose, ok, start } = story;
  const env = await inFiles(story);
  const lines = await longestBurst(env, 30_000);
  await pod(`
  terminationGracePeriodSeconds: 5
  containers:
    - { name: c, image: ${BUSYBOX}, command: [sh, -c, "trap 'seq 1 ${lines}; echo bye; exit 0' TERM; echo hello; while true; do sleep 0.1; done"] }`);
  assert.equal((await podpose(['up', '-d'], { env })).code, 0);
  const logs = start(['logs', '-f', '--no-prefix'], { env });
  await step('while it runs', () => eventually('hello', () => logs.output().includes('hello') || undefined));
  await ok('down');
  await step('when it is gone', async () => {
    const ended = await logs.end;
    assert.equal(ended.code, 0, ended.story);
    const words = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join('');
    assert.ok(ended.stdout === `hello\n${words}bye\n`, `${ended.stdout.split('\n').length} lines`);
  });
});

/** Programs that read the log of a container, by what they were started with. */
function readersOf(id: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => /\blogs\b|journalctl/.test(line) && line.includes(id) && !line.includes('conmon'));
}

scenario('nothing goes on reading when podpose is killed, or its terminal is closed', async (story) => {
  const { id, step, pod, ok, start } = story;
  await pod(`
  terminationGracePeriodSeconds: 0
  containers:
    - { name: one, image: ${BUSYBOX}, command: [sleep, "3600"] }
    - { name: two, image: ${BUSYBOX}, command: [sleep, "3600"] }`);
  await ok('up', '-d');
  const names = [`${id}-one`, `${id}-two`];
  const ids = await Promise.all(
    names.map(async (name) => (await podman('inspect', '--format', '{{.Id}}', name)).trim()),
  );
  const readers = () => [...names, ...ids].flatMap(readersOf);
  for (const [signal, args] of [
    ['SIGKILL', ['logs', '-f']],
    ['SIGKILL', ['up']],
    ['SIGHUP', ['logs', '-f']],
  ] as const)
    await step(`${args.join(' ')} and ${signal}`, async () => {
      const running = start(args);
      // Long enough for all that it starts.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      running.kill(signal);
      await eventually('no reader is left', () => {
        const found = readers();
        if (found.length > 0) throw new Error(found.join('\n'));
        return true;
      });
    });
});

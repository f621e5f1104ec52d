import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX } from './support/images.ts';
import { eventually } from './support/eventually.ts';
import { livePod, of } from './support/live-pod.ts';
import { fetchText, freePort } from './support/network.ts';
import { tryPodman } from './support/podman.ts';
import { assertRefused, scenario } from './support/scenario.ts';

/** Whether an app container runs is seen from beside it: its server answers in the network that they share. */
const LOOK =
  'wget -q -O /dev/null http://127.0.0.1:8080/chain || wget -q -O /dev/null http://127.0.0.1:8081/chain';

const init = (name: string, word = name, end = '') =>
  `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "if ${LOOK}; then echo ${word} beside an app; else echo ${word}; fi >> /log/chain${end}"], volumeMounts: [{ name: log, mountPath: /log }] }`;

const app = (name: string, number: number, port = '') =>
  `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "echo app >> /log/chain; trap 'exit 0' TERM; httpd -f -p ${number} -h /log & wait"], volumeMounts: [{ name: log, mountPath: /log }]${port} }`;

const podWith = (port: number, inits: readonly string[]) => `
  initContainers:
${inits.join('\n')}
  containers:
${app('web', 8080, `, ports: [{ containerPort: 8080, hostPort: ${port} }]`)}
${app('aside', 8081)}
  volumes: [{ name: log, hostPath: { path: log } }]`;

scenario(
  'When an init container differs the whole chain runs again, and no app container beside it',
  async (story) => {
    const { id, directory, step, pod, podpose, ok } = story;
    const port = await freePort();
    const log = join(directory, 'log', 'chain');
    await mkdir(join(directory, 'log'));
    /** What has happened since the last time. The apps write when they have been started, which may be a moment later. */
    const happened = async (lines: number) => {
      const found = await eventually(`${lines} lines in the log`, async () => {
        const text = (await readFile(log, 'utf8')).split('\n').slice(0, -1);
        return text.length >= lines ? text : undefined;
      });
      await writeFile(log, '');
      return found;
    };

    await pod(podWith(port, [init('first'), init('second')]));
    await ok('up', '-d');
    assert.deepEqual(await happened(4), ['first', 'second', 'app', 'app']);
    await step('what an init container does to see the apps would show them', async () => {
      await fetchText(`http://127.0.0.1:${port}/chain`);
      const seen = await tryPodman('exec', `${id}-aside`, 'sh', '-c', LOOK);
      assert.equal(seen.code, 0, seen.story);
    });

    let before = await livePod(id);
    const rows = [
      {
        what: 'its command is changed',
        inits: [init('first'), init('second', 'changed')],
        words: ['first', 'changed'],
      },
      {
        what: 'one is added',
        inits: [init('first'), init('second', 'changed'), init('third')],
        words: ['first', 'changed', 'third'],
      },
      {
        what: 'they are reordered',
        inits: [init('third'), init('first'), init('second', 'changed')],
        words: ['third', 'first', 'changed'],
      },
      {
        what: 'one is removed',
        inits: [init('third'), init('second', 'changed')],
        words: ['third', 'changed'],
      },
    ];
    for (const { what, inits, words } of rows) {
      await pod(podWith(port, inits));
      await step(`${what}: all of them run, one after the other, and then the apps`, async () => {
        const plan = await podpose(['plan', '--detailed-exitcode']);
        assert.equal(plan.code, 2, plan.story);
        assert.match(plan.stdout, /container\/web .*init/);
        await ok('up', '-d');
        assert.deepEqual(await happened(words.length + 2), [...words, 'app', 'app']);
      });
      await step(
        'it is the same pod, with its ports, and nothing more in it than the file says',
        async () => {
          const now = await livePod(id);
          assert.equal(now.id, before.id);
          assert.deepEqual(now.infra, before.infra);
          const names = inits.map((text) => /name: (\w+)/.exec(text)?.[1] ?? '');
          assert.deepEqual(Object.keys(now.containers), [...names, 'aside', 'web'].sort());
          for (const name of ['web', 'aside']) {
            assert.notEqual(of(now, name).id, of(before, name).id);
            for (const each of names) assert.ok(of(now, each).finishedAt <= of(now, name).startedAt);
          }
          await fetchText(`http://127.0.0.1:${port}/chain`);
          before = now;
        },
      );
    }

    await step('one that fails keeps the apps from running', async () => {
      await pod(podWith(port, [init('third', 'bad', '; exit 7'), init('second', 'changed')]));
      assertRefused(await podpose(['up', '-d', '--timeout', '3s']), 1, /third/, /exit code 7/);
      // It is run again at once, and then after 10 s.
      assert.deepEqual([...new Set(await happened(1))], ['bad']);
      const now = await livePod(id);
      for (const name of ['web', 'aside']) assert.notEqual(of(now, name).status, 'running');
    });
    await step('without it the chain runs from the first, and the apps are back', async () => {
      await pod(podWith(port, [init('second', 'changed')]));
      await ok('up', '-d');
      assert.deepEqual(await happened(3), ['changed', 'app', 'app']);
      await fetchText(`http://127.0.0.1:${port}/chain`);
      await ok('plan', '--detailed-exitcode');
    });
    await step('with no init container left the apps are made anew once more, and that is all', async () => {
      await pod(podWith(port, []).replace('  initContainers:\n', ''));
      await ok('up', '-d');
      assert.deepEqual(await happened(2), ['app', 'app']);
      assert.deepEqual(Object.keys((await livePod(id)).containers), ['aside', 'web']);
      await ok('plan', '--detailed-exitcode');
    });
  },
);

import assert from 'node:assert/strict';
import { fetchText, freePort } from './support/network.ts';
import { TEST_IMAGE } from './support/images.ts';
import { podman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

/** A pod whose page at the port says its name. */
function server(name: string, port: number): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: web
      image: ${TEST_IMAGE}
      ports: [{ containerPort: 8080, hostPort: ${port} }]
`;
}

scenario('A host port moves between pods of one project', async (story) => {
  const { id, step, file, podpose, after } = story;
  const [first, second] = [await freePort(), await freePort()];
  const names = ['a', 'b', 'c'].map((letter) => `${id}-${letter}`);
  const [a = '', b = '', c = ''] = names;
  after(async () => {
    await podman('pod', 'rm', '--force', '--ignore', '--time', '0', ...names);
  });
  const up = async (texts: readonly string[], ...options: readonly string[]) => {
    await file('pod.yaml', texts.join('---\n'));
    return podpose(['up', '-d', ...options]);
  };
  const podAt = async (port: number) =>
    /^hostname: (.*)$/m.exec(await fetchText(`http://127.0.0.1:${port}/`))?.[1];

  await step('two pods have one each', async () => {
    const ended = await up([server(a, first), server(b, second)]);
    assert.equal(ended.code, 0, ended.story);
    assert.deepEqual([await podAt(first), await podAt(second)], [a, b]);
  });
  await step('they swap them', async () => {
    const ended = await up([server(a, second), server(b, first)]);
    assert.equal(ended.code, 0, ended.story);
    assert.deepEqual([await podAt(first), await podAt(second)], [b, a]);
  });
  await step(
    'another name for one of them: the old one is named as who listens, and how it goes',
    async () => {
      const ended = await up([server(a, second), server(c, first)]);
      assert.equal(ended.code, 1, ended.story);
      assert.match(
        ended.stderr,
        new RegExp(`port 127.0.0.1:${first} is already in use by pod/${b} of this project`),
      );
      assert.match(ended.stderr, /--remove-orphans/);
      assert.equal(await podAt(first), b);
    },
  );
  await step('with --remove-orphans it is removed first', async () => {
    const ended = await up([server(a, second), server(c, first)], '--remove-orphans', '--yes');
    assert.equal(ended.code, 0, ended.story);
    assert.deepEqual([await podAt(first), await podAt(second)], [c, a]);
  });
});

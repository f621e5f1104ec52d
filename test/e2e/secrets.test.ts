import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { filesWith } from './support/disk.ts';
import { BUSYBOX } from './support/images.ts';
import { exec, podman, secretsOf } from './support/podman.ts';
import { podText, scenario } from './support/scenario.ts';
import { watchProcesses } from './support/watched-processes.ts';

scenario('No secret value is seen outside of the containers that have it', async (story) => {
  const { id, directory, step, file, podpose, ok } = story;
  const marker = `marker-${id}-${Math.random().toString(36).slice(2)}`;
  const encoded = Buffer.from(marker).toString('base64');
  const spec = (more: string) => `apiVersion: v1
kind: Secret
metadata: { name: db }
stringData: { password: "${marker}", other: "${marker}${more}" }
---
${podText(
  id,
  `
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap exit TERM; sleep 1000 & wait"]
      envFrom: [{ secretRef: { name: db } }]
      env: [{ name: URL, value: "db://$(password)@db" }]`,
)}`;
  const outputs: string[] = [];
  const run = async (...args: readonly string[]) => {
    const ended = await podpose(args);
    outputs.push(`${args.join(' ')}:\n${ended.stdout}${ended.stderr}`);
    return ended;
  };
  const noneHasIt = (texts: readonly string[], secret: string) => {
    for (const text of texts) assert.ok(!text.includes(secret), text);
  };

  const begin = Date.now();
  await file('pod.yaml', spec(''));
  const stop = watchProcesses(marker);
  await step('every verb is run, as verbosely as can be', async () => {
    for (const format of ['text', 'commands', 'json']) await run('plan', '--format', format);
    await run('diff');
    await run('-v', '--progress', 'plain', 'up', '-d');
    await file('pod.yaml', spec('-changed'));
    for (const format of ['text', 'commands', 'json']) await run('plan', '--format', format);
    await run('diff');
    await run('-v', '--progress', 'json', 'up', '-d');
    await run('-v', 'ps', '-o', 'json');
    await run('-v', 'validate', '--format', 'json');
  });
  await step('the containers have it', async () => {
    const env = await exec(`${id}-app`, 'cat', '/proc/1/environ');
    assert.ok(env.includes(`password=${marker}\0`) && env.includes(`other=${marker}-changed\0`));
  });
  await step('it was in no command line', () => {
    assert.deepEqual(stop(), []);
  });
  await step('nothing that was printed shows it, nor how it would be written in the manifest', () => {
    assert.ok(outputs.some((text) => text.includes('***(after)')));
    noneHasIt(outputs, marker);
    noneHasIt(outputs, encoded);
  });
  // The environment of what runs is shown by `podman inspect`, whichever way it came there.
  await step('it is in no label, nor in any list', async () => {
    noneHasIt(
      [
        await podman('inspect', '--format', '{{json .Config.Labels}}', `${id}-app`),
        await podman('pod', 'inspect', id),
        await podman('ps', '--all', '--format', 'json'),
        await podman('secret', 'inspect', ...(await secretsOf(id))),
      ],
      marker,
    );
  });
  await step('a mistake in the Secret does not show it', async () => {
    await file('broken.yaml', spec('').replace(`"${marker}",`, `["${marker}"],`));
    const ended = await run('-v', 'validate', 'broken.yaml');
    assert.equal(ended.code, 2);
    noneHasIt([ended.stdout + ended.stderr], marker);
  });
  await step('on disk it is in files that nobody else may read', async () => {
    assert.notDeepEqual(filesWith(marker, directory, begin), [], 'the manifest has it, and it is found');
    const storage = (await podman('info', '--format', '{{.Store.GraphRoot}}')).trim();
    const runtime = (await podman('info', '--format', '{{.Store.RunRoot}}')).trim();
    for (const path of [storage, runtime].flatMap((root) => filesWith(marker, root, begin))) {
      const hidden = isHidden(path);
      assert.ok(hidden, `${path} can be read by others`);
    }
    noneHasIt(
      filesWith(marker, '/tmp', begin).filter((path) => !path.startsWith(directory) && !isHidden(path)),
      '/',
    );
  });
  await step('down leaves it nowhere', async () => {
    await ok('down');
    const storage = (await podman('info', '--format', '{{.Store.GraphRoot}}')).trim();
    assert.deepEqual(filesWith(marker, storage, begin), []);
    assert.deepEqual(filesWith(encoded, storage, begin), []);
  });
});

/** Whether the file, or a folder that it is in, is closed to everybody but its owner. */
function isHidden(path: string): boolean {
  const parts = path.split('/').slice(1);
  if ((statSync(path).mode & 0o044) === 0) return true;
  return parts.some((_, index) => (statSync(join('/', ...parts.slice(0, index + 1))).mode & 0o011) === 0);
}

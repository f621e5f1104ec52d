import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { exec } from './support/podman.ts';
import { podText, scenario } from './support/scenario.ts';
import { assertChanged, livePod } from './support/live-pod.ts';

scenario('Volumes are mounted inside of volumes of files', async ({ id, step, file, ok }) => {
  const spec = `
  terminationGracePeriodSeconds: 0
  securityContext: { fsGroup: 2345 }
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap exit TERM; sleep 3600 & wait"]
      volumeMounts:
        - { name: login, mountPath: /config/login }
        - { name: config, mountPath: /config }
        - { name: scratch, mountPath: /config/deep/scratch }
        - { name: config, mountPath: /secret/config }
        - { name: login, mountPath: /secret }
        - { name: folder, mountPath: /all/folder }
        - { name: all, mountPath: /all }
        - { name: scratch, mountPath: /all/scratch }
        - { name: labels, mountPath: /labels }
        - { name: folder, mountPath: /labels/folder }
  volumes:
    - { name: config, configMap: { name: settings } }
    - { name: login, secret: { secretName: login } }
    - { name: all, projected: { sources: [configMap: { name: settings }] } }
    - { name: labels, downwardAPI: { items: [{ path: name, fieldRef: { fieldPath: metadata.name } }] } }
    - { name: scratch, emptyDir: {} }
    - { name: folder, hostPath: { path: folder, type: DirectoryOrCreate } }`;
  const write = (value: string) =>
    file(
      'pod.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: ${value} }\n---\n` +
        `apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { user: ann }\n---\n` +
        podText(id, spec),
    );
  const read = (...paths: readonly string[]) => exec(`${id}-app`, 'cat', ...paths);

  await write('one');
  await ok('up', '-d');
  await step('each holds what it is to hold', async () => {
    const all = [
      '/config/a',
      '/config/login/user',
      '/secret/user',
      '/secret/config/a',
      '/all/a',
      '/labels/name',
    ];
    assert.equal(await read(...all), `oneannannoneone${id}`);
    await exec(`${id}-app`, 'sh', '-c', 'echo kept > /config/deep/scratch/x; echo host > /all/folder/y');
    assert.equal(await read('/all/scratch/x', '/labels/folder/y'), 'kept\nhost\n');
  });
  const before = await livePod(id);
  await write('two');
  await ok('up', '-d');
  await step('and stays in its place when the files change', async () => {
    assert.equal(await read('/config/a', '/secret/config/a', '/config/login/user'), 'twotwoann');
    assert.equal(await read('/all/scratch/x', '/labels/folder/y'), 'kept\nhost\n');
    const now = await livePod(id);
    const { [`${id}_files`]: _note, ...containers } = now.containers;
    assertChanged(before, { ...now, containers }, {});
  });
});

import assert from 'node:assert/strict';
import { access, chmod, readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { fetchText, freePort } from './support/network.ts';
import { PODMAN, podman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

/** A LoadBalancer in front of a pod that answers with its name. */
function serverText(name: string, port: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { type: LoadBalancer, selector: { app: ${name} }, ports: [{ port: ${port}, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "mkdir -p /w; hostname > /w/index.html; exec httpd -f -p 8080 -h /w"]
`;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', reject).listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
}

function printedPort(stderr: string, id: string): number {
  const port = new RegExp(`^http://127\\.0\\.0\\.1:(\\d+) → svc/${id}$`, 'm').exec(stderr)?.[1];
  assert.ok(port !== undefined, stderr);
  return Number(port);
}

async function assertAnswers(port: number, id: string): Promise<void> {
  await eventually(`${id} answers at port ${port}`, async () => {
    assert.match(await fetchText(`http://127.0.0.1:${port}/`), new RegExp(id));
    return true;
  });
}

scenario('A port that is taken between the choice and the start is replaced', async (story) => {
  const { id, directory, step, file, ok, start, env } = story;
  env['PODPOSE_WATCH'] = 'off';
  const port = await freePort();
  await file('pod.yaml', serverText(id, port));
  // podman, which waits before the first start until the port is taken.
  const [wrapper, starting, taken] = ['podman-that-waits', 'starting', 'taken'].map((name) =>
    join(directory, name),
  );
  assert.ok(wrapper !== undefined && starting !== undefined && taken !== undefined);
  await file(
    'podman-that-waits',
    `#!/bin/sh
case "$1 $2" in
  start\\ * | pod\\ start)
    touch ${starting}
    until [ -e ${taken} ]; do sleep 0.1; done
    ;;
esac
exec ${PODMAN} "$@"
`,
  );
  await chmod(wrapper, 0o755);
  // Commands, which can be delayed.
  const up = start(['--podman', wrapper, 'up', '-d'], { env: { PODPOSE_SERVICE: 'off' } });
  await eventually('the first start', () => access(starting).then(() => true));
  const other = await listen(port);
  await file('taken', '');
  const { code, stderr, story: told } = await up.end;
  await close(other);
  assert.equal(code, 0, told);
  const next = await step('up plans again, and prints the other port', () => {
    assert.match(stderr, /^The project changed in the meantime\. Planning again\.$/m);
    const printed = printedPort(stderr, id);
    assert.notEqual(printed, port);
    return printed;
  });
  await step('the Service answers there', () => assertAnswers(next, id));
  await step('its name leads to its address only, and not to that of the failed start', async () => {
    const name = `${id}.default.svc.cluster.local.`;
    const told = await podman('exec', `${id}-app`, 'nslookup', '-type=a', name);
    const addresses = told.split('\n').filter((line) => /^Address: *[\d.]+$/.test(line));
    assert.equal(addresses.length, 1, told);
  });
  await step('it stays there', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
  });
  await ok('down', '-t', '0');
  await step('the DNS server has forgotten the network', async () => {
    const root = (await podman('info', '--format', '{{.Store.RunRoot}}')).trim();
    const files = join(root, 'networks', 'aardvark-dns');
    const networks: readonly string[] = await readdir(files).catch(() => []);
    assert.ok(!networks.includes(`podpose-${id}`), networks.join(' '));
  });
});

scenario('A Service gives up a port that was taken while it was stopped', async (story) => {
  const { id, step, file, ok, env } = story;
  env['PODPOSE_WATCH'] = 'off';
  const port = await freePort();
  await file('pod.yaml', serverText(id, port));
  assert.equal(printedPort((await ok('up', '-d')).stderr, id), port);
  const stop = () => podman('pod', 'stop', '--time', '0', `${id}-svc`);
  await step('a free port is kept', async () => {
    await stop();
    assert.doesNotMatch((await ok('up', '-d')).stderr, /port-replaced|cannot be used/);
    await assertAnswers(port, id);
  });
  await step('a taken one is replaced', async () => {
    await stop();
    const other = await listen(port);
    const { stderr } = await ok('up', '-d');
    await close(other);
    const next = printedPort(stderr, id);
    assert.notEqual(next, port);
    await assertAnswers(next, id);
  });
  await ok('down', '-t', '0');
});

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { freePort, get } from './support/network.ts';
import { containerState, podman, tryPodman } from './support/podman.ts';
import { PROBED_SERVER } from './support/probed-server.ts';
import { podText, scenario, type Scenario } from './support/scenario.ts';
import { withoutWatcher } from './support/watchers.ts';

const AT_ONCE = 'periodSeconds: 1, timeoutSeconds: 30, failureThreshold: 1';
const AT_LAST = AT_ONCE.replace(/1$/, '60');

/** The pods of the scenario: their names without the common prefix. */
const PODS = ['host', 'static', 'tcp', 'tls'] as const;

scenario('probes come from outside of the container, in each way that Kubernetes has', async (story) => {
  const { id, directory, step, file, ok, podpose } = story;
  const image = await staticImage(story);
  const [tlsOrders, tcpOrders, hostPort] = [await freePort(), await freePort(), await freePort()];
  const order = (port: number, path: string) => get(`http://127.0.0.1:${port}${path}`);
  await mkdir(join(directory, 'www'));
  await file('www/ready', '');

  const server = (port: number, probes: string) => `  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: docker.io/library/node:20
      command: [node, -e, ${JSON.stringify(PROBED_SERVER)}]
      ports: [{ name: orders, containerPort: 8080, hostPort: ${port} }, { name: health, containerPort: 7001 }]
${probes}`;
  const tls = server(
    tlsOrders,
    `      startupProbe: { grpc: { port: 9000, service: orders }, ${AT_LAST} }
      readinessProbe: { httpGet: { scheme: HTTPS, port: 8443 }, ${AT_ONCE} }
      livenessProbe: { grpc: { port: 9000 }, ${AT_ONCE} }`,
  );
  const tcp = server(
    tcpOrders,
    `      startupProbe: { httpGet: { path: /started, port: orders }, ${AT_LAST} }
      readinessProbe: { tcpSocket: { port: 7000 }, ${AT_ONCE} }
      livenessProbe: { tcpSocket: { port: health }, ${AT_ONCE} }`,
  );
  const page = (port: number, more = '') => `  terminationGracePeriodSeconds: 0${more}
  containers:
    - name: app
      image: ${image}
      args: ["-f", "-p", "${port}", "-h", /www]
      volumeMounts: [{ name: www, mountPath: /www }]
      readinessProbe: { httpGet: { path: /ready, port: ${port} }, ${AT_ONCE} }
  volumes: [{ name: www, hostPath: { path: www } }]`;
  const specs = { host: page(hostPort, '\n  hostNetwork: true'), static: page(8080), tcp, tls };
  await file('pod.yaml', PODS.map((name) => podText(`${id}-${name}`, specs[name])).join('---\n'));

  /** READY and RESTARTS of each pod. */
  const shows = (what: string, readiness: string, restarts: Partial<Record<(typeof PODS)[number], number>>) =>
    eventually(what, async () => {
      const { stdout } = await ok('ps');
      for (const name of PODS)
        assert.match(
          stdout,
          new RegExp(`^${id}-${name} +${readiness} +Running +${restarts[name] ?? 0} `, 'm'),
        );
      return stdout;
    });
  const ids = () => Promise.all(PODS.map(async (name) => (await containerState(`${id}-${name}-app`)).id));

  await step('they succeed', async () => {
    await ok('up', '-d', '--wait');
    await shows('all are ready', '1/1', {});
  });
  const before = await ids();
  await step('what fails its readiness probe is not ready, and is not restarted', async () => {
    await Promise.all([order(tlsOrders, '/https/503'), order(tcpOrders, '/close/7000')]);
    await rm(join(directory, 'www/ready'));
    await shows('none is ready', '0/1', {});
  });
  await step('that is a difference, which plan shows, and up reports', async () => {
    const reasons = [
      ['host', `GET :${hostPort}/ready -> 404`],
      ['static', 'GET :8080/ready -> 404'],
      ['tcp', 'TCP :7000 -> connection refused'],
      ['tls', 'GET https://:8443/ -> 503'],
    ] as const;
    const plan = await podpose(['plan', '--detailed-exitcode']);
    assert.equal(plan.code, 2, plan.story);
    const planned = plan.stdout.replaceAll(/ +/g, ' ');
    const { stderr } = await ok('up', '-d');
    for (const [name, reason] of reasons) {
      const subject = `pod/${id}-${name} container/app`;
      const words = `not ready (readiness ${reason}, 1 of 1 failed)`;
      assert.ok(planned.includes(`! ${subject} ${words}\n`), plan.story);
      assert.ok(stderr.includes(`${subject} is up to date, but ${words}.\n`), stderr);
    }
    assert.deepEqual(await ids(), before);
  });
  await step('mended, they are ready, and nothing is left to do', async () => {
    await Promise.all([order(tlsOrders, '/https/200'), order(tcpOrders, '/open/7000')]);
    await file('www/ready', '');
    await shows('all are ready', '1/1', {});
    assert.equal((await podpose(['plan', '--detailed-exitcode'])).code, 0);
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step('what fails its liveness probe is restarted, and ready again', async () => {
    await Promise.all([order(tlsOrders, '/grpc/2'), order(tcpOrders, '/close/7001')]);
    await shows('two were restarted', '1/1', { tcp: 1, tls: 1 });
    const { stdout } = await ok('events');
    assert.match(stdout, /Unhealthy .*-tls .*Liveness probe failed: gRPC :9000 -> NOT_SERVING/);
    assert.match(stdout, /Unhealthy .*-tcp .*Liveness probe failed: TCP :7001 -> connection refused/);
    assert.deepEqual(await ids(), before);
  });
  await step('while the watcher is stopped, nobody knows whether they are ready', async () => {
    await withoutWatcher(id, () => shows('unknown', '\\?/1', { tcp: 1, tls: 1 }));
    await shows('all are ready', '1/1', { tcp: 1, tls: 1 });
  });
});

/** An image of a static program and nothing else: a web server. */
async function staticImage({ id, directory, file, after }: Scenario): Promise<string> {
  const image = `localhost/${id}:1`;
  const lines = [`FROM ${BUSYBOX} AS tools`, 'FROM scratch', 'COPY --from=tools /bin/busybox /httpd'];
  const path = await file('Containerfile', [...lines, 'ENTRYPOINT ["/httpd"]', ''].join('\n'));
  await podman('build', '--quiet', '--tag', image, '--file', path, directory);
  after(() => tryPodman('rmi', '--force', image));
  return image;
}

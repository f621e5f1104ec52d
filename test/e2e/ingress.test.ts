import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TEST_CERTIFICATE, TEST_KEY } from './support/certificate.ts';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { podman } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

const NGINX = 'docker.io/library/nginx:1.27';

const SERVE =
  'mkdir -p /w/api; cd /w; hostname | tee index.html apis exact >api/cart; exec httpd -f -p 8080 -h /w';

/** A pod with a Service that answers a few paths with the name of the pod. */
function serverText(name: string): string {
  return `---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, "${SERVE}"] }
`;
}

function ingressText(rules: string, tls = ''): string {
  return `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
${tls}  rules:
${rules}
`;
}

function pathText(path: string, pathType: string, service: string): string {
  return `          - { path: ${path}, pathType: ${pathType}, backend: { service: { name: ${service}, port: { name: http } } } }`;
}

function hostText(host: string, ...paths: readonly string[]): string {
  return `    - host: ${host}\n      http:\n        paths:\n${paths.join('\n')}`;
}

/** The status of an answer and its text: `200 web`. A host that resolves nowhere needs no name server. */
function ask(port: number, host: string, path = '/', scheme: 'http' | 'https' = 'http'): Promise<string> {
  const headers = { host, connection: 'close' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers, timeout: 5000 };
    const request =
      scheme === 'http'
        ? httpRequest(options)
        : httpsRequest({ ...options, servername: host, ca: TEST_CERTIFICATE });
    request.on('error', reject).on('response', (response) => {
      let text = '';
      response
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('error', reject)
        .on('end', () => {
          const isOk = response.statusCode === 200;
          resolve(isOk ? `200 ${text.trim()}` : String(response.statusCode));
        });
    });
    request.end();
  });
}

/** Waits until the answer is as expected: nginx and the servers need a moment. */
async function assertAnswer(expected: string, ...asked: Parameters<typeof ask>): Promise<void> {
  let last = '';
  await eventually(`${asked[1]}${asked[2] ?? '/'} answers ${expected}`, async () => {
    last = await ask(...asked).catch(String);
    return last === expected ? true : undefined;
  }).catch(() => {
    assert.equal(last, expected);
  });
}

function published(stderr: string, scheme: 'http' | 'https'): number {
  const found = new RegExp(`^${scheme}://shop\\.localhost(?::(\\d+))?/ → ing/shop$`, 'm').exec(stderr);
  assert.ok(found, stderr);
  return Number(found[1] ?? (scheme === 'http' ? 80 : 443));
}

scenario(
  'An Ingress leads hosts and paths to Services, and only its proxy changes with it',
  async (story) => {
    const { id, env, step, file, ok } = story;
    env['PODPOSE_INGRESS_IMAGE'] = NGINX;
    const [web, api] = [`${id}-web`, `${id}-api`];
    const servers = serverText(web) + serverText(api);
    const write = (rules: string) => file('pod.yaml', ingressText(rules) + servers);
    await write(
      [
        hostText('shop.localhost', pathText('/', 'Prefix', web), pathText('/api', 'Prefix', api)),
        hostText('"*.localhost"', pathText('/exact', 'Exact', api)),
      ].join('\n'),
    );
    const up = await ok('up', '-d');
    const port = await step('up prints its address', () => published(up.stderr, 'http'));
    await step('paths lead to their Services, by whole elements', async () => {
      await assertAnswer(`200 ${web}`, port, 'shop.localhost');
      await assertAnswer(`200 ${api}`, port, 'shop.localhost', '/api/cart?id=1');
      await assertAnswer(`200 ${web}`, port, 'shop.localhost', '/apis');
    });
    await step('a wildcard is one label, and an exact path only itself', async () => {
      await assertAnswer(`200 ${api}`, port, 'any.localhost', '/exact');
      await assertAnswer('404', port, 'any.localhost', '/exact/');
      await assertAnswer('404', port, 'two.labels.localhost', '/exact');
      await assertAnswer('404', port, 'example.com', '/exact');
    });
    await step('get shows it', async () => {
      const { stdout } = await ok('get', 'ingress');
      assert.match(
        stdout,
        new RegExp(`^shop +<none> +\\*\\.localhost,shop\\.localhost +127\\.0\\.0\\.1 +${port} `, 'm'),
      );
    });
    await step('an unchanged up does nothing', async () => {
      assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
    });
    const ids = () =>
      podman(
        'ps',
        '--all',
        '--no-trunc',
        '--filter',
        `label=podpose.project=${id}`,
        '--format',
        '{{.Names}} {{.ID}}',
      );
    const before = await ids();
    await step('a changed rule replaces the container of the proxy, and nothing else', async () => {
      await write(hostText('shop.localhost', pathText('/', 'Prefix', api)));
      assert.equal(published((await ok('up', '-d')).stderr, 'http'), port);
      await assertAnswer(`200 ${api}`, port, 'shop.localhost');
      const others = (list: string) =>
        list
          .split('\n')
          .filter((line) => !/-ingress-proxy |_files/.test(line))
          .sort();
      const after = await ids();
      assert.deepEqual(others(after), others(before));
      assert.notEqual(after, before);
    });
    await step('the proxy comes back after down, at the port that up prints', async () => {
      await ok('down', '-t', '0', `${id}-ingress`);
      // Another scenario may have taken the port of before.
      const next = published((await ok('up', '-d')).stderr, 'http');
      await assertAnswer(`200 ${api}`, next, 'shop.localhost');
    });
    await ok('down', '-t', '0');
    await assertNothingLeft(story);
  },
);

scenario('An Ingress with a Secret is served with TLS, and the key is in no label', async (story) => {
  const { id, env, step, file, ok } = story;
  env['PODPOSE_INGRESS_IMAGE'] = NGINX;
  const block = (text: string) => text.trim().split('\n').join('\n    ');
  const secret = `---
apiVersion: v1
kind: Secret
metadata: { name: shop-tls }
type: kubernetes.io/tls
stringData:
  tls.crt: |
    ${block(TEST_CERTIFICATE)}
  tls.key: |
    ${block(TEST_KEY)}
`;
  const web = `${id}-web`;
  const rules = [
    hostText('shop.localhost', pathText('/', 'Prefix', web)),
    hostText('plain.localhost', pathText('/', 'Prefix', 'absent')),
  ].join('\n');
  await file(
    'pod.yaml',
    ingressText(rules, '  tls: [{ hosts: [shop.localhost], secretName: shop-tls }]\n') +
      secret +
      serverText(web),
  );
  const up = await ok('up', '-d', '-v');
  const port = published(up.stderr, 'https');
  await step('the host has its certificate', () =>
    assertAnswer(`200 ${web}`, port, 'shop.localhost', '/', 'https'),
  );
  await step('another host has none', async () => {
    await assert.rejects(ask(port, 'plain.localhost', '/', 'https'));
  });
  await step('a Service that is not there is answered with 503', async () => {
    const http = Number(/127\.0\.0\.1:(\d+)->8080\/tcp/.exec((await ok('ps')).stdout)?.[1]);
    await assertAnswer('503', http, 'plain.localhost');
  });
  await step('the key is nowhere but in its file', async () => {
    const [line = ''] = TEST_KEY.split('\n').slice(1);
    const shown = [
      up.stderr,
      await podman('pod', 'inspect', `${id}-ingress`),
      await podman('inspect', `${id}-ingress-proxy`),
      (await ok('logs', 'ing/shop')).stdout,
    ].join('\n');
    assert.ok(!shown.includes(line));
  });
});

scenario(
  'Without the image of the proxy, everything else comes up',
  async ({ id, env, file, step, podpose }) => {
    env['PODPOSE_INGRESS_IMAGE'] = 'localhost:1/podpose-absent/nginx:1';
    const web = `${id}-web`;
    await file(
      'pod.yaml',
      ingressText(hostText('shop.localhost', pathText('/', 'Prefix', web))) + serverText(web),
    );
    const up = await podpose(['up', '-d']);
    await step('up fails, and names the option', () => {
      assert.equal(up.code, 1);
      assert.match(up.stderr, /--ingress-image/);
    });
    await step('the other pod runs', async () => {
      assert.equal(
        (await podman('inspect', '--format', '{{.State.Status}}', `${web}-app`)).trim(),
        'running',
      );
    });
    await step('with --pull never, up is content without it', async () => {
      const { code, stderr } = await podpose(['up', '-d', '--pull', 'never']);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /ing\/shop is not served/);
    });
  },
);

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { podman } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

const SERVE = 'echo serving; mkdir -p /w; echo pod $(hostname) > /w/index.html; exec httpd -f -p 8080 -h /w';

function podText(name: string): string {
  return `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  terminationGracePeriodSeconds: 1
  containers: [{ name: app, image: ${BUSYBOX}, command: [sh, -c, "${SERVE}"] }]
`;
}

function serviceText(name: string, spec: string): string {
  return `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

function externalText(name: string, host: string): string {
  return serviceText(name, `{ type: ExternalName, externalName: ${host} }`);
}

/** Waits until a request of a container has this answer: podman's DNS server of 4.3.1 knows no name for a moment. */
async function answers(container: string, url: string, expected: string): Promise<void> {
  await eventually(`${url} answers '${expected}'`, async () => {
    const answer = await podman('exec', container, 'timeout', '5', 'wget', '-qO-', url);
    assert.equal(answer.trim(), expected);
    return true;
  });
}

async function infraOf(pod: string): Promise<string> {
  return (await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod)).trim();
}

scenario('An ExternalName leads to a host, and to Services and pods of the project', async (story) => {
  const { id, step, file, ok } = story;
  const server = createServer((request, response) => response.end(`host of ${request.headers.host ?? ''}`));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  const [web, all] = [`${id}-web`, `${id}-all`];
  const selector = `selector: { app: ${web} }`;
  const headless = serviceText(all, `{ clusterIP: None, ${selector}, ports: [{ port: 8080 }] }`);
  const before = [
    externalText(`${id}-host`, 'host.containers.internal'),
    externalText(`${id}-alias`, `${web}.default.svc.cluster.local`),
    externalText(`${id}-pods`, `${all}.default.svc.cluster.local`),
    externalText(`${id}-none`, 'nowhere.invalid'),
  ].join('');
  const rest = serviceText(web, `{ ${selector}, ports: [{ port: 80, targetPort: 8080 }] }`) + podText(web);
  const container = `${web}-app`;
  try {
    await file('pod.yaml', before + headless + rest);
    const up = await ok('up', '-d');
    await step('a host that is not found is a warning', () => {
      assert.match(up.stderr, /finds no IPv4 address of 'nowhere\.invalid'/);
    });
    await step('this machine answers at any port, and gets the name of the Service as its host', () =>
      answers(container, `http://${id}-host:${port}/`, `host of ${id}-host:${port}`),
    );
    await step(
      'the name of a Service leads to its port, that of a headless Service to its pods',
      async () => {
        await answers(container, `http://${id}-alias/`, `pod ${web}`);
        await answers(container, `http://${id}-pods.default.svc:8080/`, `pod ${web}`);
      },
    );
    await step('an unchanged up does nothing', async () => {
      assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
    });
    await step('get and describe show the Services as kubectl does', async () => {
      const { stdout } = await ok('get', 'svc');
      assert.match(
        stdout,
        new RegExp(`^${id}-host +ExternalName +<none> +host\\.containers\\.internal +<none> `, 'm'),
      );
      assert.match(stdout, new RegExp(`^${all} +ClusterIP +None +<none> +8080/TCP `, 'm'));
      const described = await ok('describe', 'svc', all);
      assert.match(described.stdout, /^IP: +None$/m);
      assert.match(described.stdout, /^Endpoints: +[\d.]+:8080$/m);
    });
    await step('logs and exec find the pods of a headless Service', async () => {
      assert.match((await ok('logs', `svc/${all}`)).stdout, /serving/);
      assert.equal((await ok('exec', `svc/${all}`, 'hostname')).stdout.trim(), web);
    });
    await step('after its podman pod was restarted, the watcher looks the host up again', async () => {
      await podman('pod', 'restart', `${id}-host-svc`);
      await answers(container, `http://${id}-host:${port}/`, `host of ${id}-host:${port}`);
    });
    await step(
      'another host is set in place; an address of the machine, which needs no name server, leads to the machine',
      async () => {
        const infra = await infraOf(`${id}-none-svc`);
        await file('pod.yaml', before.replace('nowhere.invalid', '127.0.0.1') + headless + rest);
        assert.doesNotMatch((await ok('up', '-d')).stderr, /finds no IPv4 address/);
        await answers(container, `http://${id}-none:${port}/`, `host of ${id}-none:${port}`);
        assert.equal(await infraOf(`${id}-none-svc`), infra);
      },
    );
    await step('a headless Service that is not in the files goes with --remove-orphans', async () => {
      const external = externalText(`${id}-host`, 'host.containers.internal');
      await file('pod.yaml', external + rest);
      await ok('up', '-d', '--remove-orphans');
      const { stdout } = await ok('get', 'svc', '-o', 'name');
      assert.deepEqual(stdout.trim().split('\n'), [`svc/${id}-host`, `svc/${web}`]);
    });
    await step('down removes all', async () => {
      await file('pod.yaml', before + headless + rest);
      await ok('up', '-d');
      await ok('down', '-t', '0');
      await assertNothingLeft(story);
    });
  } finally {
    server.close();
  }
});

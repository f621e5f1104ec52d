import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, type TestContext } from 'node:test';
import { progressLines } from '../support/progress-schema.ts';
import { assertEnded, assertRefused, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

function web(...ports: readonly string[]): string {
  return pod('web', `  containers:\n  - {name: app, image: '${IMAGE}', ports: [${ports.join(', ')}]}`);
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(t: TestContext): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const ONCE =
  'Only this machine reaches 127.0.0.1. --host-ip 0.0.0.0, or hostIP at the port, opens it to the network.';

/** What up says of ports. */
function portsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => / -> |machine|publishes/.test(line));
}

void describe('addresses of a pod', SIDE_BY_SIDE, () => {
  story('up prints them only for new pods', HAS_IMAGE, async (desk) => {
    const [first, second] = [await freePort(), await freePort()].sort((a, b) => a - b);
    const ports = [
      `{containerPort: 80, hostPort: ${first}}`,
      `{containerPort: 53, protocol: UDP, hostPort: ${second}}`,
    ];
    desk.file('pod.yaml', web(...ports));
    const created = await desk.podpose('up', '-d');
    assertEnded(created, 0);
    assert.deepEqual(portsIn(created.stderr), [
      `127.0.0.1:${first} -> pod/web container/app 80/tcp`,
      `127.0.0.1:${second} -> pod/web container/app 53/udp`,
      ONCE,
    ]);
    assert.match(
      (await desk.podpose('ps')).stdout,
      /^NAME .*AGE +PORTS\nweb .* 127\.0\.0\.1:\d+->80\/tcp,127/,
    );
    const unchanged = await desk.podpose('up', '-d');
    assertEnded(unchanged, 0);
    assert.deepEqual(portsIn(unchanged.stderr), []);
    desk.file('pod.yaml', web(...ports).replace('app,', 'app, args: [x],'));
    const changed = await desk.podpose('up', '-d');
    assertEnded(changed, 0);
    assert.deepEqual(portsIn(changed.stderr), []);
    // Replaced for another reason, and started again: the addresses are as they were.
    const recreated = await desk.podpose('up', '-d', '--force-recreate');
    assertEnded(recreated, 0);
    assert.equal(portsIn(recreated.stderr).length, 2, recreated.stderr);
    const moved = web(`{containerPort: 80, hostPort: ${await freePort()}}`);
    desk.file('pod.yaml', moved);
    const rebound = await desk.podpose('up', '-d');
    assertEnded(rebound, 0);
    assert.equal(portsIn(rebound.stderr)[1], ONCE, rebound.stderr);
    assertEnded(await desk.podpose('down'), 0);
    const silent = await desk.podpose('up', '-d', '--progress', 'quiet');
    assertEnded(silent, 0);
    assert.equal(silent.stderr, '');
  });

  story('json: one object per address', HAS_IMAGE, async (desk) => {
    const port = await freePort();
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}}`));
    const ended = await desk.podpose('up', '-d', '--progress', 'json');
    assertEnded(ended, 0);
    assert.deepEqual(
      progressLines(ended.stderr).filter(({ type }) => type === 'port-published'),
      [
        {
          type: 'port-published',
          pod: 'web',
          container: 'app',
          protocol: 'TCP',
          hostIP: '127.0.0.1',
          hostPort: port,
          containerPort: 80,
        },
      ],
    );
  });

  story('an explicit address needs no hint', HAS_IMAGE, async (desk) => {
    const port = await freePort();
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}, hostIP: "127.0.0.1"}`));
    const named = await desk.podpose('up', '-d');
    assert.deepEqual(portsIn(named.stderr), [`127.0.0.1:${port} -> pod/web container/app 80/tcp`]);
    assertEnded(await desk.podpose('down'), 0);
    const other = `{containerPort: 81, hostPort: ${await freePort()}}`;
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}, hostIP: "127.0.0.1"}`, other));
    assert.equal(portsIn((await desk.podpose('up', '-d')).stderr).at(-1), ONCE);
    assertEnded(await desk.podpose('down'), 0);
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}}`));
    const opened = await desk.podpose('up', '-d', '--host-ip', '0.0.0.0');
    assert.deepEqual(portsIn(opened.stderr), [`0.0.0.0:${port} -> pod/web container/app 80/tcp`]);
  });

  story('a pod without published ports: one hint, if it is new', HAS_IMAGE, async (desk) => {
    desk.file(
      'pod.yaml',
      web('{containerPort: 80}', '{containerPort: 443}', '{containerPort: 80, protocol: UDP}'),
    );
    const created = await desk.podpose('up', '-d');
    assert.deepEqual(portsIn(created.stderr), [
      "pod/web publishes none of its ports (80/tcp, 443/tcp, 80/udp). 'hostPort: 8080' at the port publishes it at 127.0.0.1:8080.",
    ]);
    assert.deepEqual(portsIn((await desk.podpose('up', '-d')).stderr), []);
    assert.doesNotMatch((await desk.podpose('ps')).stdout, /PORTS/);
  });

  story('a pod without ports or with the host network: nothing', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', web());
    assert.deepEqual(portsIn((await desk.podpose('up', '-d')).stderr), []);
    assertEnded(await desk.podpose('down'), 0);
    desk.file('pod.yaml', web('{containerPort: 80}').replace('spec:', 'spec:\n  hostNetwork: true'));
    assert.deepEqual(portsIn((await desk.podpose('up', '-d')).stderr), []);
  });
});

void describe('plan warns of ports that up will refuse', SIDE_BY_SIDE, () => {
  story('a port in use', HAS_IMAGE, async (desk, t) => {
    const port = await listen(t);
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}}`));
    for (const args of [['plan'], ['up', '--dry-run']]) {
      const planned = await desk.podpose(...args);
      assertEnded(
        planned,
        0,
        /pod\.yaml:\d+:\d+: warning \(podpose\): /,
        `port 127.0.0.1:${port} is already in use: up would fail`,
      );
      assert.match(planned.stdout, /1 pod and 1 container to create/);
    }
    // All warnings are one list with one sum, whatever found them.
    desk.file(
      'pod.yaml',
      web(`{containerPort: 80, hostPort: ${port}}`).replace('spec:', 'spec:\n  nodeName: x'),
    );
    const both = await desk.podpose('up', '--dry-run');
    assertEnded(both, 0, 'nodeName', 'up would fail', '2 warnings, 1 note in 1 file.');
    assert.equal(both.stderr.match(/in 1 file/g)?.length, 1, both.stderr);
    assertRefused(await desk.podpose('up', '-d'), 1, 'already');
  });

  story('a foreign address, also of a replaced pod', HAS_IMAGE, async (desk) => {
    const port = await freePort();
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}}`));
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.file('pod.yaml', web(`{containerPort: 80, hostPort: ${port}, hostIP: 192.0.2.1}`));
    assertEnded(
      await desk.podpose('plan'),
      0,
      'warning (podpose):',
      '192.0.2.1 is not an address of this machine: up would fail',
    );
    assertRefused(await desk.podpose('up', '-d'), 1, '192.0.2.1 is not an address of this machine');
  });
});

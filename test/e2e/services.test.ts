import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { fetchText, freePort } from './support/network.ts';
import { podman, PODMAN, tryPodman } from './support/podman.ts';
import { run } from './support/program.ts';
import { rebootablePodman } from './support/rebootable-podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

const SERVE = 'mkdir -p /w; hostname > /w/index.html; exec httpd -f -p 8080 -h /w';

/** A pod that answers with its name at port 8080. */
function serverText(name: string, app: string, probe = ''): string {
  return `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${app} } }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, "${SERVE}"], ports: [{ name: http, containerPort: 8080 }]${probe} }
`;
}

function serviceText(name: string, spec: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

/**
 * The answers to requests of a container, one after another, each on a connection of its own; `failed` for none. A name that is
 * unknown is asked for once more: podman's DNS server of 4.3.1 knows none for a moment when a container starts or ends.
 */
async function answers(
  container: string,
  url: string,
  requests: number,
  seconds = 5,
): Promise<readonly string[]> {
  const script = `ask() { a=$(timeout ${seconds} wget -qO- ${url} 2>&1) || case $a in
  *'bad address'*) return 1 ;;
  *) a=failed ;;
esac; }
i=0
while [ $i -lt ${requests} ]; do
  ask || { sleep 0.3; ask; } || a=failed
  echo "$a"
  i=$((i+1))
done`;
  // A thousand requests take longer than other commands may.
  const ended = await run(PODMAN, ['exec', container, 'sh', '-c', script], { seconds: 250 });
  assert.equal(ended.code, 0, ended.story);
  return ended.stdout.trim().split('\n');
}

function assertAll(got: readonly string[], pods: readonly string[]): void {
  assert.deepEqual([...new Set(got)].sort(), [...pods].sort());
}

scenario('Three pods answer behind the address of a Service, which follows them', async (story) => {
  const { id, step, file, ok } = story;
  const [one, two, three] = [`${id}-1`, `${id}-2`, `${id}-3`];
  const port = await freePort();
  const spec = `{ type: LoadBalancer, selector: { app: ${id} }, ports: [{ port: ${port}, targetPort: http }] }`;
  const pods = [one, two, three].map((name) => serverText(name, id)).join('');
  await file('pod.yaml', serviceText(id, spec) + pods);
  const up = await ok('up', '-d');
  const url = `http://${id}:${port}/`;
  // Without a readiness probe, a pod gets requests as soon as it runs.
  await eventually('all servers listen', async () => {
    assertAll(await answers(`${one}-app`, url, 15), [one, two, three]);
    return true;
  });
  const address = await step('its name resolves to the address of the Service, in every form', async () => {
    const names = [id, `${id}.default`, `${id}.default.svc`, `${id}.default.svc.cluster.local`];
    // The resolver tries the search domains first, and podman's DNS server forwards what it does not know: an answer may come
    // only after the resolver has asked again, or too late.
    for (const name of names)
      await eventually(`${name} answers`, async () => {
        const answer = await podman('exec', `${one}-app`, 'wget', '-qO-', `http://${name}:${port}/`);
        assert.match(answer, new RegExp(id));
        return true;
      });
    const infra = (await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', `${id}-svc`)).trim();
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return (await podman('inspect', '--format', format, infra)).trim();
  });
  await step('a pod reaches itself by the Service', async () => {
    assert.ok((await answers(`${two}-app`, url, 30)).includes(two));
  });
  await step('the machine reaches it at the published port, which up has printed', async () => {
    assert.match(up.stderr, new RegExp(`^http://127\\.0\\.0\\.1:${port} → svc/${id}$`, 'm'));
    assert.match(await fetchText(`http://127.0.0.1:${port}/`), new RegExp(id));
  });
  await step('an unchanged up does nothing', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
  });
  await step('a pod that was stopped gets no request: 1,000 requests see no failure', async () => {
    await podman('pod', 'stop', '--time', '0', three);
    await eventually('its endpoint is gone', async () => {
      const got = await answers(`${one}-app`, url, 20);
      return got.every((pod) => pod === one || pod === two) ? true : undefined;
    });
    // The resolver asks podman's DNS server again after 5 s.
    assertAll(await answers(`${one}-app`, url, 1000, 20), [one, two]);
  });
  await step('after podman has restarted a pod, it answers again', async () => {
    await podman('pod', 'start', three);
    await podman('pod', 'restart', two);
    await eventually('all three answer', async () => {
      assertAll(await answers(`${one}-app`, url, 30), [one, two, three]);
      return true;
    });
  });
  await step('after a stop of everything, up restores it at the same address', async () => {
    for (const pod of [one, two, three, `${id}-svc`]) await podman('pod', 'stop', '--time', '0', pod);
    await ok('up', '-d');
    await eventually('all three answer', async () => {
      assertAll(await answers(`${one}-app`, `http://${address}:${port}/`, 30), [one, two, three]);
      return true;
    });
  });
  await step('down removes it', async () => {
    await ok('down', '-t', '0');
    assert.equal((await tryPodman('pod', 'exists', `${id}-svc`)).code, 1);
    await assertNothingLeft(story);
  });
});

scenario('A changed selector changes the rules of a Service in place', async ({ id, step, file, ok }) => {
  const [blue, green] = [`${id}-blue`, `${id}-green`];
  const pods = serverText(blue, 'blue') + serverText(green, 'green');
  const write = (app: string) =>
    file(
      'pod.yaml',
      serviceText(id, `{ selector: { app: ${app} }, ports: [{ port: 80, targetPort: 8080 }] }`) + pods,
    );
  const podId = async () => (await podman('pod', 'inspect', '--format', '{{.Id}}', `${id}-svc`)).trim();
  await write('blue');
  await ok('up', '-d');
  const before = await podId();
  // Without a readiness probe, a pod gets requests as soon as it runs.
  await eventually('the server listens', async () => {
    assertAll(await answers(`${blue}-app`, `http://${id}/`, 5), [blue]);
    return true;
  });
  await write('green');
  await ok('up', '-d');
  await step('the podman pod is the same', async () => {
    assert.equal(await podId(), before);
    assertAll(await answers(`${blue}-app`, `http://${id}/`, 5), [green]);
  });
  await step('the update is recorded: nothing is left to do', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
  });
});

scenario('A pod that is not ready gets no request of a Service', async ({ id, step, file, ok }) => {
  const [one, two] = [`${id}-1`, `${id}-2`];
  const probe =
    ', readinessProbe: { periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 1, exec: { command: [test, -e, /w/index.html] } }';
  const spec = `{ selector: { app: ${id} }, ports: [{ port: 80, targetPort: http }] }`;
  await file('pod.yaml', serviceText(id, spec) + serverText(one, id) + serverText(two, id, probe));
  await ok('up', '-d');
  const both = () =>
    eventually('both answer', async () => {
      assertAll(await answers(`${one}-app`, `http://${id}/`, 20), [one, two]);
      return true;
    });
  await both();
  await step('the endpoint goes when its probe fails', async () => {
    await podman('exec', `${two}-app`, 'mv', '/w/index.html', '/w/away');
    await eventually('only the other one answers', async () => {
      assertAll(await answers(`${one}-app`, `http://${id}/`, 20), [one]);
      return true;
    });
  });
  await step('and comes back with it', async () => {
    await podman('exec', `${two}-app`, 'mv', '/w/away', '/w/index.html');
    await both();
  });
});

scenario(
  'A Service without a selector leads to the addresses of its Endpoints',
  async ({ id, step, file, ok }) => {
    const [server, client] = [`${id}-server`, `${id}-client`];
    const service = serviceText(id, '{ ports: [{ port: 80 }] }');
    const pods = serverText(server, 'other') + serverText(client, 'client');
    await file('pod.yaml', service + pods);
    await ok('up', '-d');
    assertAll(await answers(`${client}-app`, `http://${id}/`, 1), ['failed']);
    const infra = (await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', server)).trim();
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const address = (await podman('inspect', '--format', format, infra)).trim();
    const endpoints = `---
apiVersion: v1
kind: Endpoints
metadata: { name: ${id} }
subsets: [{ addresses: [{ ip: ${address} }], ports: [{ port: 8080 }] }]
`;
    await file('pod.yaml', service + pods + endpoints);
    await ok('up', '-d');
    await step('the address answers at the port of the Service', async () => {
      assertAll(await answers(`${client}-app`, `http://${id}/`, 5), [server]);
    });
    await step('an unchanged up does nothing', async () => {
      assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
    });
  },
);

scenario('After a reboot, up restores a Service at its address and its port', async (story) => {
  const { id, step, file, ok, after } = story;
  const machine = await rebootablePodman();
  after(machine.remove);
  Object.assign(story.env, machine.env);
  const podpose = (...args: readonly string[]) => ok('--podman', machine.program, ...args);
  const port = await freePort();
  const [one, two] = [`${id}-1`, `${id}-2`];
  const service = `{ type: LoadBalancer, selector: { app: ${id} }, ports: [{ port: ${port}, targetPort: http }] }`;
  await file('pod.yaml', serviceText(id, service) + serverText(one, id) + serverText(two, id));
  const addressOf = async () => {
    const infra = await machine.podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', `${id}-svc`);
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return (await machine.podman('inspect', '--format', format, infra.trim())).trim();
  };
  // By address: on podman 5 and 6, a podman with a runtime directory of its own has no DNS server.
  const bothAnswer = (address: string) =>
    eventually('both pods answer, in their network and at the port of this machine', async () => {
      const script = `for i in 1 2 3 4 5 6 7 8 9 10; do timeout 5 wget -qO- http://${address}:${port}/; done`;
      const got = (await machine.podman('exec', `${one}-app`, 'sh', '-c', script)).trim().split('\n');
      assertAll(got, [one, two]);
      assert.match(await fetchText(`http://127.0.0.1:${port}/`), new RegExp(id));
      return true;
    });
  await podpose('up', '-d');
  const address = await addressOf();
  await bothAnswer(address);
  await machine.reboot();
  await step('up restores it', async () => {
    const up = await podpose('up', '-d');
    assert.match(up.stderr, new RegExp(`^http://127\\.0\\.0\\.1:${port} → svc/${id}$`, 'm'));
    await bothAnswer(address);
    assert.equal(await addressOf(), address);
  });
  await step('there is nothing left to do', () => podpose('plan', '--detailed-exitcode'));
  await step('down removes it all', async () => {
    await podpose('down', '-t', '0');
    assert.equal(await machine.podman('ps', '--all', '--quiet'), '');
  });
});

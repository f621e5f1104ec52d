import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSources } from '../../src/engine/check-sources.ts';
import { placeProxy } from '../../src/plan/decide/proxy-ports.ts';
import { testPlatform } from '../support/platform.ts';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  tls: [{secretName: shop-tls}]
  rules: [{host: shop.localhost}]
---
apiVersion: v1
kind: Secret
metadata: {name: shop-tls}
stringData: {tls.crt: certificate, tls.key: key}
`;

/** Host ports that are decided by trying, with what is tried, in its order. */
function place(others: string, isFree: (hostPort: number) => boolean) {
  const text = `${INGRESS}${others}`;
  const loaded = checkSources(testPlatform({}), [{ file: 'pod.yaml', text }], { project: 'demo' });
  assert.ok(loaded.isSound, JSON.stringify(loaded.diagnostics));
  const freePorts = new Map<string, boolean>();
  const tried: number[] = [];
  for (;;) {
    const observed = { pods: [], containers: [], freePorts };
    const placed = placeProxy('demo', loaded.pods, loaded.services, observed);
    if (placed.kind === 'placed') {
      const proxy = placed.pods.find(({ isProxy }) => isProxy === true);
      const ports = proxy?.pod.sandbox.hostPorts.map(({ hostPort }) => hostPort);
      return { ports, tried, warnings: placed.warnings.map(({ message }) => message) };
    }
    const { hostIP, hostPort, protocol } = placed.port;
    tried.push(hostPort);
    freePorts.set(`${hostIP} ${hostPort} ${protocol}`, isFree(hostPort));
  }
}

test('80 and 443 if they can be used', () => {
  assert.deepEqual(
    place('', () => true),
    { ports: [80, 443], tried: [80, 443], warnings: [] },
  );
});

test('otherwise the first free ones from 8080 and 8443 on, with a warning', () => {
  assert.deepEqual(
    place('', (port) => port > 8080),
    {
      ports: [8081, 8443],
      tried: [80, 8080, 8081, 443, 8443],
      warnings: [
        'ports 80 and 443 of this machine cannot be used: ing/shop is published at 127.0.0.1:8081 and 127.0.0.1:8443',
      ],
    },
  );
});

test('ports of other pods and of Services of the files are left to them', () => {
  const others = `---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: app, image: nginx, ports: [{containerPort: 80, hostPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 8080}]}
`;
  assert.deepEqual(place(others, () => true).ports, [8081, 443]);
});

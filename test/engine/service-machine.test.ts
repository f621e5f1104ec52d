import assert from 'node:assert/strict';
import test from 'node:test';
import { checkServiceMachine } from '../../src/engine/service-machine.ts';
import { checkSources } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';

const POD = `kind: Pod
apiVersion: v1
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: app, image: app:1, ports: [{ containerPort: 80 }] }] }
`;

function serviceWith(spec: string) {
  const text = `${POD}---
kind: Service
apiVersion: v1
metadata: { name: web }
spec: ${spec}
`;
  const source = { file: 'web.yaml', text };
  const { services, diagnostics } = checkSources(testPlatform({}), [source], {});
  assert.deepEqual(diagnostics, []);
  return services;
}

const CLUSTER_IP = serviceWith('{ selector: { app: web }, ports: [{ port: 80 }] }');
const HEADLESS = serviceWith('{ clusterIP: None, selector: { app: web }, ports: [{ port: 80 }] }');

const NFT = testPlatform({ paths: { '/usr/sbin/nft': 'file' } });
const NO_NFT = testPlatform({});
const OTHER_PATH = testPlatform({ paths: { '/opt/bin/nft': 'file' } });

const rows = [
  { machine: NFT, watcher: 'available', services: CLUSTER_IP, codes: [] },
  { machine: NFT, watcher: 'disabled', services: CLUSTER_IP, codes: [] },
  { machine: NFT, watcher: undefined, services: CLUSTER_IP, codes: [] },
  { machine: NFT, watcher: 'remote', services: CLUSTER_IP, codes: ['service-remote'] },
  { machine: NO_NFT, watcher: 'remote', services: CLUSTER_IP, codes: ['service-remote'] },
  { machine: NO_NFT, watcher: 'available', services: CLUSTER_IP, codes: ['nft-missing'] },
  { machine: OTHER_PATH, watcher: 'available', services: CLUSTER_IP, codes: ['nft-missing'] },
  {
    machine: { ...OTHER_PATH, env: { PATH: '/bin:/opt/bin' } },
    watcher: 'available',
    services: CLUSTER_IP,
    codes: [],
  },
  // Its names are aliases of the pods: there are no rules.
  { machine: NO_NFT, watcher: 'remote', services: HEADLESS, codes: [] },
  { machine: NO_NFT, watcher: 'available', services: [], codes: [] },
] as const;

void test('a Service with an address needs nft and the podman of this machine', () => {
  for (const { machine, watcher, services, codes } of rows)
    assert.deepEqual(
      checkServiceMachine(machine, watcher, services).map(({ code }) => code),
      codes,
    );
});

void test('the message points at the first Service', () => {
  const [refusal] = checkServiceMachine(NO_NFT, 'available', CLUSTER_IP);
  assert.deepEqual(refusal?.location, { file: 'web.yaml', line: 6, column: 7, length: 7 });
});

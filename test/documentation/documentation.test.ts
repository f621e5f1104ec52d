import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../src/kube/desired-pods.ts';
import { planFile } from '../support/plan-case.ts';
import { CONTEXT } from '../support/context.ts';

/*
 * Manifests like those that the documentation of Kubernetes teaches pods with (Concepts > Workloads > Pods, Tasks >
 * Configure Pods and Containers), and what podpose makes of each: the codes of its errors and warnings, none where all
 * is well. What has no errors is planned, too.
 */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'active-deadline': [],
  'affinity-and-tolerations': ['warning ignored spec.affinity'],
  apparmor: ['not-supported spec.securityContext.appArmorProfile'],
  'block-device': [
    'not-supported spec.containers[0].volumeDevices',
    'warning undeclared-claim spec.volumes[0].persistentVolumeClaim.claimName',
  ],
  capabilities: [],
  claim: [],
  'claim-that-is-missing': ['warning undeclared-claim spec.volumes[0].persistentVolumeClaim.claimName'],
  'commands-and-arguments': [],
  'config-map-as-files': [],
  'config-map-in-variables': [],
  'cpu-request-and-limit': [],
  'csi-ephemeral-volume': ['not-supported spec.volumes[0].csi'],
  'dependent-variables': [],
  deployment: [],
  'device-claim': ['not-supported spec.containers[0].resources.claims', 'not-supported spec.resourceClaims'],
  'dns-config': [],
  'downward-api-as-files': [],
  'downward-api-in-variables': [],
  'empty-dir-in-memory': [],
  'ephemeral-storage': [
    'warning ignored spec.containers[0].resources.requests.ephemeral-storage',
    'warning ignored spec.containers[0].resources.limits.ephemeral-storage',
    'warning size-limit-on-disk spec.volumes[0].emptyDir.sizeLimit',
  ],
  'extended-resource': [
    "not-supported spec.containers[0].resources.requests['example.com/dongle']",
    "not-supported spec.containers[0].resources.limits['example.com/dongle']",
  ],
  'generic-ephemeral-volume': [
    'warning ignored spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName',
  ],
  'git-repo-volume': ['not-supported spec.volumes[0].gitRepo', 'warning deprecated spec.volumes[0].gitRepo'],
  'guaranteed-quality-of-service': [],
  'host-aliases': [],
  'host-network': [],
  'host-path': [],
  'host-path-file-or-create': [],
  'hostname-and-subdomain': [],
  hugepages: [
    'not-supported spec.containers[0].resources.limits.hugepages-2Mi',
    'not-supported spec.volumes[0].emptyDir.medium',
  ],
  'image-volume': [],
  'init-container-fills-a-volume': [],
  'init-containers': [],
  'lifecycle-hooks': [],
  'liveness-command': [],
  'memory-request-and-limit': [],
  'mount-propagation': [],
  'network-policy-beside-a-pod': ['warning ignored-kind kind'],
  'optional-secret': [],
  'pod-level-resources': [],
  priority: ['warning ignored-kind kind', 'warning ignored spec.priorityClassName'],
  'private-registry': [],
  'projected-volume': [],
  'quota-and-limit-range': ['warning ignored-kind kind', 'warning ignored-kind kind'],
  'readiness-and-startup': [],
  'readiness-gates': ['warning ignored spec.readinessGates'],
  'restart-rules': [],
  'restricted-pod': [],
  'runtime-class': ['not-supported spec.runtimeClassName'],
  'scheduling-gates': ['warning ignored spec.schedulingGates'],
  'seccomp-runtime-default': [],
  'secret-as-files': [],
  'secret-in-variables': [],
  'secret-that-is-missing': ['missing-object spec.containers[0].env[0].valueFrom.secretKeyRef.name'],
  'security-context-of-a-container': [],
  'security-context-of-the-pod': [],
  'service-account': ['warning ignored-kind kind', 'warning ignored spec.serviceAccountName'],
  'service-account-token': [
    'warning ignored spec.serviceAccountName',
    'not-supported spec.volumes[0].projected.sources[0].serviceAccountToken',
  ],
  'service-beside-a-pod': [],
  'share-process-namespace': [],
  sidecar: [],
  'static-pod': [],
  'strict-supplemental-groups': [],
  'sub-path-from-the-pods-name': [],
  'sub-paths': [],
  sysctls: [],
  'termination-message': [],
  'topology-spread': ['warning ignored spec.topologySpreadConstraints'],
  'two-containers-share-a-volume': [],
  'user-namespace': [],
  'variable-from-a-file': [],
  windows: ['not-supported spec.os.name', 'not-supported spec.containers[0].securityContext.windowsOptions'],
};

/** Folders of the machine that some of them need. */
const PATHS = {
  '/': 'directory',
  '/data/foo': 'directory',
  '/mnt': 'directory',
  '/mnt/data': 'directory',
  '/opt': 'directory',
  '/var/log/pods': 'directory',
} as const;

const DIRECTORY = import.meta.dirname;
const names = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

test('each manifest is in the table', () => {
  assert.deepEqual(Object.keys(EXPECTED).sort(), names.sort());
});

for (const [name, expected] of Object.entries(EXPECTED))
  test(`documented: ${name}`, async () => {
    const path = join(DIRECTORY, `${name}.yaml`);
    const set = readManifests([{ file: `${name}.yaml`, text: readFileSync(path) }]);
    const found = [...set.diagnostics, ...desiredPods(set.documents, CONTEXT).diagnostics].map(
      ({ severity, code, path = '' }) => `${severity === 'warning' ? 'warning ' : ''}${code} ${path}`,
    );
    assert.deepEqual(found, expected);
    if (expected.some((line) => !line.startsWith('warning'))) return;
    const { plan, text } = await planFile(path, PATHS);
    assert.ok(plan !== undefined && plan.changes.length > 0, text);
  });

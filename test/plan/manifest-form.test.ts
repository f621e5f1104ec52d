import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/base/stable-json.ts';
import { fieldType, type FieldType } from '../../src/manifest/yaml/shape.ts';
import { containerReason, podDifferences } from '../../src/plan/compare/compare.ts';
import { describeDifference } from '../../src/plan/describe.ts';
import type { Difference } from '../../src/plan/compare/difference.ts';
import {
  containerFormDifferences,
  podFormDifferences,
} from '../../src/plan/compare/manifest-form/differences.ts';
import { manifestPath } from '../../src/plan/compare/manifest-form/path.ts';
import type {
  DesiredContainer,
  DesiredMount,
  DesiredPod,
  DesiredSandbox,
  DesiredSecurityContext,
  EnvVar,
} from '../../src/kube/spec/desired.ts';
import type { HttpGetAction, ProbeSettings } from '../../src/kube/spec/probe.ts';
import type { VolumeSource } from '../../src/kube/spec/desired-volume.ts';
import { containerSettings, podSettings } from '../../src/kube/spec/settings.ts';
import { encodeSpec, LABEL } from '../../src/podman/labels.ts';
import { viewPods } from '../../src/engine/pod-facts.ts';
import { Pod } from '../../src/manifest/schema/generated/validators.js';
import type { ObservedState } from '../../src/podman/inspect/observed.ts';
import { podItem } from '../../src/view/status/pod-list.ts';
import { observedContainer, podOf } from '../support/desired.ts';

/* Every field that can differ, each with a value that is not its default: the compiler fails where one is missing. */

const resources = { limits: { cpu: 1500, memory: 2 ** 30 }, requests: { cpu: 250, memory: 2 ** 20 } };

const sandbox: Required<DesiredSandbox> = {
  hostname: 'other',
  namespace: 'space',
  fqdn: 'other.sub.space.svc.cluster.local',
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  shareProcessNamespace: true,
  hostPorts: [
    { container: 'web', portName: 'http', hostIP: '::1', hostPort: 80, containerPort: 8080, protocol: 'TCP' },
  ],
  hostAliases: [{ ip: '192.0.2.1', hostnames: ['a'] }],
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['192.0.2.1'], searches: ['example.test'], options: ['ndots:2', 'rotate'] },
  sysctls: [{ name: 'net.ipv4.ip_forward', value: '1' }],
  resources,
  userns: 'keep-id',
  infraName: 'pause',
  enableServiceLinks: false,
};

const plain = podOf('pod', 'Always', 'web');
const pod: DesiredPod = {
  ...plain,
  labels: { 'app.kubernetes.io/name': 'web', env: 'test' },
  annotations: { note: 'x' },
  fsGroup: 7,
  sandbox,
};

const files = [{ path: 'a.conf', mode: 0o400, content: { type: 'text', text: 'a' } as const }];
const sources: { readonly [T in VolumeSource['type']]: VolumeSource } = {
  emptyDir: { type: 'emptyDir', medium: 'Memory', sizeLimit: 2 ** 20 },
  ephemeral: { type: 'ephemeral' },
  configMap: { type: 'configMap', medium: 'disk', files },
  secret: { type: 'secret', medium: 'Memory', files },
  projected: { type: 'projected', medium: 'disk', files },
  downwardAPI: { type: 'downwardAPI', medium: 'disk', files },
  hostPath: { type: 'hostPath', path: '/srv', hostPathType: 'Directory' },
  persistentVolumeClaim: { type: 'persistentVolumeClaim', claimName: 'data' },
  image: { type: 'image', reference: 'docker.io/library/busybox:1.36', pullPolicy: 'Never' },
};

const mounts = Object.values(sources).map((source): Required<DesiredMount> => ({
  name: `v-${source.type.toLowerCase()}`,
  source,
  mountPath: `/mnt/${source.type}`,
  readOnly: true,
  subPath: 'a.conf',
  mountPropagation: 'HostToContainer',
}));

const fileKey = { volume: 'v', path: 'env', key: 'HOST', optional: true } as const;
const env: readonly EnvVar[] = [
  { name: 'PLAIN', value: 'x' },
  { name: 'SECRET', secret: 'hmac-sha256:00ff' },
  { name: 'ADDRESS', value: { before: '', address: 'podIP', after: '' } },
  { name: 'URL', value: { before: 'http://', address: 'podIP', after: ':80' } },
  { name: 'KEY', value: { before: '', fileKey, after: '' } },
];

const securityContext: Required<DesiredSecurityContext> = {
  runAsUser: 1,
  runAsGroup: 2,
  runAsNonRoot: true,
  supplementalGroups: [3],
  privileged: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { add: ['CHOWN'], drop: ['ALL'] },
  seccompProfile: { type: 'Localhost', path: '/p.json' },
  seLinuxOptions: { user: 'u', role: 'r', type: 't', level: 's0' },
  procMount: 'Unmasked',
};

const probe: Required<ProbeSettings> = {
  initialDelaySeconds: 1,
  periodSeconds: 2,
  timeoutSeconds: 3,
  successThreshold: 1,
  failureThreshold: 5,
  terminationGracePeriodSeconds: 6,
};
const httpGet: Required<HttpGetAction> = {
  host: 'localhost',
  port: 8443,
  path: '/healthz',
  scheme: 'HTTPS',
  httpHeaders: [{ name: 'X-Probe', value: 'yes' }],
};

const container: Required<Omit<DesiredContainer, 'declared'>> = {
  name: 'web',
  role: 'container',
  image: 'docker.io/library/busybox:1.37',
  imagePullPolicy: 'Never',
  command: ['sh', { before: '', address: 'hostIP', after: '' }],
  args: ['x'],
  workingDir: '/w',
  env,
  volumeMounts: mounts,
  terminationMessagePolicy: 'FallbackToLogsOnError',
  resources,
  securityContext,
  stdin: true,
  stopSignal: 'SIGUSR1',
  activeDeadlineSeconds: 9,
  tty: true,
  restartPolicy: 'OnFailure',
  terminationGracePeriodSeconds: 5,
  annotations: { 'io.podman.annotations.pids-limit': '100' },
  devices: ['/dev/fuse', 'nvidia.com/gpu=all'],
  startupProbe: { ...probe, exec: { command: ['true'] } },
  readinessProbe: { ...probe, httpGet },
  livenessProbe: { ...probe, grpc: { port: 9000, service: 'orders' } },
  postStart: { exec: { command: ['true'] } },
  preStop: { sleep: { seconds: 5 } },
  ownRestartPolicy: 'OnFailure',
  restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
};
const [plainContainer] = plain.containers;
assert.ok(plainContainer);

function remembering(settings: unknown) {
  return {
    ...observedContainer('pod-web', 'running'),
    labels: { [LABEL.format]: '1', [LABEL.spec]: encodeSpec(settings) },
  };
}

/** Whether a Pod or a container has a field with this path. Names in brackets must follow a list. */
function isField(path: string): boolean {
  const parts = path.match(/\['[^']*'\]|\[[^\]]*\]|[\w$-]+/g) ?? [];
  let type: FieldType = { holds: 'one', of: /^(?:spec|metadata)\b/.test(path) ? 'Pod' : 'Container' };
  return (
    parts.join('') ===
      path.replace(/\./g, (dot, at: number) => (/\[[^\]]*$/.test(path.slice(0, at)) ? dot : '')) &&
    parts.every((part) => {
      const inner: FieldType | undefined =
        type.holds === 'map' || (type.holds === 'list' && part.startsWith('['))
          ? { ...type, holds: 'one' }
          : fieldType(type.holds === 'one' ? type.of : '', part);
      if (inner !== undefined) type = inner;
      return inner !== undefined;
    })
  );
}

/** Each setting alone, added and removed. */
function eachSetting(settings: object): readonly Record<string, Json>[] {
  return Object.entries(settings as Record<string, Json>).map(([name, value]) => ({ [name]: value }));
}

test('a path that is not a field is detected', () => {
  assert.ok(isField('spec.containers[web].ports[http].hostPort'));
  assert.ok(isField("metadata.labels['app.kubernetes.io/name']"));
  assert.ok(isField('env[A].valueFrom.fileKeyRef.key'));
  for (const path of ['spec.hostPorts', 'volumeMounts[/data].source', 'spec.containers.web.image', 'files.a'])
    assert.ok(!isField(path), path);
});

test('every added or removed setting of a pod is shown as a field of a manifest', () => {
  const all = podFormDifferences(pod, remembering({}));
  const gone = podFormDifferences(plain, remembering(podSettings(pod)));
  for (const { path } of [...all, ...gone]) assert.ok(isField(manifestPath(path)), manifestPath(path));
  const { metadata, spec } = podSettings(pod);
  for (const setting of eachSetting(spec as object))
    assert.notDeepEqual(
      podFormDifferences(plain, remembering({ metadata, spec: setting })),
      [],
      JSON.stringify(setting),
    );
  assert.deepEqual(podFormDifferences(pod, remembering(podSettings(pod))), []);
});

test('every added or removed setting of a container is shown as a field of a manifest', () => {
  const all = containerFormDifferences(container, remembering({}));
  const gone = containerFormDifferences(plainContainer, remembering(containerSettings(container)));
  for (const { path } of [...all, ...gone]) assert.ok(isField(manifestPath(path)), manifestPath(path));
  for (const setting of eachSetting(containerSettings(container)))
    assert.notDeepEqual(
      containerFormDifferences(plainContainer, remembering(setting)),
      [],
      JSON.stringify(setting),
    );
  assert.deepEqual(containerFormDifferences(container, remembering(containerSettings(container))), []);
});

test('a changed volume source is shown as a field of a manifest, for each pair of sources', () => {
  for (const before of Object.values(sources))
    for (const after of Object.values(sources)) {
      if (before.type === after.type) continue;
      const mounting = (source: VolumeSource): DesiredContainer => ({
        ...plainContainer,
        volumeMounts: [{ name: 'v', source, mountPath: '/v', readOnly: false }],
      });
      const found = containerFormDifferences(
        mounting(after),
        remembering(containerSettings(mounting(before))),
      );
      assert.ok(found.length > 0);
      for (const { path } of found) assert.ok(isField(manifestPath(path)), manifestPath(path));
    }
});

test('values are shown as in the manifest', () => {
  const lines = (found: readonly Difference[]) => found.map(describeDifference);
  const changed: DesiredPod = {
    ...pod,
    sandbox: {
      ...sandbox,
      hostPorts: sandbox.hostPorts.map((port) => ({ ...port, hostPort: 81 })),
      resources: { ...resources, limits: { cpu: 2000, memory: 2 ** 20 * 1536 } },
    },
  };
  assert.deepEqual(
    lines(
      podDifferences(
        changed,
        { ...remembering(podSettings(pod)), name: 'pod', infra: 'running', infraStartedAt: 1 },
        [],
      ),
    ),
    [
      'spec.containers[web].ports[http].hostPort: 80 -> 81',
      'spec.resources.limits.cpu: 1500m -> 2',
      'spec.resources.limits.memory: 1Gi -> 1536Mi',
    ],
  );
  const reason = containerReason(
    {
      ...container,
      env: [{ name: 'ADDRESS', value: { before: 'x', address: 'podIP', after: '' } }, ...env.slice(3)],
    },
    remembering(containerSettings(container)),
    { images: [] },
  );
  assert.deepEqual(reason?.kind === 'settings-differ' ? lines(reason.differences) : [], [
    'env[ADDRESS].value: (none) -> "x$(status.podIP)"',
    'env[ADDRESS].valueFrom.fieldRef.fieldPath: status.podIP -> (none)',
    'env[PLAIN]: {value: x} -> (none)',
    'env[SECRET]: {valueFrom: {secretKeyRef: ***}} -> (none)',
  ]);
});

test('a removed port of a pod with several containers', () => {
  const two = podOf('pod', 'Always', 'web', 'log');
  const [found] = podFormDifferences(two, remembering(podSettings(pod))).filter(({ path }) =>
    path.includes('ports'),
  );
  assert.ok(found);
  assert.match(describeDifference(found), /^spec\.containers\[\*\]\.ports\[8080\]: \{containerPort: 8080, /);
});

test('a running pod with every setting is a valid Pod, without secrets', () => {
  const { labels } = remembering(podSettings(pod));
  const owner = { project: 'shop', pod: 'pod' };
  const state: ObservedState = {
    pods: [
      { id: 'a', name: 'pod', labels, owner: { ...owner, role: 'pod' }, infra: 'running', infraStartedAt: 1 },
    ],
    containers: [
      {
        ...remembering(containerSettings(container)),
        podName: 'pod',
        owner: { ...owner, role: 'container', name: 'web' },
      },
    ],
    volumes: [],
    images: [],
  };
  const [view] = viewPods(state, {});
  assert.ok(view);
  const item = podItem(view);
  Pod(item);
  assert.deepEqual(Pod.errors ?? [], []);
  const text = JSON.stringify(item);
  assert.doesNotMatch(text, /hmac-sha256/);
  assert.match(text, /"ports":\[\{"containerPort":8080,"hostIP":"::1","hostPort":80,"protocol":"TCP"\}\]/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { templateHash } from '../../../src/kube/workloads/template-hash.ts';

type Template = Parameters<typeof templateHash>[0];
type Container = NonNullable<NonNullable<Template['spec']>['containers']>[number];

const hash = (container: Container, template: Template = {}): string =>
  templateHash({
    ...template,
    spec: { containers: [{ name: 'app', image: 'nginx:1.27', ...container }], ...template.spec },
  });

const plain = hash({});

test('a default that is written out does not change the hash', () => {
  assert.equal(
    hash(
      {
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        resources: {},
        stdin: false,
        securityContext: { privileged: false },
      },
      {
        spec: {
          dnsPolicy: 'ClusterFirst',
          restartPolicy: 'Always',
          schedulerName: 'default-scheduler',
          securityContext: {},
          terminationGracePeriodSeconds: 30,
          volumes: [],
        },
      },
    ),
    plain,
  );
});

test('the defaults of probes, ports, mounts and volumes do not change the hash', () => {
  const mounted = (container: Container, volume: object): string =>
    hash(
      { volumeMounts: [{ name: 'v', mountPath: '/v' }], ...container },
      { spec: { volumes: [{ name: 'v', configMap: { name: 'c', ...volume } }] } },
    );
  assert.equal(
    mounted({ volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: false }] }, { defaultMode: 0o644 }),
    mounted({}, {}),
  );
  const probed = (probe: object, port: object): string =>
    hash({ readinessProbe: { httpGet: { port: 80 }, ...probe }, ports: [{ containerPort: 80, ...port }] });
  assert.equal(
    probed({ periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 }, { protocol: 'TCP' }),
    probed({}, {}),
  );
});

test('another notation of a quantity, and a request like the limit, do not change the hash', () => {
  assert.equal(
    hash({ resources: { limits: { cpu: '500m', memory: '1Gi' } } }),
    hash({ resources: { limits: { cpu: '0.5', memory: '1024Mi' }, requests: { memory: '1Gi' } } }),
  );
});

test('what matters changes the hash', () => {
  const hashes = [
    plain,
    hash({ image: 'nginx:1.28' }),
    hash({ env: [{ name: 'A', value: 'a' }] }),
    hash({ env: [{ name: 'A', value: 'b' }] }),
    hash({ securityContext: { runAsUser: 0 } }),
    hash({ securityContext: { runAsNonRoot: false } }),
    hash({ securityContext: { allowPrivilegeEscalation: false } }),
    hash({ resources: { limits: { memory: '1Gi' } } }),
    hash({ resources: { requests: { memory: '1Gi' } } }),
    hash({ readinessProbe: { httpGet: { port: 80 } } }),
    hash({}, { metadata: { labels: { app: 'web' } } }),
    hash({}, { metadata: { annotations: { app: 'web' } } }),
    hash({}, { spec: { hostNetwork: true } }),
    hash({}, { spec: { terminationGracePeriodSeconds: 0 } }),
    hash({}, { spec: { volumes: [{ name: 'v', emptyDir: {} }] } }),
    hash({}, { spec: { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }] } }),
    hash({}, { spec: { hostUsers: false } }),
  ];
  assert.equal(new Set(hashes).size, hashes.length);
});

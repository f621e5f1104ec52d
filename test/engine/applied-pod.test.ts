import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { viewPods } from '../../src/engine/pod-facts.ts';
import { isObject, memberOf } from '../../src/base/json-members.ts';
import { Pod } from '../../src/manifest/schema/generated/validators.js';
import { workloadKinds } from '../../src/manifest/kinds.ts';
import { observe } from '../../src/podman/inspect/observe.ts';
import { yamlText } from '../../src/view/plan/yaml-text.ts';
import { podItem } from '../../src/view/status/pod-list.ts';
import type { ObservedCase } from '../support/observed-case.ts';
import { demoEngine, objectsIn, planDemo, type CaseMachine } from '../support/demo-project.ts';
import { EMPTY_PODMAN, stateAfter, type PodmanState } from '../support/podman-state.ts';

/*
 * What `get pods -o yaml` prints is planned again, together with the ConfigMaps, Secrets and claims of the file: podpose
 * must find nothing to do.
 */
const ROOT = join(import.meta.dirname, '../..');
const CASES = readdirSync(join(ROOT, 'test/cases')).map((name) => join(ROOT, 'test/cases', name));
const EXAMPLES = readdirSync(join(ROOT, 'examples'))
  .map((name) => join(ROOT, 'examples', name))
  .filter((directory) => existsSync(join(directory, 'pod.yaml')));

/** The pods of podman's state, without any help of a file. */
async function shown(state: PodmanState, machine: CaseMachine): Promise<readonly object[]> {
  const observed = await observe(demoEngine('', state, machine).podman);
  assert.ok(observed.ok);
  return viewPods(observed.value, {}).map((view) => podItem(view));
}

function otherObjects(text: string): readonly unknown[] {
  return objectsIn(text).filter((value) => !['Pod', ...workloadKinds].includes(String(value['kind'])));
}

async function roundTrip(text: string, machine: CaseMachine): Promise<boolean> {
  const first = await planDemo(text, EMPTY_PODMAN, machine);
  if (!first.ok) return false;
  const state = stateAfter(first.value.plan);
  const pods = await shown(state, machine);
  for (const pod of pods) {
    assert.ok(Pod(pod), JSON.stringify(Pod.errors));
    assert.doesNotMatch(JSON.stringify(pod), /podpose\.|hmac-sha256|\*\*\*/);
  }
  if (pods.length === 0) return false;
  // The proxy comes from the Ingress again.
  const ofFiles = pods.filter((pod) => memberOf(pod, 'metadata', 'name') !== 'demo-ingress');
  const again = [...ofFiles, ...otherObjects(text)]
    .map((item) => `---\n${yamlText(item as object)}`)
    .join('');
  const second = await planDemo(again, state, machine);
  assert.ok(
    second.ok,
    second.ok ? '' : `${again}\n${JSON.stringify(second.error.diagnostics, undefined, 1)}`,
  );
  assert.deepEqual(
    second.value.plan.changes.map((change) => JSON.stringify(change)),
    [],
    again,
  );
  // While init containers run, the others do not exist.
  const containers = Object.entries(state.containers);
  const early = {
    ...state,
    containers: Object.fromEntries(containers.filter(([, { labels }]) => labels['podpose.role'] === 'init')),
  };
  const specs = (all: readonly object[]) => all.filter(hasInit).map((pod) => ({ ...pod, status: {} }));
  const started = await shown(early, machine);
  for (const pod of started.filter(hasInit)) assert.ok(Pod(pod), JSON.stringify(Pod.errors));
  assert.deepEqual(specs(started), specs(pods));
  return true;
}

function hasInit(pod: object): boolean {
  return JSON.stringify(pod).includes('"initContainers":');
}

test('a running pod as a manifest is up to date, for all cases and examples', async (context) => {
  let count = 0;
  for (const directory of [...CASES, ...EXAMPLES])
    await context.test(directory.slice(ROOT.length + 1), async () => {
      const observed = join(directory, 'observed.json');
      const machine = (
        existsSync(observed) ? JSON.parse(readFileSync(observed, 'utf8')) : {}
      ) as ObservedCase;
      if (await roundTrip(readFileSync(join(directory, 'pod.yaml'), 'utf8'), machine)) count++;
    });
  assert.ok(count > 200, `only ${count} manifests have a plan`);
});

const EVERYTHING = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: shop, 'note': 'yes'}, annotations: {answer: 'no'}}
spec:
  hostname: front
  subdomain: web
  restartPolicy: OnFailure
  imagePullSecrets: [{name: registry}]
  volumes:
  - {name: conf, configMap: {name: settings, items: [{key: mode, path: mode.txt}], defaultMode: 256}}
  - {name: keys, secret: {secretName: login, optional: false}}
  - {name: both, projected: {sources: [{secret: {name: login}}, {configMap: {name: settings}}, {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}]}}
  - {name: info, downwardAPI: {items: [{path: cpu, resourceFieldRef: {containerName: app, resource: limits.cpu}}]}}
  - {name: data, persistentVolumeClaim: {claimName: data}}
  - {name: scratch, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}
  - {name: memory, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
  - {name: tools, image: {reference: 'docker.io/library/busybox:1.36', pullPolicy: IfNotPresent}}
  - {name: host, hostPath: {path: /srv, type: Directory}}
  initContainers:
  - name: setup
    image: docker.io/library/busybox:1.36
    args: [prepare]
    volumeMounts: [{name: memory, mountPath: /memory}]
  containers:
  - name: app
    image: docker.io/library/nginx:1.27
    imagePullPolicy: Always
    command: [serve, --password=$(PASSWORD), $$(PASSWORD)]
    args: ['http://$(IP):80']
    envFrom: [{configMapRef: {name: settings}}, {prefix: L_, secretRef: {name: login}}]
    env:
    - {name: PLAIN, value: text}
    - {name: PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password}}}
    - {name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}
    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
    - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
    - {name: URL, value: 'db://user:$(PASSWORD)@$(MODE)'}
    - {name: LONG, value: ${'x'.repeat(5000)}}
    ports: [{name: http, containerPort: 80, hostPort: 28080, hostIP: 127.0.0.1, protocol: TCP}, {name: admin, containerPort: 81}]
    resources: {limits: {cpu: '1', memory: 64Mi}, requests: {cpu: 500m, memory: 64Mi}}
    volumeMounts:
    - {name: conf, mountPath: /conf}
    - {name: keys, mountPath: /keys}
    - {name: both, mountPath: /both}
    - {name: info, mountPath: /info}
    - {name: data, mountPath: /data, subPathExpr: $(PLAIN)}
    - {name: scratch, mountPath: /scratch}
    - {name: memory, mountPath: /memory}
    - {name: tools, mountPath: /tools}
    - {name: host, mountPath: /host, readOnly: true}
  - name: side
    image: docker.io/library/busybox:1.36
    ports: [{name: extra, containerPort: 82, hostPort: 28082, hostIP: 127.0.0.1, protocol: TCP}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {mode: test}
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
stringData: {password: tiger}
---
apiVersion: v1
kind: Secret
metadata: {name: registry, namespace: shop}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: '{"auths":{"registry.example":{"auth":"YTpi"}}}'}
`;

test('a running pod has the fields of its manifest, with references in place of values', async () => {
  const machine: CaseMachine = { paths: { '/srv': 'directory' } };
  assert.ok(await roundTrip(EVERYTHING, machine), 'it has a plan');
  const planned = await planDemo(EVERYTHING, EMPTY_PODMAN, machine);
  assert.ok(planned.ok);
  const [pod] = await shown(stateAfter(planned.value.plan), machine);
  const [wanted] = objectsIn(EVERYTHING);
  assert.ok(wanted !== undefined && pod !== undefined);
  const { spec, metadata } = JSON.parse(JSON.stringify(pod)) as Readonly<Record<string, object>>;
  assert.deepEqual(byName(spec), byName(wanted['spec']));
  const {
    uid: _uid,
    creationTimestamp: _created,
    ...given
  } = { uid: '', creationTimestamp: '', ...metadata };
  assert.deepEqual(given, wanted['metadata']);
  assert.doesNotMatch(JSON.stringify(planned.value.plan.steps), /tiger/);
});

/** The volumes are in the order of their mounts. */
function byName(spec: unknown): unknown {
  if (!isObject(spec)) return spec;
  const name = (one: unknown) => (isObject(one) ? String(one['name']) : '');
  const sorted = [...(spec['volumes'] as unknown[])].sort((a, b) => name(a).localeCompare(name(b)));
  return { ...spec, volumes: sorted };
}

test('without a record of the references, a Secret cannot be mistaken for a value', async () => {
  const planned = await planDemo(EVERYTHING, EMPTY_PODMAN, { paths: { '/srv': 'directory' } });
  assert.ok(planned.ok);
  const state = stateAfter(planned.value.plan);
  const containers = Object.entries(state.containers).map(([name, container]) => {
    const { declared: _declared, ...settings } = JSON.parse(
      container.labels['podpose.spec'] ?? '',
    ) as Readonly<Record<string, object>>;
    const labels = { ...container.labels, 'podpose.spec': JSON.stringify(settings) };
    return [name, { ...container, labels }] as const;
  });
  const [pod] = await shown({ ...state, containers: Object.fromEntries(containers) }, {});
  assert.ok(pod !== undefined && Pod(pod), JSON.stringify(Pod.errors));
  const text = JSON.stringify(pod);
  assert.match(
    text,
    /\{"name":"PASSWORD","valueFrom":\{"secretKeyRef":\{"name":"\*\*\*","key":"\*\*\*"\}\}\}/,
  );
  assert.doesNotMatch(text, /tiger|hmac/);
});

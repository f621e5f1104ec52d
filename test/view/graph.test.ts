import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSources } from '../../src/engine/check-sources.ts';
import { ofKind } from '../../src/kube/config/object-set.ts';
import { objectGraph } from '../../src/kube/graph/object-graph.ts';
import { renderGraph } from '../../src/view/graph.ts';
import { testPlatform } from '../support/platform.ts';

/** @param owners the owners of the pods, in their order */
function graph(text: string, owners: readonly string[] = []): string {
  const loaded = checkSources(testPlatform({}), [{ file: 'pod.yaml', text }], { judged: 'run' });
  assert.ok(loaded.isSound, JSON.stringify(loaded.diagnostics, undefined, 1));
  const pods = loaded.pods.map((pod, index) => {
    const owner = owners[index];
    return { ...pod, ...(owner === undefined ? {} : { owner }) };
  });
  return renderGraph(objectGraph(pods, ofKind(loaded.documents, 'Service')));
}

function pod(name: string, spec: string, labels = '{app: web}'): string {
  return `---\n{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: ${labels}}, spec: ${spec}}\n`;
}

function service(name: string, spec: string, namespace = 'default'): string {
  return `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}\n`;
}

const APP = "{name: app, image: 'nginx:1.27'}";

test('a pod: its init chain, containers and volumes', () => {
  const spec = `{
    initContainers: [
      {name: setup, image: 'busybox:1.36', volumeMounts: [{name: pages, mountPath: /out}]},
      {name: proxy, image: 'envoy:1', restartPolicy: Always}],
    containers: [
      {name: end, image: 'nginx:1.27', ports: [{name: http, containerPort: 8080, hostPort: 8088}, {containerPort: 53, protocol: UDP}],
       volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}, {name: data, mountPath: /data}]},
      {name: side, image: 'busybox:1.36', volumeMounts: [{name: cache, mountPath: /cache}]}],
    volumes: [{name: pages, emptyDir: {}}, {name: data, persistentVolumeClaim: {claimName: data}}, {name: cache, emptyDir: {medium: Memory}}]}`;
  const claim =
    '---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n';
  assert.equal(
    graph(pod('web', spec) + claim),
    `flowchart LR
  subgraph p0["pod/web"]
    p0i0["init/setup<br/>busybox:1.36"]
    p0i1["init/proxy<br/>envoy:1<br/>sidecar"]
    p0c0["container/end<br/>nginx:1.27<br/>http 8080, 53/UDP"]
    p0c1["container/side<br/>busybox:1.36"]
    p0v0[("volume/pages<br/>emptyDir")]
    p0v2[("volume/cache<br/>emptyDir in memory")]
    p0i0 --> p0i1
    p0i1 --> p0c0
    p0i1 --> p0c1
  end
  v0[("pvc/data")]
  p0h0(["127.0.0.1:8088"])
  p0i0 -.-|"/out"| p0v0
  p0c0 -.-|"/pages (ro)"| p0v0
  p0c0 -.-|"/data"| v0
  p0c1 -.-|"/cache"| p0v2
  p0h0 -->|"8080"| p0c0
`,
  );
});

test('pods share the node of a path of the machine', () => {
  const spec = `{containers: [{name: app, image: nginx, volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, hostPath: {path: /srv/x}}]}`;
  assert.match(
    graph(pod('a', spec) + pod('b', spec)),
    /\n {2}v0\[\("hostPath \/srv\/x"\)\]\n {2}p0c0 -\.-\|"\/v"\| v0\n {2}p1c0 -\.-\|"\/v"\| v0\n$/,
  );
});

const PORTS = `{containers: [{name: app, image: nginx, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}`;

/** The lines about Services, without those of two pods: `web` (app: web, tier: a) and `api` (app: web). */
function serviceLines(...services: readonly string[]): readonly string[] {
  const pods = pod('web', PORTS, '{app: web, tier: a}') + pod('api', `{containers: [${APP}]}`);
  return graph(pods + services.join(''))
    .split('\n')
    .filter((line) => /^ {2}s\d/.test(line))
    .map((line) => line.trim());
}

test('a Service reaches the containers with its target ports, and else the pod', () => {
  assert.deepEqual(
    serviceLines(
      service(
        'web',
        '{selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}, {name: dns, port: 53, protocol: UDP}]}',
      ),
    ),
    [
      's0{{"svc/web"}}',
      's0 -->|"web 80 → 8080"| p0c0',
      's0 -->|"dns 53/UDP"| p0c0',
      's0 -->|"web 80 → http"| p1',
      's0 -->|"dns 53/UDP"| p1',
    ],
  );
});

test('types of Services', () => {
  assert.deepEqual(
    serviceLines(
      service('one', '{type: NodePort, selector: {tier: a}, ports: [{port: 8080, nodePort: 30080}]}'),
      service('two', '{clusterIP: None, selector: {tier: a}}'),
      service('three', '{type: ExternalName, externalName: example.com}'),
      service('four', '{ports: [{port: 1}]}'),
      service('five', '{selector: {tier: b}, ports: [{port: 1}]}'),
      service('six', '{selector: {tier: a}, ports: [{port: 1}]}', 'other'),
    ),
    [
      's0{{"svc/one<br/>NodePort"}}',
      's1{{"svc/two<br/>headless"}}',
      's2{{"svc/three<br/>ExternalName"}}',
      's2x(["example.com"])',
      's3{{"svc/four"}}',
      's4{{"svc/five"}}',
      's5{{"svc/other/six"}}',
      's0 -->|"8080 (nodePort 30080)"| p0c0',
      's1 --> p0',
      's2 --> s2x',
    ],
  );
});

test('the pods of an owner are in its frame', () => {
  const text = graph(
    pod('a', `{containers: [${APP}]}`) +
      pod('b', `{containers: [${APP}]}`) +
      pod('c', `{containers: [${APP}]}`),
    ['deploy/web', 'ds/log', 'deploy/web'],
  );
  assert.deepEqual(
    text.split('\n').filter((line) => /subgraph|end$/.test(line)),
    [
      '  subgraph o0["deploy/web"]',
      '    subgraph p0["pod/a"]',
      '    end',
      '    subgraph p2["pod/c"]',
      '    end',
      '  end',
      '  subgraph o1["ds/log"]',
      '    subgraph p1["pod/b"]',
      '    end',
      '  end',
    ],
  );
});

test('no text of a manifest is read as Mermaid, HTML or Markdown', () => {
  const mount = String.raw`/a"b#c<d>&e` + '`*_~' + String.raw`\\|]`;
  const text = graph(
    pod(
      'web',
      `{containers: [{name: app, image: nginx, volumeMounts: [{name: v, mountPath: '${mount}'}]}], volumes: [{name: v, emptyDir: {}}]}`,
    ),
  );
  const [, label = ''] = /-\.-\|"(.*)"\| p0v0/.exec(text) ?? [];
  assert.equal(
    label.replace(/#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
    mount,
  );
  assert.doesNotMatch(label.replace(/#\d+;/g, ''), /["#<>&`*_~\\]/);
});

test('without pods the flowchart is empty', () => {
  assert.equal(graph('{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'), 'flowchart LR\n');
});

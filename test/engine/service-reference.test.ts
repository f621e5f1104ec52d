import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutServices, type ServiceScope } from '../../src/engine/service-reference.ts';
import type { DesiredService } from '../../src/kube/spec/desired-service.ts';
import type { ObservedPod } from '../../src/podman/inspect/observed.ts';
import { LABEL } from '../../src/podman/labels.ts';

function podOf(name: string, app: string, namespace = 'default', project = 'demo'): ObservedPod {
  return {
    id: name,
    name,
    owner: { project, pod: name, role: 'pod' },
    labels: {
      app,
      [LABEL.network]: 'podpose-demo',
      [LABEL.format]: '1',
      [LABEL.spec]: JSON.stringify({ spec: { namespace } }),
    },
    infra: 'running',
    infraStartedAt: 1,
  };
}

function serviceOf(
  name: string,
  selector: Readonly<Record<string, string>> | undefined,
  namespace = 'default',
  project = 'demo',
): ObservedPod {
  const service = { name, namespace, type: 'ClusterIP', ports: [], selector } as unknown as DesiredService;
  return {
    id: `${project}-${name}-svc`,
    name: `${name}-svc`,
    service: { project, record: { service, address: '00', published: [] } },
    labels: {},
    infra: 'running',
    infraStartedAt: 1,
  };
}

const PODS: readonly ObservedPod[] = [
  podOf('web-2', 'web'),
  podOf('web-1', 'web'),
  podOf('db-0', 'db'),
  podOf('staging_web-1', 'web', 'staging'),
  serviceOf('web', { app: 'web' }),
  serviceOf('staging_web', { app: 'web' }, 'staging'),
  serviceOf('db', { app: 'db' }),
  serviceOf('none', { app: 'none' }),
  serviceOf('outside', undefined),
  serviceOf('twice', { app: 'web' }, 'default', 'one'),
  serviceOf('twice', { app: 'web' }, 'default', 'two'),
];

type Row = readonly [operands: string, expected: string, scope?: ServiceScope, pods?: readonly ObservedPod[]];

const ROWS: readonly Row[] = [
  ['svc/web', 'pod/web-1 pod/web-2'],
  ['service/db web-1', 'pod/db-0 web-1'],
  ['services/db', 'pod/db-0'],
  ['web-1 container/app deploy/web', 'web-1 container/app deploy/web'],
  ['svc/web', 'pod/staging_web-1', { namespace: 'staging' }],
  ['svc/wbe', "no Service 'wbe'"],
  ['svc/none', "Service 'none' selects no pods"],
  ['svc/outside', "Service 'outside' selects no pods"],
  ['svc/web', "no Service 'web'", { project: 'other' }],
  ['svc/twice', "several Services are called 'twice', in different namespaces or projects"],
  ['svc/twice', "Service 'twice' selects no pods", { project: 'one' }],
  ['svc/app', 'svc/app', {}, [podOf('svc', 'any')]],
];

for (const [operands, expected, scope = {}, pods = PODS] of ROWS)
  test(`the pods of ${operands} ${JSON.stringify(scope)}`, () => {
    const found = withoutServices(operands.split(' '), { pods, containers: [] }, scope);
    assert.equal(
      found.ok ? found.value.join(' ') : found.error.map(({ message }) => message).join(),
      expected,
    );
  });

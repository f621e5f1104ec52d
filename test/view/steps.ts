import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/plan/step.ts';
import type { DesiredContainer, DesiredPod } from '../../src/kube/spec/desired.ts';
import { desiredContainer, desiredPod } from '../support/desired.ts';

/** A pod `web` with the init containers `fetch` and `setup` and the containers `app` and `log`. */
export const web: DesiredPod = desiredPod({
  initContainers: [container('fetch', 'init'), container('setup', 'init')],
  containers: [container('app', 'container'), container('log', 'container')],
});

function container(name: string, role: DesiredContainer['role']): DesiredContainer {
  return desiredContainer({ name, role, env: [{ name: 'PASSWORD', value: 'do-not-tell' }] });
}

export const pull: Step = {
  id: 'pull/nginx:1.27',
  needs: [],
  operation: { kind: 'pull-image', image: 'nginx:1.27' },
};

export const createVolume: Step = {
  id: 'volume/web/data',
  needs: [pull.id],
  cause: 'pod/web',
  operation: {
    kind: 'create-volume',
    project: 'shop',
    pod: 'web',
    volume: 'data',
    source: { type: 'emptyDir', medium: 'disk' },
  },
};

export const createPod: Step = {
  id: 'pod/web',
  needs: [createVolume.id],
  cause: 'pod/web',
  operation: { kind: 'create-pod', project: 'shop', pod: web, dns: {} },
};

export const fetch = run(web.initContainers[0], createPod);
export const setup = run(web.initContainers[1], fetch);
export const app = run(web.containers[0], setup);
export const log = run(web.containers[1], setup);

function run(desired: DesiredContainer | undefined, after: Step): Step {
  if (desired === undefined) throw new Error('the pod has no such container');
  const id = `pod/web ${desired.role}/${desired.name}`;
  return {
    id,
    needs: [after.id],
    cause: id,
    operation: {
      kind: 'run-container',
      project: 'shop',
      pod: web,
      container: desired,
      dns: {},
      replace: false,
    },
    ...(desired.role === 'init' ? { retry: 'back-off' } : {}),
  };
}

export const removePod: Step = {
  id: 'remove-pod/web',
  needs: [],
  cause: 'pod/web',
  operation: { kind: 'remove-pod', pod: 'web', graceSeconds: 30, containers: 1 },
};

export const up: Plan = {
  project: 'shop',
  changes: [],
  steps: [pull, createVolume, createPod, fetch, setup, app, log],
  warnings: [],
};

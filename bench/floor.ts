import { GRACE_SECONDS, IMAGE, podsOf, PREFIX, type PodsOptions } from './manifests.ts';

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** Requests that are made one after another, and what follows them at the same time. */
interface Node {
  readonly requests: readonly Request[];
  readonly then?: readonly Node[];
}

/** The requests of a command of podpose: the nodes of a stage are made at the same time, one stage after another. */
export type Floor = readonly (readonly Node[])[];

const get = (path: string): Node => ({ requests: [{ method: 'GET', path }] });
const LIST = '/containers/json?all=true&pod=true';
const LOOK: Floor = [[get(LIST)], [get(`/images/${encodeURIComponent(IMAGE)}/json`)]];
const REST: Floor = [[get('/volumes/json'), get('/networks/json'), get('/_ping')]];

/** The network of a project. */
export const networkOf = ({ name }: Pick<PodsOptions, 'name'>): string => `podpose-${PREFIX}${name}`;

/** The requests for an unchanged file. */
export function floorOfUnchanged(): Floor {
  return LOOK;
}

/** The requests that create and start pods. */
export function floorOfUp(options: PodsOptions): Floor {
  const network = networkOf(options);
  const bridge: Request = {
    method: 'POST',
    path: '/networks/create',
    body: { name: network, driver: 'bridge', dns_enabled: true },
  };
  const pods = podsOf(options).map(({ name, containers }): Node => {
    const pod: Request = {
      method: 'POST',
      path: '/pods/create',
      body: {
        name,
        share_parent: true,
        exit_policy: 'continue',
        netns: { nsmode: 'bridge' },
        networks: { [network]: {} },
      },
    };
    return {
      requests: [pod],
      then: containers.map((container) => ({
        requests: [
          create(name, container.name, container, graceOf(options)),
          { method: 'POST', path: `/containers/${name}-${container.name}/start` },
        ],
      })),
    };
  });
  return [...LOOK, ...REST, [{ requests: [bridge] }], pods, [get(LIST)]];
}

/** The requests that stop and remove pods. */
export function floorOfDown(options: PodsOptions): Floor {
  const grace = graceOf(options);
  const pods = podsOf(options).map(({ name }): Node => ({
    requests: [
      { method: 'POST', path: `/pods/${name}/stop?timeout=${grace}&t=${grace}` },
      { method: 'DELETE', path: `/pods/${name}?force=true&timeout=0` },
    ],
  }));
  const bridge: Node = { requests: [{ method: 'DELETE', path: `/networks/${networkOf(options)}` }] };
  return [[get(LIST), get('/volumes/json'), get('/networks/json')], [get('/_ping')], pods, [bridge]];
}

/** The requests that replace the last container. */
export function floorOfChange(options: PodsOptions): Floor {
  const pod = podsOf(options).at(-1);
  const container = pod?.containers.at(-1);
  if (pod === undefined || container === undefined) throw new Error('there is no container');
  const path = `/containers/${pod.name}-${container.name}`;
  const change: Node = {
    requests: [
      create(pod.name, `${container.name}_new`, container, graceOf(options)),
      { method: 'POST', path: `${path}/stop?timeout=30` },
      { method: 'POST', path: `${path}_new/start` },
      { method: 'GET', path: `${path}_new/json` },
      { method: 'DELETE', path: `${path}?force=true&timeout=30` },
      { method: 'POST', path: `${path}_new/rename?name=${pod.name}-${container.name}` },
    ],
  };
  return [...LOOK, ...REST, [change], [get(LIST)]];
}

/** The grace period of Kubernetes, unless the containers ignore SIGTERM. */
function graceOf({ ignoresTerm }: PodsOptions): number {
  return ignoresTerm === true ? GRACE_SECONDS : 30;
}

function create(
  pod: string,
  name: string,
  { command }: { readonly command: readonly string[] },
  grace: number,
): Request {
  return {
    method: 'POST',
    path: '/containers/create',
    body: {
      name: `${pod}-${name}`,
      pod,
      image: IMAGE,
      entrypoint: command,
      stop_timeout: grace,
      umask: '0022',
    },
  };
}

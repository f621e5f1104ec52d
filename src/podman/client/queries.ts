import {
  apiCall,
  bodyOf,
  get,
  isNotFound,
  isSuccess,
  listOf,
  objectOf,
  segment,
  type ApiCall,
} from './api-call.ts';
import type { ApiResponse } from '../../platform/service.ts';
import type { Followed, Query } from './client.ts';

/** podman's version: `podman version 4.3.1`. */
export const ASK_VERSION: Query = {
  args: ['--version'],
  api: apiCall(get('/_ping'), ({ version }) => (version === '' ? undefined : `podman version ${version}`)),
};

/**
 * All containers with their pods, as JSON.
 * @param label only containers with this label: `name=value`
 */
export function listContainers(label?: string): Query {
  const filter = label === undefined ? [] : ['--filter', `label=${label}`];
  const filters =
    label === undefined ? '' : `&filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`;
  return {
    args: ['ps', '--all', '--pod', '--no-trunc', ...filter, '--format', 'json'],
    api: apiCall(get(`/containers/json?all=true&pod=true${filters}`), listOf),
  };
}

/** All volumes, as JSON. */
export const LIST_VOLUMES: Query = {
  args: ['volume', 'ls', '--format', 'json'],
  api: apiCall(get('/volumes/json'), listOf),
};

/** All networks, as JSON. */
export const LIST_NETWORKS: Query = {
  args: ['network', 'ls', '--format', 'json'],
  api: apiCall(get('/networks/json'), listOf),
};

/** The names of all secrets, one in a line. */
export const LIST_SECRETS: Query = {
  args: ['secret', 'ls', '--format', '{{.Name}}'],
  api: apiCall(get('/secrets/json'), (response) => {
    const secrets: unknown = JSON.parse(listOf(response));
    if (!Array.isArray(secrets)) return '';
    return secrets.map((secret: unknown) => memberOf(memberOf(secret, 'Spec'), 'Name')).join('\n');
  }),
};

const IMAGE_FORMAT = '{"Id":"{{.Id}}","RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}}}';

/**
 * One line of JSON for each image, by its names in manifests. podman reports an error for each missing image. `podman
 * images` takes three times as long, because it computes the size of every image.
 */
export function inspectImages(names: readonly string[]): Query {
  return { args: ['image', 'inspect', '--format', IMAGE_FORMAT, ...names], api: inspectImagesCall(names) };
}

function imagePath(name: string): string {
  return `/images/${name.split('/').map(segment).join('/')}/json`;
}

function inspectImagesCall(names: readonly string[]): ApiCall {
  return {
    requests: names.map((name) => get(imagePath(name))),
    outcome: (responses) => {
      if (!responses.every((response) => isSuccess(response) || isNotFound(response))) return undefined;
      const found = responses.filter(isSuccess).map((response) => {
        const { Id, RepoTags, RepoDigests } = objectOf(response, 'Id');
        return JSON.stringify({ Id, RepoTags, RepoDigests });
      });
      const missing = names.filter((_, index) => {
        const response = responses[index];
        return response !== undefined && isNotFound(response);
      });
      return {
        kind: 'exited',
        exitCode: missing.length === 0 ? 0 : 125,
        stdout: found.join('\n'),
        stderr: missing.map((name) => `Error: ${name}: image not known`).join('\n'),
      };
    },
  };
}

/** The details of some containers, as JSON. The query fails if one of them does not exist. */
export function inspectContainers(names: readonly string[]): Query {
  return {
    args: ['container', 'inspect', ...names],
    api: {
      requests: names.map((name) => get(`/containers/${segment(name)}/json`)),
      outcome: (responses) => {
        if (!responses.every(isSuccess)) return undefined;
        for (const response of responses) objectOf(response, 'Id', 'State');
        return { kind: 'exited', exitCode: 0, stdout: `[${responses.map(bodyOf).join(',')}]`, stderr: '' };
      },
    },
  };
}

/** The directory of a volume on this machine. */
export function askVolumeDirectory(volume: string): Query {
  return {
    args: ['volume', 'inspect', '--format', '{{.Mountpoint}}', volume],
    api: apiCall(get(`/volumes/${segment(volume)}/json`), (response) => textIn(response, 'Mountpoint')),
  };
}

/** podman's ID of the infra container of a pod. */
export function askInfraContainer(pod: string): Query {
  return {
    args: ['pod', 'inspect', '--format', '{{.InfraContainerID}}', pod],
    api: apiCall(get(`/pods/${segment(pod)}/json`), (response) => textIn(response, 'InfraContainerID')),
  };
}

/**
 * The infra containers that run, as lines with the name of the pod and the process. The service is asked for those of some
 * pods only, and not by status: to tell the status of a container, podman waits until it has been started, and while a
 * plan is applied, other pods start.
 * @param label only those with this label: `name=value`
 * @param pods podman's names of the pods that matter
 */
export function askSandboxes(label: string, pods: readonly string[]): Query {
  const filters = encodeURIComponent(JSON.stringify({ label: [label], pod: pods }));
  return {
    args: [
      ...['ps', '--pod', '--filter', `label=${label}`],
      ...['--format', '{{if .IsInfra}}{{.PodName}} {{.Pid}}{{end}}'],
    ],
    // Without `all`, podman lists what runs: it looks at the status last.
    api: apiCall(get(`/containers/json?pod=true&filters=${filters}`), (response) => {
      const rows: unknown = JSON.parse(listOf(response));
      return Array.isArray(rows) ? rows.flatMap(sandboxLine).join('\n') : '';
    }),
  };
}

function sandboxLine(row: unknown): readonly string[] {
  const [pod, pid] = [memberOf(row, 'PodName'), memberOf(row, 'Pid')];
  return memberOf(row, 'IsInfra') === true && typeof pod === 'string' && typeof pid === 'number'
    ? [`${pod} ${pid}`]
    : [];
}

/** The address of a container on the network of its pod. */
export function askAddress(container: string): Query {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return { args: ['container', 'inspect', '--format', format, container] };
}

/**
 * The ID of an image. By command: it is asked while commands mount images, which the service of podman 4.3.1 does not
 * notice in time.
 */
export function askImageId(image: string): Query {
  return { args: ['image', 'inspect', '--format', '{{.Id}}', image] };
}

/** podman's state of a container: `created`, `running`. */
export function askState(container: string): Query {
  return {
    args: ['container', 'inspect', '--format', '{{.State.Status}}', container],
    api: apiCall(get(`/containers/${segment(container)}/json`), (response) =>
      textIn(response, 'State', 'Status'),
    ),
  };
}

/** The signal that ends a container: that of its image, unless the manifest has another one. */
export function askStopSignal(container: string): Query {
  return {
    args: ['container', 'inspect', '--format', '{{.Config.StopSignal}}', container],
    api: apiCall(get(`/containers/${segment(container)}/json`), (response) =>
      textIn(response, 'Config', 'StopSignal'),
    ),
  };
}

/** Whether a pod exists. */
export function askPod(pod: string): Query {
  return { args: ['pod', 'exists', pod], api: apiCall(get(`/pods/${segment(pod)}/exists`)) };
}

/** Whether a volume exists. */
export function askVolume(volume: string): Query {
  return { args: ['volume', 'exists', volume], api: apiCall(get(`/volumes/${segment(volume)}/exists`)) };
}

/** Whether a network exists. */
export function askNetwork(network: string): Query {
  return { args: ['network', 'exists', network], api: apiCall(get(`/networks/${segment(network)}/exists`)) };
}

/** The address of the gateway of a network, at which its DNS server listens. */
export function askNetworkGateway(network: string): Query {
  return {
    args: ['network', 'inspect', '--format', '{{(index .Subnets 0).Gateway}}', network],
    api: apiCall(get(`/networks/${segment(network)}/json`), (response) =>
      textIn(response, 'subnets', '0', 'gateway'),
    ),
    isLasting: true,
  };
}

/** The name of the bridge of a network. */
export function askNetworkInterface(network: string): Query {
  return {
    args: ['network', 'inspect', '--format', '{{.NetworkInterface}}', network],
    api: apiCall(get(`/networks/${segment(network)}/json`), (response) =>
      textIn(response, 'network_interface'),
    ),
  };
}

/** Whether a secret exists. `podman secret exists` is not in podman 4.3. */
export function askSecret(secret: string): Query {
  return {
    args: ['secret', 'inspect', '--format', '{{.ID}}', secret],
    api: apiCall(get(`/secrets/${segment(secret)}/json`), (response) => textIn(response, 'ID')),
  };
}

/** Whether a container runs, like `podman top`: the fastest command that fails if it does not. */
export function askRunning(container: string): Query & { readonly api: ApiCall } {
  return {
    args: ['top', container, 'pid'],
    api: apiCall(get(`/containers/${segment(container)}/json`), (response) =>
      memberOf(memberOf(JSON.parse(response.body), 'State'), 'Running') === true ? '' : undefined,
    ),
  };
}

/** Not `exec`: a probe makes several of them. */
const STATUSES = ['create', 'start', 'kill', 'stop', 'died', 'pause', 'unpause', 'remove'];

function filtersOf(label: string): Readonly<Record<string, readonly string[]>> {
  return { type: ['container'], event: STATUSES, label: [label] };
}

function filterFlags(label: string): readonly string[] {
  return Object.entries(filtersOf(label)).flatMap(([name, values]) =>
    values.flatMap((value) => ['--filter', `${name}=${value}`]),
  );
}

function filterParameter(label: string): string {
  return `filters=${encodeURIComponent(JSON.stringify(filtersOf(label)))}`;
}

/** The events of the containers with a label (`name=value`) from now on, one JSON object a line. */
export function followEvents(label: string): Followed {
  return {
    args: ['events', '--format', 'json', ...filterFlags(label)],
    path: `/events?stream=true&${filterParameter(label)}`,
  };
}

/** The events of the containers with a label (`name=value`) since a time, in seconds since 1970. */
export function pastEvents(label: string, since: number): Query {
  const seconds = Math.floor(since).toString();
  return {
    args: ['events', '--stream=false', '--since', seconds, '--format', 'json', ...filterFlags(label)],
    api: apiCall(
      {
        ...get(`/events?stream=false&since=${seconds}&${filterParameter(label)}`),
        limitSeconds: LONGEST_SEARCH,
      },
      ({ body }) => body,
    ),
  };
}

/** In seconds. podman reads all events since the time, of which the journal can have millions. */
const LONGEST_SEARCH = 20;

/** A text in the response, by the names of the members that lead to it. */
function textIn(response: ApiResponse, ...path: readonly string[]): string | undefined {
  const value = path.reduce<unknown>(memberOf, JSON.parse(response.body));
  return typeof value === 'string' || typeof value === 'number' ? value.toString() : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

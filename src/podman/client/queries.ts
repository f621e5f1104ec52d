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
import type { Query } from './client.ts';

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

const IMAGE_FORMAT = '{"Id":"{{.Id}}","RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}}}';

/**
 * One line of JSON for each image, by its names in manifests. podman reports an error for each missing image. `podman
 * images` takes three times as long, because it computes the size of every image.
 */
export function inspectImages(names: readonly string[]): Query {
  return { args: ['image', 'inspect', '--format', IMAGE_FORMAT, ...names], api: inspectImagesCall(names) };
}

function inspectImagesCall(names: readonly string[]): ApiCall {
  return {
    requests: names.map((name) => get(`/images/${name.split('/').map(segment).join('/')}/json`)),
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

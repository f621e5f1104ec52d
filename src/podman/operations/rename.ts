import { apiCall, get, post, segment, type ApiCall } from '../client/api-call.ts';

/*
 * The API requests of operations that change containers. Only requests that work on every podman are used. Commands
 * start, stop and remove: a service caches its mounts and does not notice in time what commands mount and unmount
 * (podman 4.3.1, image volumes).
 */

export function renameCall(from: string, to: string): ApiCall {
  return apiCall(post(`/containers/${segment(from)}/rename?name=${encodeURIComponent(to)}`));
}

/** Like `podman top`, it fails for a container that is not running. */
export function isRunningCall(name: string): ApiCall {
  return apiCall(get(`/containers/${segment(name)}/json`), ({ body }) => {
    const { State: state } = JSON.parse(body) as { readonly State?: { readonly Running?: unknown } };
    return state?.Running === true ? '' : undefined;
  });
}

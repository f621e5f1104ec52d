import { apiCall, get, post, segment, type ApiCall } from '../client/api-call.ts';

/*
 * What changes a container and is done by a request on every podman. What starts, stops or removes is left to commands: a
 * service remembers what is mounted, and does not notice in time what the commands beside it mount and unmount (podman
 * 4.3.1, volumes of images).
 */

export function renameCall(from: string, to: string): ApiCall {
  return apiCall(post(`/containers/${segment(from)}/rename?name=${encodeURIComponent(to)}`));
}

/** `podman top` fails for a container that does not run. */
export function isRunningCall(name: string): ApiCall {
  return apiCall(get(`/containers/${segment(name)}/json`), ({ body }) => {
    const { State: state } = JSON.parse(body) as { readonly State?: { readonly Running?: unknown } };
    return state?.Running === true ? '' : undefined;
  });
}

/**
 * The device of a resource name in the notation of `podman kube play`; undefined for any other resource. It is the value of
 * podman's `--device`: a path for `podman.io/device=PATH`, else a CDI device such as `nvidia.com/gpu=all`
 * (setupContainerDevices in pkg/specgen/generate/kube of podman, ParseDevice in the parser of
 * https://github.com/cncf-tags/container-device-interface). A cluster accepts no such name.
 */
export function podmanDevice(resource: string): string | undefined {
  const equals = resource.indexOf('=');
  if (equals < 0) return undefined;
  const [kind, name] = [resource.slice(0, equals), resource.slice(equals + 1)];
  const [vendor = '', deviceClass = '', ...others] = kind.split('/');
  if (others.length > 0 || !isWord(vendor) || !isWord(deviceClass)) return undefined;
  if (/^[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?$/.test(name)) return resource;
  return kind === 'podman.io/device' && name.startsWith('/') ? name : undefined;
}

function isWord(text: string): boolean {
  return /^[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(text);
}

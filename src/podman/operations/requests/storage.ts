import { defined } from '../../../base/defined.ts';
import { post, segment } from '../../client/api-call.ts';
import type { ApiChange } from '../../client/client.ts';
import { askSecret, askVolume } from '../../client/queries.ts';
import { CHANGE_SECONDS, exists, isAbsent } from './requests.ts';

/**
 * `podman volume create`. With the driver `image`, podman creates a container from an image, which it may have to pull.
 * @param driver podman's own if undefined
 */
export function createVolumeChange(
  name: string,
  options: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
  args: readonly string[],
  driver?: string,
): ApiChange {
  return {
    request: {
      ...post('/volumes/create'),
      body: JSON.stringify({ Name: name, ...defined({ Driver: driver }), Options: options, Label: labels }),
      limitSeconds: CHANGE_SECONDS,
    },
    command: { program: 'podman', args },
    verify: exists(askVolume(name)),
  };
}

/** `podman volume rm`. */
export function removeVolumeChange(name: string): ApiChange {
  return {
    request: { method: 'DELETE', path: `/volumes/${segment(name)}`, limitSeconds: CHANGE_SECONDS },
    command: { program: 'podman', args: ['volume', 'rm', name] },
    verify: { query: askVolume(name), isMade: isAbsent },
  };
}

/** `podman secret create`. */
export function createSecretChange(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: Uint8Array,
  args: readonly string[],
): ApiChange {
  const parameters = `name=${encodeURIComponent(name)}&labels=${encodeURIComponent(JSON.stringify(labels))}`;
  return {
    request: { ...post(`/secrets/create?${parameters}`), body: value },
    command: { program: 'sh', args, input: value },
    verify: exists(askSecret(name)),
  };
}

/** `podman secret rm`. */
export function removeSecretChange(name: string): ApiChange {
  return {
    request: { method: 'DELETE', path: `/secrets/${segment(name)}` },
    command: { program: 'podman', args: ['secret', 'rm', name] },
    verify: { query: askSecret(name), isMade: isAbsent },
  };
}

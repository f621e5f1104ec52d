import type { ContainerOperation } from './container.ts';
import type { CreateListRecord } from './container-list.ts';
import type { FilesOperation } from './files.ts';
import type { HookOperation } from './hooks.ts';
import type { HostPathOperation } from './host-path.ts';
import type { ImageOperation } from './image.ts';
import type { JobOperation } from './job.ts';
import type { NetworkOperation } from './network.ts';
import type { PodOperation } from './pod.ts';
import type { ReadinessOperation } from './readiness.ts';
import type { SecretOperation } from './secret.ts';
import type { ServiceOperation } from './service.ts';
import type { StartupOperation } from './startup.ts';
import type { SubPathOperation } from './sub-path.ts';
import type { VolumeOperation } from './volume.ts';

/**
 * The operations of podpose on podman, as data. One operation is one command. All objects have names that are known in
 * advance, so that commands can be read, compared and pasted into a shell.
 */
export type Operation =
  | ImageOperation
  | VolumeOperation
  | FilesOperation
  | CreateListRecord
  | HostPathOperation
  | SubPathOperation
  | SecretOperation
  | NetworkOperation
  | PodOperation
  | ServiceOperation
  | JobOperation
  | ContainerOperation
  | ReadinessOperation
  | StartupOperation
  | HookOperation;

import type { PodmanCapabilities } from '../inspect/version.ts';
import type { WatcherRecord } from '../watcher-record.ts';
import type { Command } from './argument.ts';
import { CONTAINER_OPERATIONS } from './container.ts';
import type { Definitions, OperationDefinition, OperationPolicy } from './definition.ts';
import { LIST_OPERATIONS } from './container-list.ts';
import { FILES_OPERATIONS } from './files.ts';
import { HOOK_OPERATIONS } from './hooks.ts';
import { HOST_PATH_OPERATIONS } from './host-path.ts';
import { IMAGE_OPERATIONS } from './image.ts';
import { JOB_OPERATIONS } from './job.ts';
import { NETWORK_OPERATIONS } from './network.ts';
import type { Operation } from './operation.ts';
import { POD_OPERATIONS } from './pod.ts';
import { READINESS_OPERATIONS } from './readiness.ts';
import { SECRET_OPERATIONS } from './secret.ts';
import { SERVICE_OPERATIONS } from './service.ts';
import { STARTUP_OPERATIONS } from './startup.ts';
import { SUB_PATH_OPERATIONS } from './sub-path.ts';
import { VOLUME_OPERATIONS } from './volume.ts';

/** All kinds of operations. The compiler reports a kind without a definition. */
const DEFINITIONS: Definitions<Operation> = {
  ...IMAGE_OPERATIONS,
  ...VOLUME_OPERATIONS,
  ...FILES_OPERATIONS,
  ...LIST_OPERATIONS,
  ...HOST_PATH_OPERATIONS,
  ...SUB_PATH_OPERATIONS,
  ...SECRET_OPERATIONS,
  ...NETWORK_OPERATIONS,
  ...POD_OPERATIONS,
  ...SERVICE_OPERATIONS,
  ...JOB_OPERATIONS,
  ...CONTAINER_OPERATIONS,
  ...HOOK_OPERATIONS,
  ...STARTUP_OPERATIONS,
  ...READINESS_OPERATIONS,
};

/** The definition of an operation's kind. */
export function definitionOf({ kind }: Operation): OperationDefinition<Operation> {
  return DEFINITIONS[kind];
}

/**
 * The command of an operation.
 * @param podman the podman that the user has chosen, for the few scripts that run it again
 */
export function commandOf(
  operation: Operation,
  capabilities: PodmanCapabilities,
  podman = 'podman',
): Command {
  return definitionOf(operation).command(operation, capabilities, podman);
}

export function policyOf(operation: Operation): OperationPolicy {
  return definitionOf(operation).policy?.(operation) ?? {};
}

/**
 * The operation for a retry after a failure.
 * @param restarts what is known of the runs of the container that it replaces; absent if it has not run
 */
export function retryOf(operation: Operation, restarts?: WatcherRecord): Operation {
  return definitionOf(operation).again?.(operation, restarts) ?? operation;
}

/** The kind of an operation in the JSON formats. */
export function publishedKind(operation: Operation): string {
  return definitionOf(operation).publishedKind ?? operation.kind;
}

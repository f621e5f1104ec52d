import { defined } from '../base/defined.ts';
import type { ApplyEvent } from '../apply/events.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Result } from '../base/result.ts';
import type { WatchNotice } from '../kubelet/watched.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import type { Platform } from '../platform/platform.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { patientClient } from '../podman/client/patient-client.ts';
import { askVersion } from '../podman/inspect/ask-version.ts';
import { capabilitiesOf, type PodmanCapabilities, type PodmanVersion } from '../podman/inspect/version.ts';
import { failed, type EngineResult } from './failure.ts';
import type { Wait } from './pod-readiness.ts';
import { success } from '../base/result.ts';

export type { WatchNotice } from '../kubelet/watched.ts';

/** Parts of the platform that use cases need: no terminal, no arguments. */
export type EnginePlatform = Pick<
  Platform,
  | 'env'
  | 'cwd'
  | 'files'
  | 'createFile'
  | 'replaceFile'
  | 'removeFile'
  | 'createRunner'
  | 'userId'
  | 'program'
  | 'logFiles'
  | 'readStdin'
  | 'clock'
  | 'today'
  | 'prepareForInput'
  | 'machine'
  | 'machineKey'
  | 'pid'
  | 'lock'
  | 'sockets'
  | 'network'
  | 'openNetwork'
  | 'background'
  | 'runtimeFiles'
  | 'probePort'
  | 'lookUpHost'
>;

/** The end of a container whose logs are followed. */
export interface EndedContainer {
  readonly pod: string;
  readonly container: string;
  readonly exitCode: number;
  readonly isRestarted: boolean;
  /** The deadline of its pod has passed. */
  readonly isPastDeadline?: true;
}

/** Events of a running use case. Its outcome is the result. */
export type EngineEvent =
  /** Warnings, and errors of one item while the others continue. */
  | {
      readonly kind: 'diagnostics';
      readonly diagnostics: readonly Diagnostic[];
      readonly sources?: readonly ManifestSource[];
    }
  /** podman has not answered a query for some seconds. */
  | { readonly kind: 'waiting-for-podman'; readonly program: string; readonly args: readonly string[] }
  /** Another podpose holds the lock of the project. */
  | { readonly kind: 'waiting-for-lock'; readonly project: string; readonly holder: string }
  /** A conflict with another change: podpose observes and plans again. */
  | { readonly kind: 'planning-again' }
  /** What was planned again has no steps: all was done meanwhile. */
  | { readonly kind: 'nothing-left' }
  /** `up --wait` waits for these; emitted when they change. `seconds`: since the wait began. */
  | { readonly kind: 'waiting-for-pods'; readonly waits: readonly Wait[]; readonly seconds: number }
  /** A signal has ended the wait of `up --wait`. */
  | { readonly kind: 'waiting-interrupted' }
  | { readonly kind: 'following-logs' }
  /** A container has ended whose logs are followed. */
  | ({ readonly kind: 'container-ended' } & EndedContainer)
  /** A container has ended, or was restarted. */
  | { readonly kind: 'watched'; readonly notice: WatchNotice }
  /** Another process watches the containers. One that does not answer may not restart them. */
  | { readonly kind: 'watched-elsewhere'; readonly project: string; readonly isAnswering: boolean }
  /** The other process has ended, and this one watches again. */
  | { readonly kind: 'watching-again'; readonly project: string }
  /** @property seconds the longest grace period */
  | { readonly kind: 'stopping-pods'; readonly pods: readonly string[]; readonly seconds: number }
  | { readonly kind: 'pods-stopped'; readonly project: string; readonly isKilled: boolean };

/** Shows the progress of applying a plan. */
export interface ApplyView {
  readonly emit: (event: ApplyEvent) => void;
  /** Resolves when all output is written. */
  readonly close: () => Promise<void>;
}

/** Caller of a use case: a terminal, a program, a test. */
export interface Host {
  readonly emit: (event: EngineEvent) => void;
  readonly openApplyView: () => Promise<ApplyView>;
  /**
   * Registers a redactor for the secret values of the manifests. From then on the host redacts them in all output without
   * a location in a file: podman's messages may quote them.
   */
  readonly hideSecrets: (redact: (text: string) => string) => void;
}

export interface Engine {
  readonly platform: EnginePlatform;
  readonly podman: PodmanClient;
  readonly host: Host;
  /** Version of podman. Queried once, on first use. */
  readonly version: (podman?: PodmanClient) => Promise<Result<PodmanVersion>>;
}

export function createEngine(platform: EnginePlatform, podman: PodmanClient, host: Host): Engine {
  let version: Promise<Result<PodmanVersion>> | undefined;
  return { platform, podman, host, version: (asker = podman) => (version ??= askVersion(asker)) };
}

/**
 * The engine for the read-only part of a use case: its queries have a time limit, and it reports slow ones.
 * @param cancel cancels pending queries and their reports
 */
export function queryEngine(engine: Engine, cancel?: AbortSignal): Engine {
  const { platform, host } = engine;
  const emit: Host['emit'] = (event) => {
    if (cancel?.aborted !== true) host.emit(event);
  };
  const podman = patientClient(engine.podman, {
    sleep: platform.clock.sleep,
    onWaiting: (program, args) => {
      emit({ kind: 'waiting-for-podman', program, args });
    },
    ...defined({ cancel }),
  });
  return { ...engine, podman, host: { ...host, emit }, version: () => engine.version(podman) };
}

/** Capabilities of the user's podman. */
export async function askCapabilities({ version }: Engine): Promise<EngineResult<PodmanCapabilities>> {
  const answer = await version();
  return answer.ok ? success(capabilitiesOf(answer.value)) : failed('failed', answer.error);
}

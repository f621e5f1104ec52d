import type { ApplyEvent } from '../apply/events.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Result } from '../base/result.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import type { Platform } from '../platform/platform.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { patientClient } from '../podman/client/patient-client.ts';
import { askVersion } from '../podman/inspect/ask-version.ts';
import { capabilitiesOf, type PodmanCapabilities, type PodmanVersion } from '../podman/inspect/version.ts';
import { failed, type EngineResult } from './failure.ts';
import { success } from '../base/result.ts';

/** What the use cases need of the machine: no terminal, and no arguments. */
export type EnginePlatform = Pick<
  Platform,
  | 'env'
  | 'cwd'
  | 'files'
  | 'logFiles'
  | 'readStdin'
  | 'clock'
  | 'today'
  | 'machine'
  | 'machineKey'
  | 'pid'
  | 'lock'
  | 'probePort'
>;

/** What a use case reports on its way. What it comes to is its result. */
export type EngineEvent =
  /** Warnings, and what is wrong with one of several things while the others go on. */
  | {
      readonly kind: 'diagnostics';
      readonly diagnostics: readonly Diagnostic[];
      readonly sources?: readonly ManifestSource[];
    }
  /** podman has not answered a question for some seconds. */
  | { readonly kind: 'waiting-for-podman'; readonly program: string; readonly args: readonly string[] }
  /** Another podpose changes the project. */
  | { readonly kind: 'waiting-for-lock'; readonly project: string; readonly holder: string }
  /** Something else has changed the same things: podman is observed and the plan made once more. */
  | { readonly kind: 'planning-again' }
  /** What was planned again has no steps: all was done meanwhile. */
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'following-logs' }
  | { readonly kind: 'stopping-pods'; readonly pods: readonly string[] }
  | { readonly kind: 'pods-stopped'; readonly isKilled: boolean };

/** Shows how a plan is applied. */
export interface ApplyView {
  readonly emit: (event: ApplyEvent) => void;
  /** Resolves when all is shown. */
  readonly close: () => Promise<void>;
}

/** Whoever runs a use case: a terminal, a program, a test. */
export interface Host {
  readonly emit: (event: EngineEvent) => void;
  readonly openApplyView: () => Promise<ApplyView>;
  /**
   * Hands over what hides the secret values of the manifests that were read. From then on they are hidden in all that is
   * shown and has no place in a file: what podman says may quote them.
   */
  readonly hideSecrets: (redact: (text: string) => string) => void;
}

export interface Engine {
  readonly platform: EnginePlatform;
  readonly podman: PodmanClient;
  readonly host: Host;
  /** Which podman it is. It is asked once, by whoever needs it first. */
  readonly version: (podman?: PodmanClient) => Promise<Result<PodmanVersion>>;
}

export function createEngine(platform: EnginePlatform, podman: PodmanClient, host: Host): Engine {
  let version: Promise<Result<PodmanVersion>> | undefined;
  return { platform, podman, host, version: (asker = podman) => (version ??= askVersion(asker)) };
}

/**
 * The engine for the part of a use case that only asks podman: it reports what it waits for, and its queries have a time
 * limit.
 * @param cancel ends the queries that have no answer yet, and silences what would be reported of them
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
    ...(cancel === undefined ? {} : { cancel }),
  });
  return { ...engine, podman, host: { ...host, emit }, version: () => engine.version(podman) };
}

/** What the user's podman can do. */
export async function askCapabilities({ version }: Engine): Promise<EngineResult<PodmanCapabilities>> {
  const answer = await version();
  return answer.ok ? success(capabilitiesOf(answer.value)) : failed('failed', answer.error);
}

import type { ContainerFacts, ContainerStage, PodFacts } from '../../../src/kube/status/facts.ts';

export const absent: ContainerStage = { kind: 'absent' };
export const created: ContainerStage = { kind: 'created' };
export const unstartable = { kind: 'start-failed', message: 'no such program' } satisfies ContainerStage;
export const running: ContainerStage = { kind: 'running', isPaused: false };
export const paused: ContainerStage = { kind: 'running', isPaused: true };
export const completed: ContainerStage = { kind: 'ended', exitCode: 0 };
export const failed: ContainerStage = { kind: 'ended', exitCode: 3 };
export const killed: ContainerStage = { kind: 'ended', exitCode: 137, reason: 'OOMKilled' };
export const unnamed: ContainerStage = { kind: 'ended', exitCode: 7, reason: '' };
export const backOff: ContainerStage = { kind: 'backing-off', exitCode: 1 };
export const retriedStart = {
  ...unstartable,
  backOff: { seconds: 10, until: 1_000_000 },
} satisfies ContainerStage;
export const unknown: ContainerStage = { kind: 'unknown' };
export const withoutConfig: ContainerStage = {
  kind: 'config-error',
  message: 'no such secret',
};

export type Stage = ContainerStage;

type OneContainer = ContainerStage | (Partial<ContainerFacts> & { readonly stage: ContainerStage });
type Rest = Partial<Omit<PodFacts, 'initContainers' | 'containers'>>;

/** In a sandbox that has ended. */
export const cutOff = (stage: ContainerStage) => ({ stage, hasLostSandbox: true }) as const;
export const sidecar = (stage: ContainerStage, rest: Partial<ContainerFacts> = {}) =>
  ({ stage, isSidecar: true, ...rest }) as const;
/** Running, with the answers of its probes. */
export const probed = (answers: Pick<ContainerFacts, 'started' | 'ready' | 'readySince'>): OneContainer => ({
  stage: running,
  ...answers,
});

export const never: Rest = { restartPolicy: 'Never' };
export const onFailure: Rest = { restartPolicy: 'OnFailure' };
export const terminal: Rest = { isTerminal: true };

/** A pod with init containers `i0`, `i1` ... and containers `c0`, `c1` ... */
export function pod(
  inits: readonly OneContainer[],
  apps: readonly OneContainer[],
  rest: Rest = {},
): PodFacts {
  const facts = (prefix: string, containers: readonly OneContainer[]) =>
    containers.map((container, index): ContainerFacts => ({
      name: `${prefix}${index}`,
      restarts: 0,
      ...('stage' in container ? container : { stage: container }),
    }));
  return {
    restartPolicy: 'Always',
    initContainers: facts('i', inits),
    containers: facts('c', apps),
    isTerminal: false,
    isTerminating: false,
    sandboxStartedAt: 0,
    ...rest,
  };
}

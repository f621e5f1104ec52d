import type { Diagnostic } from '../base/diagnostic.ts';
import { messageSource, readMessage } from '../podman/inspect/termination-message.ts';
import { containerName } from '../podman/names.ts';
import { containerSubject } from '../podman/operations/subjects.ts';
import type { TroubledContainer } from './container-troubles.ts';
import type { Engine } from './engine.ts';
import { readLastLines } from './last-output.ts';
import type { Wait } from './pod-readiness.ts';

const LAST_LINES = 20;

/** An error for each container, with its exit code, its termination message and its last lines of output. */
export function troubleDiagnostics(
  engine: Pick<Engine, 'platform' | 'podman'>,
  troubles: readonly TroubledContainer[],
  stop: AbortSignal,
): Promise<readonly Diagnostic[]> {
  return Promise.all(troubles.map((one) => troubleDiagnostic(engine, one, stop)));
}

async function troubleDiagnostic(
  engine: Pick<Engine, 'platform' | 'podman'>,
  troubled: TroubledContainer,
  stop: AbortSignal,
): Promise<Diagnostic> {
  const { pod, container } = troubled;
  const source = { pod: pod.name, container: container.name, name: containerName(pod, container) };
  const [message, lines] = await Promise.all([
    firstMessageLine(engine, troubled),
    troubled.trouble.kind === 'not-started' ? [] : readLastLines(engine, source, LAST_LINES, stop),
  ]);
  return {
    code: 'container-failed',
    severity: 'error',
    message: [
      `${containerSubject(pod.name, container.name, container.role)} ${troubleWords(troubled)}${message}`,
      ...lines.map((line) => `| ${line}`),
    ].join('\n'),
    help: `podpose logs ${pod.name}/${container.name} shows its output.`,
  };
}

/** An error for each container that was not ready in time, with its last lines of output. */
export function waitDiagnostics(
  engine: Pick<Engine, 'platform' | 'podman'>,
  waits: readonly Wait[],
  stop: AbortSignal,
): Promise<readonly Diagnostic[]> {
  return Promise.all(
    waits.map(async ({ pod, container, role, state }): Promise<Diagnostic> => {
      const words = state === 'running' ? 'has not completed in time' : `was not ready in time: ${state}`;
      if (container === undefined)
        return { code: 'not-ready', severity: 'error', message: `pod/${pod} ${words}` };
      const source = { pod, container, name: containerName({ name: pod }, { name: container }) };
      const lines = await readLastLines(engine, source, LAST_LINES, stop);
      return {
        code: 'not-ready',
        severity: 'error',
        message: [
          `${containerSubject(pod, container, role)} ${words}`,
          ...lines.map((line) => `| ${line}`),
        ].join('\n'),
        help: `podpose logs ${pod}/${container} shows its output.`,
      };
    }),
  );
}

/** The trouble as words that follow the container. They do not depend on the moment of the check. */
function troubleWords({ trouble }: TroubledContainer): string {
  switch (trouble.kind) {
    case 'failed':
      return `failed with exit code ${trouble.exitCode}`;
    case 'restarting': {
      const { policy, exitCode } = trouble;
      const verb = exitCode === 0 ? 'ended' : 'failed';
      const end = exitCode === undefined ? verb : `${verb} with exit code ${exitCode}`;
      const again = policy === 'OnFailure' ? 'is being retried' : 'is being restarted';
      const why = policy === 'Never' ? 'restartPolicyRules' : `restartPolicy: ${policy}`;
      return `${end} and ${again} (${why})`;
    }
    case 'not-started':
      return trouble.stage === 'absent' ? 'no longer exists' : 'is not running';
  }
}

/** Why the start has failed, or the first line of the termination message, as a suffix `: TEXT`. Empty if there is none. */
async function firstMessageLine(
  { podman }: Pick<Engine, 'podman'>,
  { pod, container, trouble, startError }: TroubledContainer,
): Promise<string> {
  if (trouble.kind === 'not-started' && startError !== undefined) return `: ${startError}`;
  if (trouble.kind === 'not-started' || trouble.exitCode === undefined) return '';
  const message = await readMessage(podman, messageSource(pod, container), trouble.exitCode);
  return message === '' ? '' : `: ${message.split('\n', 1)[0] ?? ''}`;
}

import { memberOf } from '../../base/json-members.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';
import { inspectContainers } from '../client/queries.ts';
import { explainPodmanFailure } from '../errors.ts';
import { containerExitCode } from '../exit-code.ts';
import { nanosecondsOf } from '../logs/record.ts';
import { parseList } from './decode.ts';
import { startFailureOf } from './start-failure.ts';

/** The last run of a container, as `podman inspect` shows it. Times are milliseconds since 1970, with fractions. */
export interface RunDetails {
  readonly id: string;
  /** podman's state, such as `running`. */
  readonly status: string;
  /** podman's text; another text means another start. */
  readonly startedText: string;
  /** 0 if it was never started. */
  readonly startedAt: number;
  /** 0 if it has never ended. */
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly isOomKilled: boolean;
  /** Of a container that never ran: why it could not be started, as `startFailureOf` tells it. */
  readonly startFailure: string | undefined;
  /** `podman stop` or `podman kill` has ended it. False before podman 5, which does not tell. */
  readonly isStoppedByUser: boolean;
  /** Whether podman itself restarts it. */
  readonly isRestartedByPodman: boolean;
}

/** Inspects the last runs of containers. Fails if one of them does not exist. */
export async function askRunDetails(
  podman: PodmanClient,
  ids: readonly string[],
): Promise<Result<readonly RunDetails[]>> {
  if (ids.length === 0) return success([]);
  const answer = await podman.query(inspectContainers(ids));
  if (!succeeded(answer))
    return failure([explainPodmanFailure(answer.stderr.split('\n'), "'podman container inspect'")]);
  try {
    return success(parseList(answer.stdout).map(decodeRun));
  } catch {
    return failure([explainPodmanFailure(['Error: unexpected JSON'], "'podman container inspect'")]);
  }
}

type Row = ReturnType<typeof parseList>[number];

/** Exported for tests. */
export function decodeRun(row: Row): RunDetails {
  const state = (member: string) => memberOf(row, 'State', member);
  const policy = memberOf(row, 'HostConfig', 'RestartPolicy', 'Name');
  return {
    id: textOf(row['Id']),
    status: textOf(state('Status')),
    startedText: textOf(state('StartedAt')),
    startedAt: millisecondsOf(state('StartedAt')),
    finishedAt: millisecondsOf(state('FinishedAt')),
    exitCode: containerExitCode(typeof state('ExitCode') === 'number' ? Number(state('ExitCode')) : 0),
    isOomKilled: state('OOMKilled') === true,
    startFailure: startFailureOf({
      ...{ error: state('Error'), configPath: row['OCIConfigPath'], hostnamePath: row['HostnamePath'] },
    }),
    isStoppedByUser: state('StoppedByUser') === true,
    isRestartedByPodman: !['', 'no'].includes(textOf(policy)),
  };
}

/** Milliseconds since 1970; 0 for Go's zero time, which is in the year 1. */
export function millisecondsOf(time: unknown): number {
  const nanoseconds = nanosecondsOf(textOf(time)) ?? 0n;
  return nanoseconds <= 0n ? 0 : Number(nanoseconds / 1000n) / 1000;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import { isObject } from '../../base/json-members.ts';
import { parseJson } from '../../base/parse-json.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';
import { pastEvents } from '../client/queries.ts';
import { containerExitCode } from '../exit-code.ts';
import { LABEL } from '../labels.ts';
import { millisecondsOf } from './run-details.ts';

/** An event of a container. Times are milliseconds since 1970, with fractions. */
export interface ContainerEvent {
  readonly id: string;
  /** `start`, `died`, `remove` and others. */
  readonly status: string;
  readonly at: number;
  /** Of `died`. */
  readonly exitCode?: number;
  /** The pod, by its name in the manifest; empty if the label is missing. */
  readonly pod: string;
  /** Of the infra container of its pod. */
  readonly isInfra?: true;
}

/**
 * The recorded events of a project's containers in their order; empty if podman keeps none.
 * @param cancel ends the search: the answer is empty
 */
export async function askPastEvents(
  podman: PodmanClient,
  project: string,
  since: number,
  cancel: AbortSignal,
): Promise<readonly ContainerEvent[]> {
  const answer = await podman.query(pastEvents(`${LABEL.project}=${project}`, since), cancel);
  if (!succeeded(answer)) return [];
  return answer.stdout
    .split('\n')
    .flatMap((line) => decodeEvent(line) ?? [])
    .sort((a, b) => a.at - b.at);
}

/**
 * Decodes a line of podman's events, by command or by request; undefined for any other text. The command of podman 4
 * prints the time as text, that of podman 5 as numbers.
 */
export function decodeEvent(line: string): ContainerEvent | undefined {
  const event = parseJson(line);
  if (!isObject(event)) return undefined;
  const actor = isObject(event['Actor']) ? event['Actor'] : {};
  const attributes = isObject(actor['Attributes']) ? actor['Attributes'] : {};
  const [id, status] = [event['ID'] ?? event['id'] ?? actor['ID'], event['Status'] ?? event['status']];
  if (typeof id !== 'string' || typeof status !== 'string') return undefined;
  const exitCode = numberOf(event['ContainerExitCode'] ?? attributes['containerExitCode']);
  const { [LABEL.pod]: pod, [LABEL.role]: role } = attributes;
  return {
    ...{ id, status, at: timeOf(event), pod: typeof pod === 'string' ? pod : '' },
    ...(exitCode === undefined ? {} : { exitCode: containerExitCode(exitCode) }),
    ...(role === 'pod' ? { isInfra: true } : {}),
  };
}

function timeOf(event: Readonly<Record<string, unknown>>): number {
  if (typeof event['Time'] === 'string') return millisecondsOf(event['Time']);
  const nanoseconds = numberOf(event['timeNano']);
  return nanoseconds === undefined ? (numberOf(event['time']) ?? 0) * 1000 : nanoseconds / 1e6;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

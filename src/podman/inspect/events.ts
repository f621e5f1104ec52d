import { isObject } from '../../base/json-members.ts';
import { containerExitCode } from '../exit-code.ts';
import { decodeOwnership, type Role } from '../labels.ts';

/** An event of a container of podpose. */
export interface ContainerEvent {
  /** Seconds since 1970. */
  readonly at: number;
  /** podman's word: `create`, `start`, `died`, `kill` ... */
  readonly status: string;
  readonly project: string;
  readonly pod: string;
  readonly role: Role;
  /** The name of the container in its pod; empty for the infra container. */
  readonly container: string;
  /** podman's ID. */
  readonly id: string;
  readonly image: string;
  /** 0 if podman does not report one. */
  readonly exitCode: number;
}

/**
 * The arguments of `podman events` for the containers of a project. Only containers have labels in their events in all
 * versions.
 * @param since seconds since 1970
 */
export function eventsArguments(project: string, since: number, isFollowed: boolean): readonly string[] {
  return [
    'events',
    ...(isFollowed ? [] : ['--stream=false']),
    ...['--since', Math.floor(since).toString()],
    ...['--filter', 'type=container', '--filter', `label=podpose.project=${project}`],
    ...['--format', '{{json .}}'],
  ];
}

/** Decodes a line of `podman events`. Undefined for anything that is no event of a container of podpose. */
export function decodeEvent(line: string): ContainerEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  const event: unknown = JSON.parse(line);
  if (!isObject(event)) return undefined;
  const { ID: id, Status: status, Attributes: attributes, Image: image, ContainerExitCode: exitCode } = event;
  if (typeof id !== 'string' || typeof status !== 'string' || !isObject(attributes)) return undefined;
  const labels = Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const owner = decodeOwnership(labels);
  if (owner === undefined) return undefined;
  return {
    at: timeOf(event),
    status,
    project: owner.project,
    pod: owner.pod,
    role: owner.role,
    container: owner.name ?? '',
    id,
    image: typeof image === 'string' ? image : '',
    exitCode: containerExitCode(typeof exitCode === 'number' ? exitCode : 0),
  };
}

/** A text on podman 4.3.1, numbers from 5 on. */
function timeOf({ Time, timeNano, time }: Readonly<Record<string, unknown>>): number {
  if (typeof timeNano === 'number') return Math.round(timeNano / 1e6) / 1000;
  if (typeof time === 'number') return time;
  return typeof Time === 'string' ? Date.parse(Time) / 1000 : 0;
}

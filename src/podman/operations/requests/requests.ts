import { succeeded } from '../../../platform/process.ts';
import type { Answer, Query, Verification } from '../../client/client.ts';
import type { PodmanCapabilities } from '../../inspect/version.ts';
import type { AskedArgument, Command, CommandRequests } from '../argument.ts';
import { hasBody, type Setting } from '../setting.ts';

/*
 * Requests that make the changes of commands: https://docs.podman.io/en/latest/_static/api.html. Each has the command
 * that makes the same change alone.
 */

/** The command with its requests, if this podman's service makes changes. */
export function withRequests(
  command: Command,
  capabilities: PodmanCapabilities,
  stages: CommandRequests['stages'],
  asked: readonly AskedArgument[] = [],
): Command {
  return capabilities.requests ? { ...command, requests: { stages, asked } } : command;
}

/** The same for the creation of an object: a setting that only the command has prevents the requests. */
export function withCreation(
  command: Command,
  capabilities: PodmanCapabilities,
  settings: readonly Setting[],
  stages: CommandRequests['stages'],
): Command {
  return hasBody(settings) ? withRequests(command, capabilities, stages) : command;
}

/**
 * The time limit of a change in seconds. A start can wait for a lock while other containers of the pod start, or for a
 * slow disk.
 */
export const CHANGE_SECONDS = 60;

export function isGone(answer: Answer): boolean {
  return answer.kind === 'exited' && answer.exitCode !== 0 && /no such|not found/i.test(answer.stderr);
}

/** An object that exists once its creation has succeeded. */
export function exists(query: Query): Verification {
  return { query, isMade: succeeded };
}

/** No object of this name: the query that succeeds for an existing one has failed. */
export function isAbsent(answer: Answer): boolean {
  return answer.kind === 'exited' && answer.exitCode !== 0;
}

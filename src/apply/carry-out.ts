import type { Diagnostic } from '../base/diagnostic.ts';
import { succeeded } from '../platform/process.ts';
import { explainPodmanFailure, podmanMessage } from '../podman/errors.ts';
import type { Command } from '../podman/operations/argument.ts';
import type { Operation } from '../podman/operations/operation.ts';
import { explainReport } from '../podman/operations/reports.ts';
import { commandOf, definitionOf, policyOf } from '../podman/operations/registry.ts';
import type { ExecuteContext } from './context.ts';
import { resolveArguments, runnableCommand } from './runnable-command.ts';

const NO_SECRETS = { reveal: () => undefined, redact: (text: string) => text };

/** Carries out an operation that needs no secret, as a part of another one or outside of a plan. Returns podman's error. */
export async function carryOut(
  operation: Operation,
  context: Pick<ExecuteContext, 'podman' | 'capabilities' | 'stop'>,
  what = `cannot ${definitionOf(operation).describe(operation)}`,
): Promise<Diagnostic | undefined> {
  const command = commandOf(operation, context.capabilities, context.podman.program);
  return runCommand(command, context, what, policyOf(operation).endedAlready);
}

/**
 * Runs a command of podman. Returns podman's error.
 * @param endedAlready an error that counts as a success
 */
export async function runCommand(
  command: Command,
  { podman, stop }: Pick<ExecuteContext, 'podman' | 'stop'>,
  what: string,
  endedAlready?: string,
): Promise<Diagnostic | undefined> {
  const args = await resolveArguments(command, { podman, stop });
  if (!args.ok) return explainPodmanFailure(args.error.stderr.split('\n'), what);
  const lines: string[] = [];
  const runnable = runnableCommand(command, args.value, { secrets: NO_SECRETS });
  const end = await podman.run(runnable, (line, stream) => {
    if (stream === 'stderr') lines.push(line);
  }).end;
  if (succeeded(end) || (endedAlready !== undefined && podmanMessage(lines).endsWith(endedAlready)))
    return undefined;
  const report = end.kind === 'exited' ? explainReport(end.exitCode, lines, what) : undefined;
  return report ?? explainPodmanFailure(lines, what);
}

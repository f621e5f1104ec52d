import { defined } from '../base/defined.ts';
import { failure, success, type Result } from '../base/result.ts';
import { succeeded } from '../platform/process.ts';
import type { Answer, RunnableCommand } from '../podman/client/client.ts';
import type { Argument, Command } from '../podman/operations/argument.ts';
import { inputBytes } from '../podman/operations/input.ts';
import type { ExecuteContext } from './context.ts';

/** The command with its input. The only place where secret values are revealed. */
export function runnableCommand(
  { program, input, api }: Command,
  args: readonly string[],
  { secrets }: ExecuteContext,
): RunnableCommand {
  const bytes = input === undefined ? undefined : inputBytes(input, secrets.reveal);
  return {
    program,
    args,
    ...defined({ input: bytes, api }),
  };
}

/**
 * Resolves arguments that are known only at run time, such as the path of a volume, by asking podman. Fails if podman
 * does not answer: the remaining part of a path inside a volume would be a path on the host.
 */
export async function resolveArguments(
  { args }: Command,
  context: ExecuteContext,
): Promise<Result<readonly string[], Answer>> {
  const resolved: string[] = [];
  for (const argument of args) {
    // Most are plain texts, of which a command has dozens.
    const word = typeof argument === 'string' ? success(argument) : await resolveArgument(argument, context);
    if (!word.ok) return word;
    resolved.push(word.value);
  }
  return success(resolved);
}

async function resolveArgument(argument: Argument, context: ExecuteContext): Promise<Result<string, Answer>> {
  if (typeof argument === 'string') return success(argument);
  const { before, ask, end = '' } = argument;
  const answer = await context.podman.query({ args: ask }, context.stop);
  if (!succeeded(answer)) return failure(answer);
  const after = await resolveArgument(argument.after, context);
  const said = answer.stdout.slice(0, answer.stdout.length - end.length);
  return after.ok ? success(`${before}${said}${after.value}`) : after;
}

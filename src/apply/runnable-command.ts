import { defined } from '../base/defined.ts';
import { failure, success, type Result } from '../base/result.ts';
import { succeeded } from '../platform/process.ts';
import type { Answer, RunnableCommand } from '../podman/client/client.ts';
import type { Argument, AskedArgument, Command, ValueOf } from '../podman/operations/argument.ts';
import { inputBytes } from '../podman/operations/input.ts';

import type { ExecuteContext } from './context.ts';

const EMPTY = new Uint8Array();

/**
 * The command with its input and its requests. The only place where secret values are revealed.
 * @param valueOf the texts of the arguments
 */
export function runnableCommand(
  { program, args, input, api, requests, isPull }: Command,
  valueOf: ValueOf,
  { secrets }: Pick<ExecuteContext, 'secrets'>,
): RunnableCommand {
  const bytes = input === undefined ? undefined : inputBytes(input, secrets.reveal);
  const stages = requests?.stages(valueOf, bytes ?? EMPTY);
  return {
    program,
    args: args.map(valueOf),
    ...defined({ input: bytes, api, stages, attached: requests?.attached, isPull }),
  };
}

/**
 * Resolves arguments that are known only at run time, such as the path of a volume, by asking podman. Fails if podman
 * does not answer: the remaining part of a path inside a volume would be a path on the host.
 * @returns the texts of all arguments of the command and its requests
 */
export async function resolveArguments(
  { args, requests }: Command,
  context: Pick<ExecuteContext, 'podman' | 'stop'>,
): Promise<Result<ValueOf, Answer>> {
  const answers = new Map<string, string>();
  for (const argument of [...args, ...(requests?.asked ?? [])]) {
    for (const { ask, end = '' } of askedIn(argument)) {
      const key = keyOf(ask);
      if (answers.has(key)) continue;
      const answer = await context.podman.query(ask, context.stop);
      if (!succeeded(answer)) return failure(answer);
      answers.set(key, answer.stdout.slice(0, answer.stdout.length - end.length));
    }
  }
  const answerTo = (ask: AskedArgument['ask']): string => {
    const answer = answers.get(keyOf(ask));
    if (answer === undefined) throw new Error(`not asked: podman ${ask.args.join(' ')}`);
    return answer;
  };
  const valueOf = (argument: Argument): string =>
    typeof argument === 'string'
      ? argument
      : `${argument.before}${answerTo(argument.ask)}${valueOf(argument.after)}`;
  return success(valueOf);
}

/** All queries of an argument, in order. Most arguments are plain texts. */
function askedIn(argument: Argument): readonly AskedArgument[] {
  return typeof argument === 'string' ? [] : [argument, ...askedIn(argument.after)];
}

function keyOf({ args }: AskedArgument['ask']): string {
  return args.join('\0');
}

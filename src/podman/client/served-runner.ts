import type {
  ProcessEnd,
  ProcessOutput,
  ProcessRunner,
  RunnerSettings,
  RunningProcess,
} from '../../platform/process.ts';
import {
  conversationOf,
  type Conversation,
  type ServiceAnswer,
  type ServiceRequest,
} from './conversation.ts';

/** A podman that stays and answers requests, where each command is a new one. */
export interface PodmanService {
  /** The command, without the program, that has started it; absent where an earlier run has. */
  readonly startedWith?: readonly string[];
  /** Whether it answers: it may still have to start. */
  readonly isThere: () => Promise<boolean>;
  /** Rejects where it is gone before it has answered. */
  readonly send: (request: ServiceRequest) => Promise<ServiceAnswer>;
  /** Waits for no answer any more, and asks nothing else. */
  readonly abandon: () => void;
}

/**
 * Has podman's service do what it can do of the commands, in a fraction of the time, and runs the others, and those that
 * it does not manage. A name that it has changed all the same before it was gone is then told not to be there any more,
 * for which a plan is made anew.
 * @param podman the program that the service stands for
 */
export function servedRunner(
  direct: ProcessRunner,
  podman: string,
  service: PodmanService,
  onCommand: RunnerSettings['onCommand'],
): ProcessRunner {
  const ask = async (
    args: readonly string[],
    { requests, outcome }: Conversation,
  ): Promise<(ProcessEnd & ProcessOutput) | undefined> => {
    if (!(await service.isThere())) return undefined;
    onCommand?.(podman, args);
    try {
      return outcome(await Promise.all(requests.map(service.send)));
    } catch {
      return undefined;
    }
  };
  return {
    query: async (program, args, cancel) => {
      const conversation = program === podman ? conversationOf(args) : undefined;
      cancel?.addEventListener('abort', service.abandon, { once: true });
      const answer = conversation === undefined ? undefined : await ask(args, conversation);
      cancel?.removeEventListener('abort', service.abandon);
      return answer ?? direct.query(program, args, cancel);
    },
    execute: (program, args, onLine, input) => {
      const conversation = program === podman && input === undefined ? conversationOf(args) : undefined;
      if (conversation === undefined) return direct.execute(program, args, onLine, input);
      let killed: 'SIGTERM' | 'SIGKILL' | undefined;
      let command: RunningProcess | undefined;
      const run = async (): Promise<ProcessEnd> => {
        const answer = await ask(args, conversation);
        if (killed !== undefined) return { kind: 'signalled', signal: killed };
        if (answer === undefined) {
          command = direct.execute(program, args, onLine);
          return command.end;
        }
        const { stdout: _, stderr: __, ...end } = answer;
        return end;
      };
      return {
        end: run(),
        kill: (signal) => {
          killed = signal;
          service.abandon();
          command?.kill(signal);
        },
      };
    },
    start: direct.start,
    read: direct.read,
  };
}

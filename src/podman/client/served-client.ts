import type { ProcessEnd, RunnerSettings, RunningProcess } from '../../platform/process.ts';
import type { PodmanService } from '../../platform/service.ts';
import type { ApiCall } from './api-call.ts';
import type { Answer, PodmanClient } from './client.ts';

/**
 * A client that asks podman's service what it can, in a fraction of the time of a command. The command is run where the
 * service is not there or does not give an answer. If it is gone after a rename and before it has answered, the command
 * fails with "no such container"; the caller takes that for a conflict and plans again.
 * @param onCommand is told the command that comes to the same as each request
 */
export function servedClient(
  direct: PodmanClient,
  service: PodmanService,
  onCommand: RunnerSettings['onCommand'],
): PodmanClient {
  const ask = async (
    args: readonly string[],
    { requests, outcome }: ApiCall,
  ): Promise<Answer | undefined> => {
    if (!(await service.isThere())) return undefined;
    onCommand?.(direct.program, args);
    try {
      return outcome(await Promise.all(requests.map(service.send)));
    } catch {
      return undefined;
    }
  };
  return {
    ...direct,
    query: async (query, cancel) => {
      if (query.api === undefined) return direct.query(query, cancel);
      cancel?.addEventListener('abort', service.abandon, { once: true });
      const answer = await ask(query.args, query.api);
      cancel?.removeEventListener('abort', service.abandon);
      return answer ?? direct.query(query, cancel);
    },
    run: (command, onLine) => {
      const { api, args } = command;
      if (api === undefined) return direct.run(command, onLine);
      let killed: 'SIGTERM' | 'SIGKILL' | undefined;
      let fallback: RunningProcess | undefined;
      const run = async (): Promise<ProcessEnd> => {
        const answer = await ask(args, api);
        if (killed !== undefined) return { kind: 'signalled', signal: killed };
        if (answer === undefined) {
          fallback = direct.run(command, onLine);
          return fallback.end;
        }
        const { stdout: _, stderr: __, ...end } = answer;
        return end;
      };
      return {
        end: run(),
        kill: (signal) => {
          killed = signal;
          service.abandon();
          fallback?.kill(signal);
        },
      };
    },
  };
}

import type { OnLine, ProcessEnd, RunningProcess } from '../../platform/process.ts';
import type { PodmanService } from '../../platform/service.ts';
import type { ApiCall } from './api-call.ts';
import type { PodmanClient, RunnableCommand } from './client.ts';
import { requestedCommand } from './requested-command.ts';
import { serviceLink, type ServedReports, type ServiceLink } from './service-link.ts';

/**
 * A client that sends requests to podman's service if possible: a request takes a fraction of the time of a command. If
 * the service rejects a query, the command runs and explains why; if it rejects a change, its error is that of the
 * command. A service that is missing, fails or answers unlike podman is not used again; commands run instead.
 * @param pulls whether the service reads the same credentials of registries as the command
 */
export function servedClient(
  direct: PodmanClient,
  service: PodmanService,
  reports?: ServedReports,
  pulls = true,
): PodmanClient {
  const silent = reports?.silent ?? direct;
  const link = serviceLink(service, reports?.onLost);
  const start = (command: RunnableCommand, onLine: OnLine, runs: 'run' | 'stream'): RunningProcess => {
    const { args, api, stages, isPull } = command;
    const isDirect = (api === undefined && stages === undefined) || (isPull === true && !pulls);
    if (isDirect) return direct[runs](command, onLine);
    const report = () => reports?.onCommand?.(direct.program, args);
    return begun(link, async (isUsable) => {
      if (!isUsable) return direct[runs](command, onLine);
      report();
      if (stages !== undefined) return requestedCommand({ ...command, stages }, onLine, link, silent);
      const end = api === undefined ? undefined : await answerOf(api, link);
      return end === undefined
        ? silent[runs](command, onLine)
        : { end: Promise.resolve(end), kill: () => undefined };
    });
  };
  return {
    ...direct,
    follow: async (query, onLine, stop) => {
      const following = (await link.isUsable()) ? await link.follow(query, onLine) : undefined;
      if (following === undefined) return direct.follow(query, onLine, stop);
      stop.addEventListener('abort', following.release, { once: true });
      if (stop.aborted) following.release();
      await following.ended;
      stop.removeEventListener('abort', following.release);
    },
    flush: service.flush,
    renew: async () => servedClient(direct, await service.reopen(), reports),
    query: async (query, cancel) => {
      const { api, args } = query;
      if (api === undefined) return direct.query(query, cancel);
      const isSent = await link.isUsable(cancel);
      if (isSent) reports?.onCommand?.(direct.program, args);
      const answer = isSent ? await link.ask(api, cancel) : undefined;
      return answer ?? (isSent ? silent : direct).query(query, cancel);
    },
    run: (command, onLine) => start(command, onLine, 'run'),
    stream: (command, onLine) => start(command, onLine, 'stream'),
  };
}

/** A command that begins when it is known whether the service is usable. */
function begun(
  link: ServiceLink,
  begin: (isUsable: boolean) => Promise<RunningProcess> | RunningProcess,
): RunningProcess {
  let killed: 'SIGTERM' | 'SIGKILL' | undefined;
  let running: RunningProcess | undefined;
  // A function, because the compiler assumes that the variable does not change during `await`.
  const killedBy = () => killed;
  const run = async (): Promise<ProcessEnd> => {
    const isUsable = await link.isUsable();
    const before = killedBy();
    if (before !== undefined) return { kind: 'signalled', signal: before };
    running = await begin(isUsable);
    const meanwhile = killedBy();
    if (meanwhile !== undefined) running.kill(meanwhile);
    return running.end;
  };
  return {
    end: run(),
    kill: (signal) => {
      killed = signal;
      if (running === undefined) link.abandon();
      else running.kill(signal);
    },
  };
}

async function answerOf(api: ApiCall, link: ServiceLink): Promise<ProcessEnd | undefined> {
  const answer = await link.ask(api);
  if (answer === undefined) return undefined;
  const { stdout: _, stderr: __, ...end } = answer;
  return end;
}

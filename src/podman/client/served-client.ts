import {
  succeeded,
  type ProcessEnd,
  type RunnerSettings,
  type RunningProcess,
} from '../../platform/process.ts';
import type { ApiRequest, ApiResponse, PodmanService } from '../../platform/service.ts';
import type { ApiCall } from './api-call.ts';
import { errorLine, isMade } from './api-change.ts';
import type { Answer, ApiChange, ChangeStage, PodmanClient, RunnableCommand } from './client.ts';

/** Reports for `--verbose`. */
export interface ServedReports {
  /** Receives the equivalent command just before each request. */
  readonly onCommand: RunnerSettings['onCommand'];
  /** Receives once the reason for using commands from now on, as a clause without a full stop. */
  readonly onLost: (reason: string) => void;
  /** The client without `--verbose`, for a command that was already reported with its request. */
  readonly silent: PodmanClient;
}

/**
 * A client that sends requests to podman's service if possible: a request takes a fraction of the time of a command. If
 * the service rejects a request, the command runs and explains why. A service that is missing, fails or answers unlike
 * podman is not used again; commands run instead. If it fails between a rename and its answer, the command fails with
 * "no such container"; the caller treats that as a conflict and plans again.
 */
export function servedClient(
  direct: PodmanClient,
  service: PodmanService,
  reports?: ServedReports,
): PodmanClient {
  const silent = reports?.silent ?? direct;
  let isLost = false;
  let isAbandoned = false;
  const abandon = () => {
    isAbandoned = true;
    service.abandon();
  };
  const lose = (reason: string) => {
    if (!isLost && !isAbandoned) reports?.onLost(reason);
    isLost = true;
  };
  /** Whether the service is usable. */
  const isUsable = async () => {
    if (isLost || isAbandoned) return false;
    const isThere = await service.isThere();
    if (!isThere) lose(service.fault ?? "podman's service is not running");
    return isThere && !isLost;
  };
  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    try {
      return await service.send(request);
    } catch (error) {
      lose(
        `podman's service did not answer ${nameOf(request)} (${error instanceof Error ? error.message : String(error)})`,
      );
      throw error;
    }
  };
  /** The answer; undefined if the command must run. */
  const ask = async ({ requests, outcome }: ApiCall): Promise<Answer | undefined> => {
    let responses: readonly ApiResponse[];
    try {
      responses = await Promise.all(requests.map(send));
    } catch {
      return undefined;
    }
    const names = [...new Set(requests.map(nameOf))].join(', ');
    const reason = responses.map(faultOf).find((fault) => fault !== undefined);
    if (reason !== undefined) {
      lose(`podman's service answered ${names} ${reason}`);
      return undefined;
    }
    try {
      return outcome(responses);
    } catch {
      lose(`podman's service answered ${names} with unexpected JSON`);
      return undefined;
    }
  };
  /** The response to a request that makes a change; undefined if it is not known whether the change was made. */
  const answerTo = async (request: ApiRequest): Promise<ApiResponse | undefined> => {
    try {
      const response = await send(request);
      if (response.version !== '' || request.endsAtLimit === true) return response;
      lose(`podman's service answered ${nameOf(request)} unlike podman`);
    } catch {
      // `send` has reported it.
    }
    return undefined;
  };
  return {
    ...direct,
    query: async (query, cancel) => {
      const { api, args } = query;
      if (api === undefined) return direct.query(query, cancel);
      cancel?.addEventListener('abort', abandon, { once: true });
      const isSent = await isUsable();
      if (isSent) reports?.onCommand?.(direct.program, args);
      const answer = isSent ? await ask(api) : undefined;
      cancel?.removeEventListener('abort', abandon);
      return answer ?? (isSent ? silent : direct).query(query, cancel);
    },
    run: (command, onLine) => {
      const { api, args, stages } = command;
      if (api === undefined && stages === undefined) return direct.run(command, onLine);
      let killed: 'SIGTERM' | 'SIGKILL' | undefined;
      const commands = new Set<RunningProcess>();
      const runDirectly = async (client: PodmanClient, direct: RunnableCommand): Promise<ProcessEnd> => {
        if (killed !== undefined) return { kind: 'signalled', signal: killed };
        const child = client.run(direct, onLine);
        commands.add(child);
        const end = await child.end;
        commands.delete(child);
        return end;
      };
      /** Makes one change, by request if possible. */
      const make = async (change: ApiChange): Promise<ProcessEnd> => {
        const isSent = await isUsable();
        const response = isSent ? await answerTo(change.request) : undefined;
        if (killed !== undefined) return { kind: 'signalled', signal: killed };
        if (response !== undefined && isMade(change, response)) return SUCCESS;
        if (response !== undefined && change.runsCommandFor?.(response) !== true) {
          onLine(errorLine(response), 'stderr');
          return PODMAN_ERROR;
        }
        // The service may have made the change before it was lost.
        const { query, isMade: isDone } = change.verify;
        if (isSent && response === undefined && isDone(await silent.query(query))) return SUCCESS;
        return runDirectly(silent, change.command);
      };
      const run = async (): Promise<ProcessEnd> => {
        if (!(await isUsable())) return runDirectly(direct, command);
        reports?.onCommand?.(direct.program, args);
        if (stages !== undefined) return makeAll(stages, make);
        const answer = api === undefined ? undefined : await ask(api);
        if (answer === undefined || killed !== undefined) return runDirectly(silent, command);
        const { stdout: _, stderr: __, ...end } = answer;
        return end;
      };
      return {
        end: run(),
        kill: (signal) => {
          killed = signal;
          abandon();
          for (const child of commands) child.kill(signal);
        },
      };
    },
  };
}

const SUCCESS: ProcessEnd = { kind: 'exited', exitCode: 0 };

/** The exit code of podman for its own errors (podman-run(1), Exit Status). */
const PODMAN_ERROR: ProcessEnd = { kind: 'exited', exitCode: 125 };

/** Makes the changes of each stage at the same time. After a failure, the next stage does not begin. */
async function makeAll(
  stages: readonly ChangeStage[],
  make: (change: ApiChange) => Promise<ProcessEnd>,
): Promise<ProcessEnd> {
  for (const stage of stages) {
    const ends = await Promise.all(stage.map(make));
    const failed = ends.find((end) => !succeeded(end));
    if (failed !== undefined) return failed;
  }
  return SUCCESS;
}

/** A request without its parameters: `GET /containers/json`. */
function nameOf({ method, path }: ApiRequest): string {
  return `${method} ${path.replace(/\?.*$/s, '')}`;
}

/**
 * Why a response is not valid; undefined if it is. podman sends its version in the header of every response, errors
 * included (APIHandler in pkg/api/server/handler_api.go).
 */
function faultOf({ status, version }: ApiResponse): string | undefined {
  if (version === '') return 'unlike podman';
  return status >= 500 ? `with status ${status}` : undefined;
}

import type { ProcessEnd, RunnerSettings, RunningProcess } from '../../platform/process.ts';
import type { ApiRequest, ApiResponse, PodmanService } from '../../platform/service.ts';
import type { ApiCall } from './api-call.ts';
import type { Answer, PodmanClient } from './client.ts';

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
      const { api, args } = command;
      if (api === undefined) return direct.run(command, onLine);
      let killed: 'SIGTERM' | 'SIGKILL' | undefined;
      let fallback: RunningProcess | undefined;
      const runDirectly = (client: PodmanClient) => {
        if (killed !== undefined) return { kind: 'signalled', signal: killed } as const;
        fallback = client.run(command, onLine);
        return fallback.end;
      };
      const run = async (): Promise<ProcessEnd> => {
        if (!(await isUsable())) return runDirectly(direct);
        reports?.onCommand?.(direct.program, args);
        const answer = await ask(api);
        if (answer === undefined || killed !== undefined) return runDirectly(silent);
        const { stdout: _, stderr: __, ...end } = answer;
        return end;
      };
      return {
        end: run(),
        kill: (signal) => {
          killed = signal;
          abandon();
          fallback?.kill(signal);
        },
      };
    },
  };
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

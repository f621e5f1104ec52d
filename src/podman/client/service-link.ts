import type { OnLine, RunnerSettings } from '../../platform/process.ts';
import type { ApiRequest, ApiResponse, Attachment, PodmanService } from '../../platform/service.ts';
import type { ApiCall } from './api-call.ts';
import type { Answer, AttachedRun, Followed, PodmanClient } from './client.ts';

/** Reports for `--verbose`. */
export interface ServedReports {
  /** Receives the equivalent command just before each request. */
  readonly onCommand: RunnerSettings['onCommand'];
  /** Receives once the reason for using commands from now on, as a clause without a full stop. */
  readonly onLost: (reason: string) => void;
  /** The client without `--verbose`, for a command that was already reported with its request. */
  readonly silent: PodmanClient;
}

/** The service, as long as it is trusted: one that is missing, fails or answers unlike podman is not used again. */
export interface ServiceLink {
  /** @param cancel aborts the start of the service */
  readonly isUsable: (cancel?: AbortSignal) => Promise<boolean>;
  /** The answer to a query; undefined if the command must run. */
  readonly ask: (call: ApiCall, cancel?: AbortSignal) => Promise<Answer | undefined>;
  /**
   * The response to a request that makes a change; undefined if it is not known whether the change was made.
   * @param onText receives the parts of the body as they arrive
   */
  readonly change: (request: ApiRequest, onText?: (text: string) => void) => Promise<ApiResponse | undefined>;
  /** Attaches to a container; undefined if the command must run. */
  readonly attach: (attached: AttachedRun, onLine: OnLine) => Promise<Attachment | undefined>;
  /** Follows an answer; undefined if podman cannot. */
  readonly follow: (query: Followed, onLine: (line: string) => void) => Promise<Attachment | undefined>;
  /** Aborts all requests and sends no more. */
  readonly abandon: () => void;
}

export function serviceLink(service: PodmanService, onLost?: ServedReports['onLost']): ServiceLink {
  let isLost = false;
  let isAbandoned = false;
  const abandon = () => {
    isAbandoned = true;
    service.abandon();
  };
  const lose = (reason: string) => {
    if (!isLost && !isAbandoned) onLost?.(reason);
    isLost = true;
  };
  const send = async (
    request: ApiRequest,
    cancel?: AbortSignal,
    onText?: (text: string) => void,
  ): Promise<ApiResponse> => {
    try {
      return await service.send(request, cancel, onText);
    } catch (error) {
      if (cancel?.aborted !== true)
        lose(`podman's service did not answer ${nameOf(request)} (${messageOf(error)})`);
      throw error;
    }
  };
  return {
    isUsable: async (cancel) => {
      if (isLost || isAbandoned) return false;
      cancel?.addEventListener('abort', abandon, { once: true });
      const isThere = await service.isThere();
      cancel?.removeEventListener('abort', abandon);
      if (!isThere) lose(service.fault ?? "podman's service is not running");
      return isThere && !isLost;
    },
    ask: async ({ requests, outcome }, cancel) => {
      let responses: readonly ApiResponse[];
      try {
        responses = await Promise.all(requests.map((request) => send(request, cancel)));
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
    },
    change: async (request, onText) => {
      try {
        const response = await send(request, undefined, onText);
        if (response.version !== '' || request.endsAtLimit === true) return response;
        lose(`podman's service answered ${nameOf(request)} unlike podman`);
      } catch {
        // `send` has reported it.
      }
      return undefined;
    },
    attach: async ({ name, mode }, onLine) => {
      try {
        return await service.attach(name, mode, onLine);
      } catch (error) {
        lose(`podman's service did not attach to ${name} (${messageOf(error)})`);
        return undefined;
      }
    },
    follow: async ({ path }, onLine) => {
      try {
        return await service.follow(path, onLine);
      } catch (error) {
        lose(`podman's service did not answer GET ${path.replace(/\?.*$/s, '')} (${messageOf(error)})`);
        return undefined;
      }
    },
    abandon,
  };
}

/** A request without its parameters: `GET /containers/json`. */
function nameOf({ method, path }: ApiRequest): string {
  return `${method} ${path.replace(/\?.*$/s, '')}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Why a response is not valid; undefined if it is. podman sends its version in the header of every response, errors
 * included (APIHandler in pkg/api/server/handler_api.go).
 */
function faultOf({ status, version }: ApiResponse): string | undefined {
  if (version === '') return 'unlike podman';
  return status >= 500 ? `with status ${status}` : undefined;
}

/** A request to an HTTP API at a socket. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** A JSON text, or the bytes of a secret. */
  readonly body?: string | Uint8Array;
  /** The time limit for the response in seconds. Without it, the limit for a query applies. */
  readonly limitSeconds?: number;
  /** The response at the time limit is `TIME_LIMIT_REACHED`: the service waits on purpose. By default, it has failed. */
  readonly endsAtLimit?: true;
}

/** The status of a request that was ended at its time limit on purpose: 408, Request Timeout. */
export const TIME_LIMIT_REACHED = 408;

export interface ApiResponse {
  readonly status: number;
  /** The version in the response header, such as `4.3.1`; empty for a response that did not come from the service. */
  readonly version: string;
  readonly body: string;
}

/** A running `podman system service`, which answers requests. Each command, in contrast, is a new process. */
export interface PodmanService {
  /** The arguments that started it; absent if an earlier run has started it. */
  readonly startedWith?: readonly string[];
  /** Why the service is not used, as a clause; absent if its socket is usable. */
  readonly fault?: string;
  /** Whether the service answers. It may still be starting. */
  readonly isThere: () => Promise<boolean>;
  /** Rejects if the service ends before it has answered. */
  readonly send: (request: ApiRequest) => Promise<ApiResponse>;
  /** Aborts all requests and sends no more. */
  readonly abandon: () => void;
}

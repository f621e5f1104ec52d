/** A request to an HTTP API at a socket. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

export interface ApiResponse {
  readonly status: number;
  /** The version in the response header, such as `4.3.1`. */
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

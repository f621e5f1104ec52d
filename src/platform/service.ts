/** A request to the HTTP API of a service at a socket. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

export interface ApiResponse {
  readonly status: number;
  /** The version that the service says it has, such as `4.3.1`. */
  readonly version: string;
  readonly body: string;
}

/** A podman that runs as a service and answers requests, where each command is a new process. */
export interface PodmanService {
  /** The command, without the program, that has started it; absent where an earlier run has. */
  readonly startedWith?: readonly string[];
  /** Why it is not used, as a clause; absent where nothing was wrong with its socket. */
  readonly fault?: string;
  /** Whether it answers: it may still have to start. */
  readonly isThere: () => Promise<boolean>;
  /** Rejects where it is gone before it has answered. */
  readonly send: (request: ApiRequest) => Promise<ApiResponse>;
  /** Waits for no answer any more, and asks nothing else. */
  readonly abandon: () => void;
}

import type { OnLine } from './process.ts';

/** A request to an HTTP API at a socket. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** A JSON text, or the bytes of a secret. */
  readonly body?: string | Uint8Array;
  /** The time limit for the response in seconds. Without it, the limit for a query applies. */
  readonly limitSeconds?: number;
  /** The service may be silent for longer: at the time limit, it must answer a ping. For a response that arrives in parts. */
  readonly mayBeSilent?: true;
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

/** The output of a container. */
export interface Attachment {
  /** Resolves when the container has closed its output; rejects if the connection breaks. */
  readonly ended: Promise<void>;
  /** Ends the attachment. The container is not affected. */
  readonly release: () => void;
}

/** How a container uses its streams. */
export interface AttachMode {
  /** Whether it has a terminal, whose output is one stream. */
  readonly isTerminal: boolean;
  /** Whether it reads standard input, which is empty. */
  readonly readsInput: boolean;
}

/** A running `podman system service`, which answers requests. Each command, in contrast, is a new process. */
export interface PodmanService {
  /** The arguments that started it; absent if an earlier run has started it. */
  readonly startedWith?: readonly string[];
  /** Why the service is not used, as a clause; absent if its socket is usable. */
  readonly fault?: string;
  /** Whether the service answers. It may still be starting. */
  readonly isThere: () => Promise<boolean>;
  /**
   * Rejects if the service ends before it has answered.
   * @param cancel aborts the request
   * @param onText receives the parts of the body as they arrive
   */
  readonly send: (
    request: ApiRequest,
    cancel?: AbortSignal,
    onText?: (text: string) => void,
  ) => Promise<ApiResponse>;
  /**
   * Attaches to the output of a container before it starts. Resolves when podman has attached; undefined if podman refuses,
   * for example because the container cannot be started. Rejects if the service does not answer.
   * @param onLine receives each line as it is printed
   */
  readonly attach: (container: string, mode: AttachMode, onLine: OnLine) => Promise<Attachment | undefined>;
  /**
   * Follows a response that does not end, such as that of podman's events. Resolves when it has begun.
   * @param onLine receives each line
   */
  readonly follow: (path: string, onLine: (line: string) => void) => Promise<Attachment>;
  /** Resolves when the requests so far have left this process; those to a service that is starting stay. */
  readonly flush: () => Promise<void>;
  /** Aborts all requests and sends no more. */
  readonly abandon: () => void;
  /** The service at the same socket, started again if it has ended. */
  readonly reopen: () => Promise<PodmanService>;
}

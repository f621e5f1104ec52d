import type { Result } from '../base/result.ts';

/** Sockets by which podpose processes of one user talk to each other: one line of request, one line of response. */
export interface LocalSockets {
  /**
   * Listens at a socket. Its name belongs to the holder of a lock: a socket that another process has left is replaced.
   * Fails if this machine has no suitable directory.
   * @param answer gives the response to a request
   */
  readonly serve: (name: string, answer: (request: string) => string) => Promise<Result<LocalServer>>;
  /** The response of the process that listens at the socket; undefined if there is none within the time limit. */
  readonly ask: (name: string, request: string, milliseconds: number) => Promise<string | undefined>;
}

export interface LocalServer {
  /** Stops listening and removes the socket. */
  readonly close: () => void;
}

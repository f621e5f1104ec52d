/**
 * Connections that probes and hooks make. Requests and answers are plain data, so that a process in another network
 * namespace can make them. A connection that fails is a value; nothing rejects.
 */
export interface Network {
  /** Opens a TCP connection and closes it. */
  readonly connect: (address: NetworkAddress, limit: NetworkLimit) => Promise<ConnectAnswer>;
  /** Sends an HTTP/1.1 GET without following redirects. Certificates are not verified. */
  readonly get: (request: HttpRequest, limit: NetworkLimit) => Promise<HttpAnswer>;
  /** Makes a unary gRPC call over HTTP/2 without TLS. */
  readonly callGrpc: (request: GrpcRequest, limit: NetworkLimit) => Promise<GrpcAnswer>;
}

export interface NetworkAddress {
  /** An IP address or a host name. */
  readonly host: string;
  readonly port: number;
}

export interface NetworkLimit {
  /** For the whole exchange. */
  readonly milliseconds: number;
  /** Ends the exchange, as the time limit does. */
  readonly cancel: AbortSignal;
}

export type NetworkFailure =
  | { readonly kind: 'timed-out' }
  /** As in `connection refused`. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** The request was for TLS, and the server answered without. */
      readonly isNotTls?: true;
    };

export type ConnectAnswer = { readonly kind: 'connected' } | NetworkFailure;

export interface HttpRequest extends NetworkAddress {
  readonly scheme: 'http' | 'https';
  /** With the query: `/healthz?full=1`. */
  readonly path: string;
  /** Names may repeat. Nothing is added but `Host`, if it is missing. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly location?: string;
      /** The beginning of the body, at most `BODY_BYTES`. */
      readonly body: string;
    }
  /** The status came, and the beginning of the body did not. */
  | { readonly kind: 'broken-off'; readonly status: number; readonly failure: NetworkFailure }
  | NetworkFailure;

/** How much of a body is read, as in the kubelet (maxRespBodyLength in pkg/probe/http). */
export const BODY_BYTES = 10 * 1024;

export interface GrpcRequest extends NetworkAddress {
  /** As in `/grpc.health.v1.Health/Check`. */
  readonly path: string;
  readonly userAgent: string;
  /** The message in protobuf, without the prefix of gRPC. */
  readonly message: Uint8Array;
}

export type GrpcAnswer =
  | {
      readonly kind: 'answered';
      /** The status of gRPC: 0 is OK, 12 is UNIMPLEMENTED. */
      readonly status: number;
      readonly statusMessage: string;
      /** Empty without a message; at most `BODY_BYTES`. */
      readonly message: Uint8Array;
    }
  /** Connected, and no response within the time limit. */
  | { readonly kind: 'unanswered' }
  | NetworkFailure;

/** A network in another process. */
export interface RemoteNetwork {
  /** Once the process has ended, everything fails. */
  readonly network: Network;
  readonly isOpen: () => boolean;
  /** Ends its connections, too. */
  readonly close: () => void;
  /** Lets its connections end first. */
  readonly closeWhenUnused: () => void;
}

import type { ApiRequest, ApiResponse } from '../../platform/service.ts';
import type { ProcessEnd, ProcessOutput } from '../../platform/process.ts';

/** The requests that are equivalent to a command: https://docs.podman.io/en/latest/_static/api.html */
export interface ApiCall {
  readonly requests: readonly ApiRequest[];
  /** What the command would have printed; undefined if the command must run, for example to report an error itself. */
  readonly outcome: (responses: readonly ApiResponse[]) => (ProcessEnd & ProcessOutput) | undefined;
}

/**
 * A call with one request.
 * @param print what the command would have printed; undefined if the response is not sufficient
 */
export function apiCall(
  request: ApiRequest,
  print: (response: ApiResponse) => string | undefined = () => '',
): ApiCall {
  return {
    requests: [request],
    outcome: ([response]) => {
      const stdout = response !== undefined && isSuccess(response) ? print(response) : undefined;
      return stdout === undefined ? undefined : { kind: 'exited', exitCode: 0, stdout, stderr: '' };
    },
  };
}

export function get(path: string): ApiRequest {
  return { method: 'GET', path };
}

export function post(path: string): ApiRequest {
  return { method: 'POST', path };
}

/** A name as one segment of a URL path. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}

/**
 * A body that is a JSON array, or `null` for an empty one. A long list is parsed only once, by its reader: the first and
 * the last character tell it from anything else.
 * @throws for anything else: the service is then not podman
 */
export function listOf(response: ApiResponse): string {
  const body = bodyOf(response);
  if (body !== 'null' && !(body.startsWith('[') && body.endsWith(']'))) throw new TypeError('not a list');
  return body;
}

/**
 * A body that is a JSON object with these members.
 * @throws for anything else
 */
export function objectOf(
  { body }: ApiResponse,
  ...members: readonly string[]
): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(body);
  if (!isRecord(value) || !members.every((member) => member in value)) throw new TypeError('not the object');
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bodyOf({ body }: ApiResponse): string {
  return body.trimEnd();
}

export function isSuccess({ status }: ApiResponse): boolean {
  return status >= 200 && status < 300;
}

export function isNotFound({ status }: ApiResponse): boolean {
  return status === 404;
}

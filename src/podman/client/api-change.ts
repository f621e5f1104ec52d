import type { ApiResponse } from '../../platform/service.ts';
import { isSuccess } from './api-call.ts';
import type { ApiChange } from './client.ts';

/** Whether the response reports success. Status 304 means that the object has the wanted state already. */
export function isMade(change: ApiChange, response: ApiResponse): boolean {
  const { accepts = [], rejects = [] } = change;
  if (rejects.includes(response.status) || errorWithin(change, response) !== undefined) return false;
  return isSuccess(response) || response.status === 304 || accepts.includes(response.status);
}

/**
 * podman's error as the command prints it. The body of an error is `{"cause", "message", "response"}` (ErrorModel in
 * pkg/errorhandling/errorhandling.go).
 */
export function errorLine(change: ApiChange, response: ApiResponse): string {
  const { status, body } = response;
  const message = errorWithin(change, response) ?? messageIn(body);
  return `Error: ${message ?? `podman's service answered with status ${status}`}`;
}

function errorWithin({ progress }: ApiChange, response: ApiResponse): string | undefined {
  return isSuccess(response) ? progress?.errorIn(response.body) : undefined;
}

function messageIn(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' &&
      value !== null &&
      'message' in value &&
      typeof value.message === 'string'
      ? value.message
      : undefined;
  } catch {
    return undefined;
  }
}

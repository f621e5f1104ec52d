import { succeeded, type OnLine } from '../../../platform/process.ts';
import { post } from '../../client/api-call.ts';
import type { ApiChange } from '../../client/client.ts';
import { askImageId } from '../../client/queries.ts';
import { CHANGE_SECONDS } from './requests.ts';

/**
 * `podman pull`. A pull may take hours, and is silent while a large layer arrives.
 * @param presentId podman's ID of the image that has the name before the pull
 */
export function pullChange(image: string, presentId?: string): ApiChange {
  return {
    request: {
      ...post(`/images/pull?reference=${encodeURIComponent(image)}&policy=always`),
      limitSeconds: CHANGE_SECONDS,
      mayBeSilent: true,
    },
    command: { program: 'podman', args: ['pull', image] },
    // The image that was present before does not show whether the registry has a newer one.
    verify: {
      query: askImageId(image),
      isMade: (answer) => succeeded(answer) && answer.stdout.trim() !== presentId,
    },
    progress: { reader: pullReader, errorIn },
    errorIfLost: "podman's service ended during the pull. Run podpose again to pull the image.",
    // A name with another transport than a registry.
    runsCommandFor: ({ status }) => status === 400,
  };
}

/** A line of the response is an ImagePullReport (pkg/domain/entities/types/images.go of podman). */
interface PullReport {
  readonly stream?: unknown;
  readonly error?: unknown;
  readonly id?: unknown;
}

/** As the command: progress to standard error, the ID of the image to standard output. */
function pullReader(onLine: OnLine): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const { stream, id } of lines.map(reportOf)) {
      if (typeof stream === 'string')
        for (const line of stream.split('\n')) if (line !== '') onLine(line, 'stderr');
      if (typeof id === 'string' && id !== '') onLine(id, 'stdout');
    }
  };
}

/** The error of the last report. A response without an ID is incomplete. */
function errorIn(body: string): string | undefined {
  const { error, id } = reportOf(body.trimEnd().split('\n').at(-1) ?? '');
  if (typeof error === 'string' && error !== '') return error;
  return typeof id === 'string' && id !== '' ? undefined : "podman's service did not finish the pull";
}

function reportOf(line: string): PullReport {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
